// What an address can name as the protocol that a client speaks. wire/protocols.cc has what each of
// them is.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "tern/endpoint.h"

namespace tern::base {

struct AddressProtocol {
  // What it goes over.
  enum class Over : std::uint8_t { kAll, kSockets, kHttp };

  Endpoint::Protocol id;
  std::string_view prefix;  // "netrpc" in "netrpc+tcp@…"
  Over over = Over::kAll;
  std::string_view instead = {};  // the prefix of what goes over the other; or ""
};

inline constexpr std::array<AddressProtocol, 7> kAddressProtocols = {
    {{Endpoint::Protocol::kNetRpc, "netrpc"},
     {Endpoint::Protocol::kJsonRpc, "jsonrpc", AddressProtocol::Over::kSockets, "jsonrpc2"},
     {Endpoint::Protocol::kJsonRpc2, "jsonrpc2"},
     {Endpoint::Protocol::kConnect, "connect", AddressProtocol::Over::kHttp, "connect-h2"},
     {Endpoint::Protocol::kConnectH2, "connect-h2", AddressProtocol::Over::kSockets, "connect"},
     {Endpoint::Protocol::kGrpc, "grpc", AddressProtocol::Over::kSockets, "grpc-web"},
     {Endpoint::Protocol::kGrpcWeb, "grpc-web", AddressProtocol::Over::kHttp, "grpc"}}};

}  // namespace tern::base
