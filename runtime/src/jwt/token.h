// One token: whether it is good, and whom it names.
#pragma once

#include <chrono>
#include <string_view>

#include "jwt/keys.h"
#include "tern/identity.h"
#include "tern/jwt.h"
#include "tern/result.h"

namespace tern::jwt {

// Whom the token names, if it is good at `now`. A failure says why not, for the operator alone.
// Nothing of the claims is looked at before the signature is verified.
Result<Identity> read_token(std::string_view token, const KeySet& keys, const JwtOptions& options,
                            std::chrono::system_clock::time_point now);

}  // namespace tern::jwt
