// The server's side of a protocol, once it is known which it is.
#pragma once

#include <memory>

#include "serve/opening.h"
#include "tern/server.h"
#include "wire/over_http/request.h"
#include "wire/server_protocol.h"

namespace tern {

// Never null. `opening` has been accepted; `options` and `pages`, which handlers answer over HTTP,
// outlive the result.
std::unique_ptr<ServerProtocol> make_session_protocol(const Opening& opening,
                                                      const ServerOptions& options,
                                                      const HttpPaths& pages);

}  // namespace tern
