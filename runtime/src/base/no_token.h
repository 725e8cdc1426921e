// What is said to whom shows no token.
#pragma once

#include "tern/authenticator.h"
#include "tern/status.h"

namespace tern::base {

// The answer to a request whose Credentials::bearer_token() is "": kUnauthenticated. It says what
// was expected and what came in its place, and repeats nothing that may be a secret.
Status no_token(const Credentials& credentials);

}  // namespace tern::base
