// The frames of a connection whose protocol is known.
#pragma once

#include <memory>

#include "serve/opening.h"
#include "tern/server.h"
#include "wire/frame_codec.h"
#include "wire/over_http/request.h"

namespace tern {

// Never null. `opening` has been accepted; `options` and `pages`, which handlers answer over HTTP,
// outlive the result.
std::unique_ptr<FrameCodec> make_session_frames(const Opening& opening,
                                                const ServerOptions& options,
                                                const HttpPaths& pages);

}  // namespace tern
