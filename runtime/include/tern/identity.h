// Who calls, as an authenticator has found out.
#pragma once

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "tern/version.h"

namespace tern {

// A server's own knowledge of its caller. It never travels, so that no client can forge it.
struct Identity {
  Identity() = default;
  explicit Identity(std::string name_in, std::vector<std::string> roles_in = {})
      : name(std::move(name_in)), roles(std::move(roles_in)) {}

  std::string name;                // "alice", "spiffe://example.org/billing"
  std::vector<std::string> roles;  // what [allow = …] in a .rpc file asks for
  // What else the authenticator has found: a tenant, an issuer.
  std::vector<std::pair<std::string, std::string>> attributes;

  bool has_role(std::string_view role) const noexcept {
    return std::find(roles.begin(), roles.end(), role) != roles.end();
  }
  // "" if there is none of that name.
  std::string_view attribute(std::string_view key) const noexcept {
    auto found = std::find_if(attributes.begin(), attributes.end(),
                              [key](const auto& one) { return one.first == key; });
    return found == attributes.end() ? std::string_view() : std::string_view(found->second);
  }
};

}  // namespace tern
