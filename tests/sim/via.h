// What a simulated client speaks.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace tern::sim {

enum class Via : std::uint8_t {
  kTern,
  kTernJson,
  kGeeGob,
  kGeeJson,
  kGeeGobHttp,
  kNetRpc,
  kNetRpcHttp,
  kJsonRpc,
  kJsonRpc2,
  kJsonRpc2Http,
  kConnect,
  kConnectProto,
  kGrpcWeb,
  // Over HTTP/2: the last, since the fuzzers of sessions do not speak it.
  kGrpc,
  kConnectH2,
  kCount
};

// "tern", "netrpc+http", …
std::string_view via_name(Via via) noexcept;
std::optional<Via> via_of(std::string_view name) noexcept;

// Whether a server can say in it that it stops and has not run a call. The others have the text of
// an error alone, or close the connection behind an answer.
bool via_says_going_away(Via via) noexcept;

// The same of a stream that has begun: whether its end says that the handler has run.
bool via_says_streams_ran(Via via) noexcept;

// Whether a call can say in it who makes it.
bool via_has_metadata(Via via) noexcept;

// Which streams it has: none; those of servers; those in one direction; all.
enum class ViaStreams : std::uint8_t { kNone, kOfServers, kOneDirection, kAll };
ViaStreams via_streams(Via via) noexcept;

// For ClientOptions::codec.
std::string_view via_codec(Via via) noexcept;
// Of the host `name`, as Endpoint has addresses.
std::string via_address(Via via, std::string_view name);

}  // namespace tern::sim
