#include "serve/session_protocol.h"

#include "wire/gee/json_server.h"
#include "wire/go/gob_server.h"
#include "wire/json_rpc/server.h"
#include "wire/native/server.h"
#include "wire/over_http/server.h"

namespace tern {

std::unique_ptr<ServerProtocol> make_session_protocol(const Opening& opening,
                                                      const ServerOptions& options,
                                                      const HttpPaths& pages) {
  switch (opening.protocol) {
    case Protocol::kTern:
      return std::make_unique<NativeServerProtocol>(*opening.codec, options.limits);
    case Protocol::kJsonRpc:
      return std::make_unique<JsonRpcServerProtocol>(options.limits);
    case Protocol::kNetRpc:
      return std::make_unique<GobServerProtocol>(GoDialect::kNetRpc, options.limits);
    case Protocol::kGeeRpcGob:
      return std::make_unique<GobServerProtocol>(GoDialect::kGeeRpc, options.limits);
    case Protocol::kGeeRpcJson:
      return std::make_unique<GeeJsonServerProtocol>(options.limits);
    case Protocol::kHttp:
      break;
  }
  return std::make_unique<HttpServerProtocol>(options.limits, options.protocols, options.cors,
                                              pages);
}

}  // namespace tern
