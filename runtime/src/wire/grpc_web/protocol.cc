#include "wire/grpc_web/protocol.h"

#include <memory>

#include "wire/grpc_web/client_body.h"
#include "wire/over_http/client.h"

namespace tern::wire::grpc_web {

Status call_grpc_web(const ClientSetup& setup, ClientPreface& preface) {
  preface.protocol = std::make_unique<over_http::ClientProtocol>(
      setup.limits, over_http::http_host(setup.endpoint),
      std::make_unique<ClientBody>(setup.limits));
  return {};
}

}  // namespace tern::wire::grpc_web
