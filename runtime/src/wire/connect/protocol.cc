#include "wire/connect/protocol.h"

#include <memory>

#include "tern/codec.h"
#include "wire/connect/client_body.h"
#include "wire/over_http/client.h"
#include "wire/over_http2/http_client.h"

namespace tern::wire::connect {

namespace {

std::unique_ptr<ClientBody> make_body(const ClientSetup& setup) {
  return std::make_unique<ClientBody>(setup.codec == proto_codec().name()
                                          ? ClientBody::Messages::kProto
                                          : ClientBody::Messages::kJson);
}

}  // namespace

Status call_connect(const ClientSetup& setup, ClientPreface& preface) {
  preface.protocol = std::make_unique<over_http::ClientProtocol>(
      setup.limits, over_http::http_host(setup.endpoint), make_body(setup));
  return {};
}

Status call_connect_h2(const ClientSetup& setup, ClientPreface& preface) {
  preface.protocol = std::make_unique<over_http2::HttpClientProtocol>(
      setup.limits, "Connect", over_http2::authority_of(setup.endpoint),
      over_http2::scheme_of(setup.endpoint), make_body(setup));
  return {};
}

}  // namespace tern::wire::connect
