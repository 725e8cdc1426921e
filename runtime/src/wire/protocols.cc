#include "wire/protocols.h"

#include <algorithm>
#include <array>

#include "wire/connect/protocol.h"
#include "wire/gee/protocol.h"
#include "wire/go/protocol.h"
#include "wire/handshake.h"
#include "wire/http_connect.h"
#include "wire/json_rpc/protocol.h"
#include "wire/native/protocol.h"
#include "wire/over_http/protocol.h"

namespace tern {

namespace {

using Address = Endpoint::Protocol;

constexpr std::array kFramesAddresses = {Address::kFrames};
constexpr std::array kNetRpcAddresses = {Address::kNetRpc};
constexpr std::array kJsonRpcAddresses = {Address::kJsonRpc, Address::kJsonRpc2};
constexpr std::array kConnectAddresses = {Address::kConnect};

constexpr std::array<WireProtocol, 6> kProtocols = {{
    {
        .name = "net/rpc",
        .allowed = &Protocols::netrpc,
        .begins = begins_net_rpc,
        .addresses = kNetRpcAddresses,
        .connect_path = kNetRpcPath,
        .serve = serve_net_rpc,
        .call = call_net_rpc,
    },
    {
        .name = "JSON-RPC",
        .allowed = &Protocols::jsonrpc,
        .begins = begins_json_rpc,
        .addresses = kJsonRpcAddresses,
        .serve = serve_json_rpc,
        .call = call_json_rpc,
    },
    {
        // Also JSON-RPC by POST, and what is no call. HTTP looks for itself what is let in.
        .name = "http",
        .begins = begins_http,
        .opening_is_there = http_head_is_there,
        .addresses = kConnectAddresses,
        .serve = serve_http,
        .call = call_connect,
    },
    {
        .name = "GeeRPC",
        .allowed = &Protocols::geerpc,
        .option_codec = kGobCodec,
        .connect_path = kGeeRpcPath,
        .serve = serve_gee_gob,
        .call = call_gee_gob,
    },
    {
        .name = "GeeRPC",
        .allowed = &Protocols::geerpc,
        .option_codec = kJsonCodec,
        .connect_path = kGeeRpcPath,
        .serve = serve_gee_json,
        .call = call_gee_json,
    },
    {
        .name = "tern",
        .allowed = &Protocols::tern,
        .option_codec = WireProtocol::kAnyCodec,
        .addresses = kFramesAddresses,
        .connect_path = kGeeRpcPath,
        .serve = serve_native,
        .call = call_native,
    },
}};

}  // namespace

std::span<const WireProtocol> wire_protocols() noexcept {
  return kProtocols;
}

const WireProtocol& protocol_of_address(Endpoint::Protocol address,
                                        std::string_view codec) noexcept {
  for (const WireProtocol& protocol : kProtocols) {
    if (std::find(protocol.addresses.begin(), protocol.addresses.end(), address) !=
        protocol.addresses.end()) {
      return protocol;
    }
  }
  return protocol_of_option(codec);
}

const WireProtocol& protocol_of_option(std::string_view codec) noexcept {
  auto found =
      std::find_if(kProtocols.begin(), kProtocols.end(), [codec](const WireProtocol& protocol) {
        return !protocol.option_codec.empty() &&
               (protocol.option_codec == codec || protocol.option_codec == WireProtocol::kAnyCodec);
      });
  return *found;  // the last row takes every codec
}

}  // namespace tern
