#include "sim/via.h"

#include <fmt/format.h>

#include <array>
#include <cstddef>

namespace tern::sim {

namespace {

struct Row {
  std::string_view name;
  std::string_view scheme;
  std::string_view codec;
};

constexpr std::string_view kNative = "application/x-tern";

constexpr std::array<Row, static_cast<std::size_t>(Via::kCount)> kRows{{
    {"tern", "tcp", kNative},
    {"tern+json", "tcp", "application/x-tern+json"},
    {"gee+gob", "tcp", "application/gob"},
    {"gee+json", "tcp", "application/json"},
    {"gee+gob+http", "http", "application/gob"},
    {"netrpc", "netrpc+tcp", kNative},
    {"netrpc+http", "netrpc+http", kNative},
    {"jsonrpc", "jsonrpc+tcp", kNative},
    {"jsonrpc2", "jsonrpc2+tcp", kNative},
    {"jsonrpc2+http", "jsonrpc2+http", kNative},
    {"connect", "connect+http", kNative},
    {"connect+proto", "connect+http", "application/proto"},
    {"grpc-web", "grpc-web+http", kNative},
    {"grpc", "grpc+tcp", kNative},
    {"connect-h2", "connect-h2+tcp", kNative},
}};

const Row& row(Via via) noexcept {
  return kRows[static_cast<std::size_t>(via)];
}

}  // namespace

std::string_view via_name(Via via) noexcept {
  return row(via).name;
}

std::optional<Via> via_of(std::string_view name) noexcept {
  for (std::size_t i = 0; i < kRows.size(); ++i) {
    if (kRows[i].name == name) return static_cast<Via>(i);
  }
  return std::nullopt;
}

bool via_says_going_away(Via via) noexcept {
  return via == Via::kTern || via == Via::kTernJson || via == Via::kConnectH2 || via == Via::kGrpc;
}

bool via_says_streams_ran(Via via) noexcept {
  return via == Via::kTern || via == Via::kTernJson;
}

bool via_has_metadata(Via via) noexcept {
  switch (via) {
    case Via::kGeeGob:
    case Via::kGeeJson:
    case Via::kGeeGobHttp:
    case Via::kNetRpc:
    case Via::kNetRpcHttp:
    case Via::kJsonRpc:
    case Via::kJsonRpc2:
      return false;
    default:
      return true;
  }
}

ViaStreams via_streams(Via via) noexcept {
  if (via == Via::kConnect || via == Via::kConnectProto) return ViaStreams::kOneDirection;
  if (via == Via::kGrpcWeb) return ViaStreams::kOfServers;
  return via_says_going_away(via) ? ViaStreams::kAll : ViaStreams::kNone;
}

std::string_view via_codec(Via via) noexcept {
  return row(via).codec;
}

std::string via_address(Via via, std::string_view name) {
  return fmt::format("{}@{}:1", row(via).scheme, name);
}

}  // namespace tern::sim
