// Addresses as people write them: "tcp@127.0.0.1:7000", "unix@/run/arith.sock",
// "netrpc+http@10.0.0.1:1234", "tls@arith.example:7000".
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "tern/result.h"

namespace tern {

// Where a server listens or a client connects, and what the client is to speak there.
struct Endpoint {
  enum class Transport : std::uint8_t {
    kTcp,      // "tcp@host:port"
    kUnix,     // "unix@path"
    kHttp,     // "http@host:port[/path]": TCP, with HTTP's CONNECT before the first byte
    kTls,      // "tls@host:port": TLS over TCP (tern/credentials.h)
    kHttps,    // "https@host:port[/path]": as "http", over TLS
    kTlsOrTcp  // "tls-or-tcp@host:port", of a server that listens: either, by the first byte
  };
  // What a client speaks. A server detects the protocol by itself.
  enum class Protocol : std::uint8_t {
    kOption,     // none is named: the handshake, whose codec decides
    kNetRpc,     // "netrpc+": Go's net/rpc
    kJsonRpc,    // "jsonrpc+": JSON-RPC 1.0, as Go's net/rpc/jsonrpc has it
    kJsonRpc2,   // "jsonrpc2+": JSON-RPC 2.0; over "http" by POST
    kConnect,    // "connect+http", "connect+https": Connect over HTTP/1.1, in JSON or protobuf
    kConnectH2,  // "connect-h2+": the same over HTTP/2, with prior knowledge or, over TLS, ALPN
    kGrpc,       // "grpc+": gRPC over HTTP/2, likewise
    kGrpcWeb,    // "grpc-web+http", "grpc-web+https": gRPC-Web over HTTP/1.1
    kFrames      // no name: our frames on a connection whose handshake is done (tern/duplex.h)
  };

  Endpoint() = default;

  Protocol protocol = Protocol::kOption;
  Transport transport = Transport::kTcp;
  std::string host;        // name or number without brackets; "" listens on every address
  std::uint16_t port = 0;  // 0 lets the system choose when listening
  std::string path;        // of a Unix socket; over HTTP "/…", or "" for the protocol's own

  // Whether it needs credentials: "tls", "https" and "tls-or-tcp".
  bool over_tls() const noexcept {
    return transport == Transport::kTls || transport == Transport::kHttps ||
           transport == Transport::kTlsOrTcp;
  }
  // Whether it begins with HTTP: "http" and "https".
  bool over_http() const noexcept {
    return transport == Transport::kHttp || transport == Transport::kHttps;
  }

  // As parse_endpoint reads it: "tcp@[::1]:7000".
  std::string to_string() const;
  bool operator==(const Endpoint&) const = default;
};

// "[protocol+]transport@where"; kInvalidArgument says what was expected and what came.
Result<Endpoint> parse_endpoint(std::string_view text);

}  // namespace tern
