#include "wire/grpc/protocol.h"

#include <string>
#include <string_view>

#include "wire/grpc/client.h"
#include "wire/grpc/server.h"
#include "wire/over_http/client.h"

namespace tern::wire::grpc {

namespace {

constexpr std::string_view kPreface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

}  // namespace

FirstBytes begins_http2(ByteView in) noexcept {
  const std::string_view text = as_text(in);
  if (text.starts_with(kPreface)) return FirstBytes::kOurs;
  return kPreface.starts_with(text) ? FirstBytes::kMore : FirstBytes::kOthers;
}

std::unique_ptr<wire::ServerProtocol> serve_grpc(const ServerSetup& setup) {
  return std::make_unique<ServerProtocol>(setup.limits, setup.methods, setup.grpc_compression);
}

Status call_grpc(const ClientSetup& setup, ClientPreface& preface) {
  const Endpoint& endpoint = setup.endpoint;
  // There is no host behind the path of a Unix socket; gRPC's own clients say "localhost".
  preface.protocol = std::make_unique<ClientProtocol>(
      setup.limits, endpoint.transport == Endpoint::Transport::kUnix
                        ? std::string("localhost")
                        : over_http::http_host(endpoint));
  return {};
}

}  // namespace tern::wire::grpc
