// One token: whether it is good, and whom it names.
#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "jwt/keys.h"
#include "tern/identity.h"
#include "tern/jwt.h"
#include "tern/result.h"

namespace tern::jwt {

// The claims of a token, in JSON, once its signature has been verified with one of `keys`; nothing
// of them is looked at before. A failure says why not, for the operator alone: who has no good
// signature learns nothing of the keys.
Result<std::string> verified_claims(std::string_view token, const KeySet& keys,
                                    const JwtOptions& options);
// Whom verified claims name, if they are good at `now`. A failure says why not: also to the caller,
// to whom the issuer has given the token.
Result<Identity> identity_of(std::string_view claims, const JwtOptions& options,
                             std::chrono::system_clock::time_point now);

// Both.
Result<Identity> read_token(std::string_view token, const KeySet& keys, const JwtOptions& options,
                            std::chrono::system_clock::time_point now);

}  // namespace tern::jwt
