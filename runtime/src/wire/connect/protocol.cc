#include "wire/connect/protocol.h"

#include "wire/connect/client_body.h"
#include "wire/over_http/client.h"

namespace tern {

Status call_connect(const ClientSetup& setup, ClientOpening& opening) {
  opening.protocol = std::make_unique<HttpClientProtocol>(setup.limits, http_host(setup.endpoint),
                                                          std::make_unique<ConnectClientBody>());
  return {};
}

}  // namespace tern
