// Tells which threads must not block.
#pragma once

#include "tern/version.h"

namespace tern {

// True on a thread that runs an event loop of this runtime at this moment: in a handler, a callback
// of a call, a timer. Waiting there would wait for itself. On an io_context of the user's own it
// knows only of what the runtime runs there.
bool on_loop_thread() noexcept;

}  // namespace tern
