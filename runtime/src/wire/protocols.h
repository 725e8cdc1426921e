// All protocols that a connection can speak, in one table.
#pragma once

#include <memory>
#include <span>
#include <string_view>

#include "tern/buffer.h"
#include "tern/endpoint.h"
#include "tern/protocols.h"
#include "tern/status.h"
#include "wire/first_bytes.h"

namespace tern::wire {

class ServerProtocol;
struct ServerSetup;
struct ClientSetup;
struct ClientPreface;

// The name of HTTP/1 in ALPN: also for what begins with CONNECT.
constexpr std::string_view kAlpnOfHttp1 = "http/1.1";

// Where HTTP's CONNECT leads to a protocol, and what a server says when it has switched to it.
// Clients compare the text to the letter.
struct HttpConnectPath {
  std::string_view path;
  std::string_view status;  // "200 Connected to Go RPC"
};

// A row. What is null or empty, the protocol does not have.
struct Protocol {
  // An Option with any codec leads here, unless another row has that one.
  static constexpr std::string_view kAnyCodec = "*";

  std::string_view name;  // for people
  // What a server can switch off.
  bool Protocols::*allowed = nullptr;

  // --- How a server recognises it ---

  // By the first bytes of a connection.
  FirstBytes (*begins)(ByteView in) noexcept = nullptr;
  // With `begins`: whether what stands before the first request is in `in`, or enough of it to see
  // a fault. Null: nothing stands there.
  bool (*preface_is_there)(ByteView in) = nullptr;
  // By the codec that an Option names.
  std::string_view option_codec = {};
  // By the path of a CONNECT. Rows that an Option leads to share theirs: it comes next. A client
  // takes the first one, unless its address has a path.
  std::span<const HttpConnectPath> connect_paths = {};

  // --- How a client asks for it ---

  // What addresses name it; the prefixes are in base/address_protocols.h. Without a prefix an
  // address means an Option, with the codec that the client has.
  std::span<const Endpoint::Protocol> addresses = {};
  // Its name in ALPN, over TLS; and whether its servers refuse connections that name none.
  std::string_view alpn = {};
  bool needs_alpn = false;

  // --- The two sides: the server's is there in every row, the client's where an address leads ---

  std::unique_ptr<ServerProtocol> (*serve)(const ServerSetup& setup) = nullptr;
  Status (*call)(const ClientSetup& setup, ClientPreface& preface) = nullptr;
};

// In the order in which first bytes are compared.
std::span<const Protocol> protocols() noexcept;

// What an address stands for; `codec` is the client's.
const Protocol& protocol_of_address(Endpoint::Protocol address, std::string_view codec) noexcept;
// What a client offers by ALPN that speaks this at an address of TLS; "": nothing.
std::string_view application_protocol(const Protocol& protocol, const Endpoint& endpoint) noexcept;
// What follows an Option that names this codec.
const Protocol& protocol_of_option(std::string_view codec) noexcept;
// What is at a path of CONNECT in this row; null: nothing.
const HttpConnectPath* find_connect_path(const Protocol& protocol, std::string_view path) noexcept;
// Whether CONNECT to this path leads anywhere.
bool is_connect_path(std::string_view path) noexcept;

}  // namespace tern::wire
