// Puts what secures connections between a listener and those who take them.
#pragma once

#include <memory>
#include <string_view>

#include "tern/credentials.h"
#include "tern/listener.h"
#include "tern/result.h"

namespace tern::net {

// What listens on an address of TLS, secured; any other one as it is. Fails with kInvalidArgument
// if credentials are missing; `option` is what is to be set.
Result<std::unique_ptr<Listener>> secure(std::unique_ptr<Listener> listener,
                                         const std::shared_ptr<ServerCredentials>& credentials,
                                         std::string_view option);
// Whether that would fail, before anything listens.
Status missing_credentials(const Endpoint& listening, const ServerCredentials* credentials,
                           std::string_view option);

}  // namespace tern::net
