// An authenticator for callers that have tokens of their own: few, long, and random.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "tern/authenticator.h"
#include "tern/identity.h"

namespace tern {

struct BearerToken {
  BearerToken() = default;
  BearerToken(std::string token_in, Identity identity_in)
      : token(std::move(token_in)), identity(std::move(identity_in)) {}

  std::string token;  // 16 bytes of randomness or more, as text; an empty one authenticates nobody
  Identity identity;
};

// Authenticates callers that send one of the tokens in the metadata `authorization`: "Bearer
// <token>". A request's token is compared with all of them, in constant time.
std::shared_ptr<Authenticator> bearer_tokens(std::vector<BearerToken> known);

}  // namespace tern
