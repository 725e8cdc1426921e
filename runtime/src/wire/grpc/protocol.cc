#include "wire/grpc/protocol.h"

#include <memory>

#include "wire/grpc/client.h"

namespace tern::wire::grpc {

Status call_grpc(const ClientSetup& setup, ClientPreface& preface) {
  preface.protocol =
      std::make_unique<ClientProtocol>(setup.limits, over_http2::authority_of(setup.endpoint),
                                       over_http2::scheme_of(setup.endpoint));
  return {};
}

}  // namespace tern::wire::grpc
