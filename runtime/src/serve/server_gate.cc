#include "serve/server_gate.h"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <string_view>

#include "base/ascii.h"

namespace tern {

std::string_view Credentials::bearer_token() const noexcept {
  constexpr std::string_view kScheme = "bearer ";
  const std::string_view value = metadata.get("authorization");
  if (value.size() < kScheme.size() ||
      !base::equal_ignoring_case(value.substr(0, kScheme.size()), kScheme)) {
    return {};
  }
  return base::trim(value.substr(kScheme.size()));
}

namespace serve {

namespace {

bool is_allowed(const Identity& identity, const Access& access) noexcept {
  auto has = [&identity](std::string_view role) { return identity.has_role(role); };
  switch (access.kind) {
    case Access::Kind::kUnmarked:
      return false;
    case Access::Kind::kPublic:
    case Access::Kind::kAuthenticated:
      return true;
    case Access::Kind::kAnyOf:
      return std::any_of(access.roles.begin(), access.roles.end(), has);
    case Access::Kind::kAllOf:
      return std::all_of(access.roles.begin(), access.roles.end(), has);
  }
  return false;
}

// The roles that are asked for are no secret to whom the authenticator knows, nor are his own to
// himself.
template <typename Roles>
std::string expected_roles(std::string_view how_many, const Roles& roles,
                           const Identity& identity) {
  std::string text = roles.size() == 1 ? fmt::format("expected the role {}", roles[0])
                                       : fmt::format("expected {} of the roles {}", how_many,
                                                     fmt::join(roles, ", "));
  return text + (identity.roles.empty()
                     ? std::string("; the caller has none")
                     : fmt::format("; the caller has {}", fmt::join(identity.roles, ", ")));
}

std::string denial(const Method& method, const Access& access, const Identity& identity) {
  const std::string text = fmt::format("{}.{}: ", method.service, method.name);
  if (access.kind == Access::Kind::kUnmarked) {
    return text + "nobody may call it, since its .rpc file does not say [allow = ...]";
  }
  return text + expected_roles(access.kind == Access::Kind::kAnyOf ? "one" : "all", access.roles,
                               identity);
}

}  // namespace

Result<Admitted> ServerGate::judge(Result<Identity> answer, const Access& access,
                                   const Method* method) {
  if (!answer.ok()) return answer.take_status().with_handler_ran(HandlerRan::kNo);
  if (!is_allowed(*answer, access)) {
    return Status(Code::kPermissionDenied,
                  method ? denial(*method, access, *answer) : "the page: denied", HandlerRan::kNo);
  }
  return Admitted(std::make_unique<const Identity>(*std::move(answer)));
}

Result<Admitted> ServerGate::let_see(Admitted admitted, std::string_view page,
                                     std::span<const std::string> roles) {
  const Identity* identity = admitted.identity_.get();
  const bool may = roles.empty() || !identity ||
                   std::any_of(roles.begin(), roles.end(), [identity](const std::string& role) {
                     return identity->has_role(role);
                   });
  if (may) return admitted;
  return Status(Code::kPermissionDenied,
                fmt::format("{}: {}", page, expected_roles("one", roles, *identity)),
                HandlerRan::kNo);
}

}  // namespace serve
}  // namespace tern
