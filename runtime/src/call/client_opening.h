// How a client begins to speak to its server.
#pragma once

#include "tern/client.h"
#include "tern/endpoint.h"
#include "tern/result.h"
#include "wire/client_setup.h"

namespace tern::call {

// Fails if `options` name a codec that is not known, or limits that no call could keep. Both
// outlive the result.
Result<wire::ClientPreface> make_client_opening(const Endpoint& endpoint,
                                                const ClientOptions& options);

}  // namespace tern::call
