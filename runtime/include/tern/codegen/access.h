// Who may call a method, as its .rpc file says: [allow = …].
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "tern/version.h"

namespace tern {

// Generated as a constant; lives as long as the process. Of no effect on a server that has no
// authenticator.
struct Access {
  enum class Kind : std::uint8_t {
    kUnmarked,       // the file says nothing: nobody
    kPublic,         // everybody; the authenticator is not asked
    kAuthenticated,  // every identity, whatever its roles are
    kAnyOf,          // an identity that has one of `roles`
    kAllOf           // an identity that has all of them
  };

  Kind kind = Kind::kUnmarked;
  std::span<const std::string_view> roles{};  // one or more with kAnyOf and kAllOf, else none
};

}  // namespace tern
