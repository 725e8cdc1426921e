// Streams of messages: what handlers and callers of methods with `stream` in the .rpc file have.
//
//   Watch(WatchRequest) -> stream Change;  Upload(stream Change) -> Summary;
//   Chat(stream Line) -> stream Line;
//
//   while (next(request, change)) {                             // a handler
//     if (out.try_write(change)) continue;                      // there was room: no suspension
//     if (!co_await out.write(change)) co_return out.status();  // the caller is gone, or time is
//     up
//   }
//
//   tern::ServerStream<Change> changes = store.Watch(request);  // a caller
//   Change change;
//   while (co_await changes.read(change)) use(change);
//   tern::Status end = changes.status();
//
// Messages arrive in order, each once. What was written before an error arrives before it. Who
// writes waits for who reads: on both sides about 64 KiB are kept of a stream. `timeout` bounds the
// whole stream.
//
// Three ways to wait: co_await, a callback (`then`), or blocking, on a thread that is no loop's. In
// each direction one at a time; a second one ends the stream with kFailedPrecondition.
// Threads: any, one at a time in each direction; cancel() from any.
#pragma once

#include "tern/caller_streams.h"
#include "tern/codegen/open_stream.h"
#include "tern/reader.h"
#include "tern/service.h"
#include "tern/version.h"
#include "tern/writer.h"

namespace tern {

template <typename T>
Reader<T> ServerCall::reader() {
  return Reader<T>(stream());
}
template <typename T>
Writer<T> ServerCall::writer() {
  return Writer<T>(stream());
}

}  // namespace tern
