#include "base/no_token.h"

#include <fmt/format.h>

#include <array>
#include <string>
#include <string_view>

#include "base/ascii.h"

namespace tern::base {

namespace {

// Those that can be named. Anything else may be a secret without a scheme.
constexpr std::array<std::string_view, 5> kOtherSchemes = {"Basic", "Digest", "DPoP", "Negotiate",
                                                           "Token"};

std::string what_came(std::string_view authorization) {
  if (authorization.empty()) return "there is none";
  const std::string_view scheme = authorization.substr(0, authorization.find(' '));
  if (equal_ignoring_case(scheme, "bearer")) return "there is no token behind Bearer";
  for (std::string_view other : kOtherSchemes) {
    if (equal_ignoring_case(scheme, other)) return fmt::format("its scheme is {}", other);
  }
  return "it is of no scheme that is known";
}

// See Credentials::protocol.
bool has_metadata(std::string_view protocol) noexcept {
  return protocol != "net/rpc" && protocol != "GeeRPC" && protocol != "JSON-RPC";
}

}  // namespace

Status no_token(const Credentials& credentials) {
  return Status(Code::kUnauthenticated,
                fmt::format("expected the metadata authorization: Bearer <token>; {}",
                            has_metadata(credentials.protocol)
                                ? what_came(credentials.metadata.get("authorization"))
                                : fmt::format("{} carries no metadata", credentials.protocol)),
                HandlerRan::kNo);
}

}  // namespace tern::base
