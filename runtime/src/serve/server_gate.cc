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

// The roles that a method asks for are no secret: they stand in its .rpc file.
std::string denial(const Method& method, const Access& access) {
  std::string text = fmt::format("{}.{}: ", method.service, method.name);
  if (access.kind == Access::Kind::kUnmarked) {
    return text + "nobody may call it, since its .rpc file does not say [allow = ...]";
  }
  if (access.roles.size() == 1) return text + fmt::format("expected the role {}", access.roles[0]);
  return text + fmt::format("expected {} of the roles {}",
                            access.kind == Access::Kind::kAnyOf ? "one" : "all",
                            fmt::join(access.roles, ", "));
}

}  // namespace

Result<Admitted> ServerGate::judge(Result<Identity> answer, const Access& access,
                                   const Method* method) {
  if (!answer.ok()) return answer.take_status().with_handler_ran(HandlerRan::kNo);
  if (!is_allowed(*answer, access)) {
    return Status(Code::kPermissionDenied, method ? denial(*method, access) : "the page: denied",
                  HandlerRan::kNo);
  }
  return Admitted(std::make_unique<const Identity>(*std::move(answer)));
}

}  // namespace serve
}  // namespace tern
