// Work on a loop for objects that any thread may destroy.
#pragma once

#include "net/loop.h"
#include "tern/function.h"
#include "tern/io_pool.h"

namespace tern::registry {

// Runs `task` on `loop`, one of `pool`'s, and returns when it has run, and what it has left to the
// loop to do next; or at once on a loop's thread and on an io_context of the user's, where it runs
// later.
void run_on_loop(IoPool& pool, Loop& loop, UniqueFunction<void()> task);

// Runs `task` on `loop`, soon; or here if the user's io_context has been stopped: then nothing else
// runs there.
void run_soon(Loop& loop, UniqueFunction<void()> task);

}  // namespace tern::registry
