#include "wire/over_http2/protocol.h"

#include <string_view>

#include "wire/connect/protocol.h"
#include "wire/grpc/protocol.h"
#include "wire/over_http2/server.h"

namespace tern::wire::over_http2 {

namespace {

constexpr std::string_view kPreface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

}  // namespace

FirstBytes begins_http2(ByteView in) noexcept {
  const std::string_view text = as_text(in);
  if (text.starts_with(kPreface)) return FirstBytes::kOurs;
  return kPreface.starts_with(text) ? FirstBytes::kMore : FirstBytes::kOthers;
}

std::unique_ptr<wire::ServerProtocol> serve_http2(const ServerSetup& setup) {
  return std::make_unique<ServerProtocol>(setup);
}

Status call_http2(const ClientSetup& setup, ClientPreface& preface) {
  return setup.endpoint.protocol == Endpoint::Protocol::kConnectH2
             ? connect::call_connect_h2(setup, preface)
             : grpc::call_grpc(setup, preface);
}

}  // namespace tern::wire::over_http2
