#include "wire/protocols.h"

#include <algorithm>
#include <array>

#include "wire/gee/protocol.h"
#include "wire/go/protocol.h"
#include "wire/handshake.h"
#include "wire/json_rpc/protocol.h"
#include "wire/native/protocol.h"
#include "wire/over_http/protocol.h"
#include "wire/over_http2/protocol.h"

namespace tern::wire {

namespace {

using Address = Endpoint::Protocol;

constexpr std::array kFramesAddresses = {Address::kFrames};
constexpr std::array kNetRpcAddresses = {Address::kNetRpc};
constexpr std::array kJsonRpcAddresses = {Address::kJsonRpc, Address::kJsonRpc2};
constexpr std::array kHttpAddresses = {Address::kConnect, Address::kGrpcWeb};
constexpr std::array kHttp2Addresses = {Address::kGrpc, Address::kConnectH2};

constexpr std::array<HttpConnectPath, 1> kNetRpcPaths = {{{"/_goRPC_", "200 Connected to Go RPC"}}};
constexpr std::array<HttpConnectPath, 3> kOptionPaths = {{
    {"/_geeprc_", "200 Connected to Gee RPC"},  // as GeeRPC spells it
    {"/_geerpc_", "200 Connected to Gee RPC"},
    {"/_myrpc_", "200 Connected to MyRPC"},
}};

constexpr std::array<Protocol, 7> kProtocols = {{
    {
        .name = "net/rpc",
        .allowed = &Protocols::netrpc,
        .begins = go::begins_net_rpc,
        .connect_paths = kNetRpcPaths,
        .addresses = kNetRpcAddresses,
        .serve = go::serve_net_rpc,
        .call = go::call_net_rpc,
    },
    {
        .name = "JSON-RPC",
        .allowed = &Protocols::jsonrpc,
        .begins = json_rpc::begins_json_rpc,
        .addresses = kJsonRpcAddresses,
        .serve = json_rpc::serve_json_rpc,
        .call = json_rpc::call_json_rpc,
    },
    {
        // Also JSON-RPC by POST, and what is no call. HTTP looks for itself what is accepted.
        .name = "http",
        .begins = over_http::begins_http,
        .preface_is_there = over_http::http_head_is_there,
        .addresses = kHttpAddresses,
        .alpn = kAlpnOfHttp1,
        .serve = over_http::serve_http,
        .call = over_http::call_http,
    },
    {
        // gRPC, and what HTTP/1 carries; it looks for itself what is accepted.
        .name = "HTTP/2",
        .begins = over_http2::begins_http2,
        .addresses = kHttp2Addresses,
        .alpn = "h2",
        .needs_alpn = true,
        .serve = over_http2::serve_http2,
        .call = over_http2::call_http2,
    },
    {
        .name = "GeeRPC",
        .allowed = &Protocols::geerpc,
        .option_codec = kGobCodec,
        .connect_paths = kOptionPaths,
        .serve = gee::serve_gee_gob,
        .call = gee::call_gee_gob,
    },
    {
        .name = "GeeRPC",
        .allowed = &Protocols::geerpc,
        .option_codec = kJsonCodec,
        .connect_paths = kOptionPaths,
        .serve = gee::serve_gee_json,
        .call = gee::call_gee_json,
    },
    {
        .name = "tern",
        .allowed = &Protocols::tern,
        .option_codec = Protocol::kAnyCodec,
        .connect_paths = kOptionPaths,
        .addresses = kFramesAddresses,
        .alpn = "tern",
        .serve = native::serve_native,
        .call = native::call_native,
    },
}};

}  // namespace

std::span<const Protocol> protocols() noexcept {
  return kProtocols;
}

const Protocol& protocol_of_address(Endpoint::Protocol address, std::string_view codec) noexcept {
  for (const Protocol& protocol : kProtocols) {
    if (std::find(protocol.addresses.begin(), protocol.addresses.end(), address) !=
        protocol.addresses.end()) {
      return protocol;
    }
  }
  return protocol_of_option(codec);
}

const Protocol& protocol_of_option(std::string_view codec) noexcept {
  auto found =
      std::find_if(kProtocols.begin(), kProtocols.end(), [codec](const Protocol& protocol) {
        return !protocol.option_codec.empty() &&
               (protocol.option_codec == codec || protocol.option_codec == Protocol::kAnyCodec);
      });
  return *found;  // the last row takes every codec
}

// What HTTP's CONNECT leads to is no matter of TLS.
std::string_view application_protocol(const Protocol& protocol, const Endpoint& endpoint) noexcept {
  return endpoint.over_http() ? kAlpnOfHttp1 : protocol.alpn;
}

const HttpConnectPath* find_connect_path(const Protocol& protocol, std::string_view path) noexcept {
  for (const HttpConnectPath& one : protocol.connect_paths) {
    if (one.path == path) return &one;
  }
  return nullptr;
}

bool is_connect_path(std::string_view path) noexcept {
  return std::any_of(kProtocols.begin(), kProtocols.end(), [path](const Protocol& protocol) {
    return find_connect_path(protocol, path) != nullptr;
  });
}

}  // namespace tern::wire
