#include "serve/session_frames.h"

#include "wire/gee/json_frames.h"
#include "wire/go/gob_frames.h"
#include "wire/json_rpc/frames.h"
#include "wire/native/frames.h"
#include "wire/over_http/frames.h"

namespace tern {

std::unique_ptr<FrameCodec> make_session_frames(const Opening& opening,
                                                const ServerOptions& options,
                                                const HttpPaths& pages) {
  switch (opening.protocol) {
    case Protocol::kTern:
      return std::make_unique<NativeFrames>(*opening.codec, options.limits);
    case Protocol::kJsonRpc:
      return std::make_unique<JsonRpcFrames>(options.limits);
    case Protocol::kNetRpc:
      return std::make_unique<GobFrames>(GoDialect::kNetRpc, GobFrames::Role::kServer,
                                         options.limits);
    case Protocol::kGeeRpcGob:
      return std::make_unique<GobFrames>(GoDialect::kGeeRpc, GobFrames::Role::kServer,
                                         options.limits);
    case Protocol::kGeeRpcJson:
      return std::make_unique<GeeJsonFrames>(GeeJsonFrames::Role::kServer, options.limits);
    case Protocol::kHttp:
      break;
  }
  return std::make_unique<HttpFrames>(options.limits, options.protocols, options.cors, pages);
}

}  // namespace tern
