#include "wire/connect/protocol.h"

#include "tern/codec.h"
#include "wire/connect/client_body.h"
#include "wire/over_http/client.h"

namespace tern::wire::connect {

Status call_connect(const ClientSetup& setup, ClientPreface& preface) {
  const ClientBody::Messages messages = setup.codec == proto_codec().name()
                                            ? ClientBody::Messages::kProto
                                            : ClientBody::Messages::kJson;
  preface.protocol = std::make_unique<over_http::ClientProtocol>(
      setup.limits, over_http::http_host(setup.endpoint), std::make_unique<ClientBody>(messages));
  return {};
}

}  // namespace tern::wire::connect
