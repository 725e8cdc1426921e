// How long requests and streams of a client's session leave in turn.
#pragma once

#include "call/request_queue.h"
#include "call/stream_calls.h"
#include "net/loop.h"
#include "tern/buffer.h"

namespace tern::call {

// Takes what leaves at a time into `out`, which is empty: short requests, and behind them what
// leaves in chunks. The short ones always go first: where they end has been said. True if calls
// wait. On the loop's thread, with the lock of the queue. Throws std::bad_alloc.
bool fill_part(Loop& loop, RequestQueue& queue, StreamCalls& streams, Buffer& out);

}  // namespace tern::call
