#include "wire/grpc/protocol.h"

#include <memory>
#include <string>

#include "wire/grpc/client.h"
#include "wire/over_http/client.h"

namespace tern::wire::grpc {

Status call_grpc(const ClientSetup& setup, ClientPreface& preface) {
  const Endpoint& endpoint = setup.endpoint;
  // There is no host behind the path of a Unix socket; gRPC's own clients say "localhost".
  preface.protocol = std::make_unique<ClientProtocol>(
      setup.limits,
      endpoint.transport == Endpoint::Transport::kUnix ? std::string("localhost")
                                                       : over_http::http_host(endpoint),
      endpoint.over_tls() ? "https" : "http");
  return {};
}

}  // namespace tern::wire::grpc
