// A pause in a handler, on the time that Tern runs on.
#pragma once

#include <asio/awaitable.hpp>
#include <chrono>

#include "tern/coroutines.h"
#include "tern/result.h"
#include "tern/server_context.h"

namespace tern {

// Waits for `duration` on the clock of the call's loop (IoPool::clock(), which a test may turn by
// hand), and holds up nothing but the coroutine that awaits it:
//
//   tern::Result<void> slept = co_await tern::sleep(context, std::chrono::milliseconds(10));
//   if (!slept.ok()) co_return slept.take_status();
//
// A call that is cancelled, by its caller or the loss of the connection, by its time limit or the
// end of the server, cuts it short: kCancelled, soon and not from within what cancels. So does the
// cancellation of the coroutine alone, as in the branch of an `||` that is not the first. 0 or less
// lets the loop do what is queued, and no time need pass.
// The context lives until it ends. Threads: the call's loop, as all of the context.
asio::awaitable<Result<void>> sleep(ServerContext& context, std::chrono::nanoseconds duration);

}  // namespace tern
