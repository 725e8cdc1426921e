#include "debug_pages/allow_text.h"

namespace tern::debug_pages {

namespace {

std::string joined(const Access& access) {
  std::string text;
  for (std::string_view role : access.roles) {
    if (!text.empty()) text += ", ";
    text += role;
  }
  return text;
}

}  // namespace

std::string allow_text(const Access& access) {
  switch (access.kind) {
    case Access::Kind::kUnmarked:
      break;
    case Access::Kind::kPublic:
      return "public";
    case Access::Kind::kAuthenticated:
      return "everybody who is known";
    case Access::Kind::kAnyOf:
      return access.roles.size() == 1 ? joined(access) : "any of " + joined(access);
    case Access::Kind::kAllOf:
      return access.roles.size() == 1 ? joined(access) : "all of " + joined(access);
  }
  return "nobody: the method is unmarked";
}

}  // namespace tern::debug_pages
