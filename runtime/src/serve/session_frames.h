// The frames of a connection whose protocol is known.
#pragma once

#include <memory>

#include "serve/opening.h"
#include "tern/server.h"
#include "wire/frame_codec.h"

namespace tern {

// Never null. `opening` has been accepted; `options` outlive the
// result.
std::unique_ptr<FrameCodec> make_session_frames(const Opening& opening,
                                                const ServerOptions& options);

}  // namespace tern
