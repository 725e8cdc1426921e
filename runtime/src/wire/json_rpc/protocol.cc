#include "wire/json_rpc/protocol.h"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>

#include "base/ascii.h"
#include "wire/json_extent.h"
#include "wire/json_rpc/client.h"
#include "wire/json_rpc/http_client_body.h"
#include "wire/json_rpc/server.h"
#include "wire/over_http/client.h"

namespace tern::wire::json_rpc {

namespace {

constexpr std::string_view kDefaultPath = "/rpc";

// The keys of a request. Go matches keys without regard to case.
constexpr std::array<std::string_view, 4> kKeys = {"jsonrpc", "method", "params", "id"};
constexpr std::size_t kLongestKey = 7;

bool is_key(std::string_view key) noexcept {
  return std::any_of(kKeys.begin(), kKeys.end(), [key](std::string_view known) {
    return base::equal_ignoring_case(key, known);
  });
}

std::string_view without_space(std::string_view text) noexcept {
  return text.substr(json_space(as_bytes(text)));
}

}  // namespace

FirstBytes begins_json_rpc(ByteView in) noexcept {
  std::string_view text = without_space(as_text(in));
  if (text.empty()) return FirstBytes::kMore;
  if (text.front() == '[') return FirstBytes::kOurs;
  if (text.front() != '{') return FirstBytes::kOthers;
  text = without_space(text.substr(1));
  if (text.empty()) return FirstBytes::kMore;
  if (text.front() != '"') return FirstBytes::kOthers;
  std::size_t end = text.substr(0, kLongestKey + 2).find('"', 1);
  if (end != std::string_view::npos) {
    return is_key(text.substr(1, end - 1)) ? FirstBytes::kOurs : FirstBytes::kOthers;
  }
  return text.size() < kLongestKey + 2 ? FirstBytes::kMore : FirstBytes::kOthers;
}

std::unique_ptr<wire::ServerProtocol> serve_json_rpc(const ServerSetup& setup) {
  return std::make_unique<ServerProtocol>(setup.limits);
}

Status call_json_rpc(const ClientSetup& setup, ClientPreface& preface) {
  const Endpoint& endpoint = setup.endpoint;
  bool v2 = endpoint.protocol == Endpoint::Protocol::kJsonRpc2;
  if (!endpoint.over_http()) {
    preface.protocol =
        std::make_unique<ClientProtocol>(v2 ? Version::k2 : Version::k1, setup.limits);
    return {};
  }
  if (!v2) return Status(Code::kUnimplemented, "JSON-RPC 1.0 is not supported over HTTP");
  auto body = std::make_unique<ClientBody>(
      setup.limits, endpoint.path.empty() ? std::string(kDefaultPath) : endpoint.path);
  preface.protocol = std::make_unique<over_http::ClientProtocol>(
      setup.limits, over_http::http_host(endpoint), std::move(body));
  return {};
}

}  // namespace tern::wire::json_rpc
