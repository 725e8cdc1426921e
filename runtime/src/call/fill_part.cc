#include "call/fill_part.h"

#include <cstddef>
#include <utility>

namespace tern::call {

namespace {

// What leaves at a time of long requests and streams, about: what is written meanwhile can leave
// before the rest.
constexpr std::size_t kPart = 64 * 1024;
// With a chunk behind its last byte.
constexpr std::size_t kPartRoom = kPart + 32 * 1024;

// With a turn of each at least, so that short requests without end hold up no long one.
void add_turns(Loop& loop, RequestQueue& queue, StreamCalls& streams, Buffer& out) {
  if (out.capacity() < kPartRoom && out.size() < kPart) {
    Buffer room = loop.take_buffer(kPartRoom);
    room.reserve(kPartRoom);
    room.append(out.view());
    loop.give_buffer(std::exchange(out, std::move(room)));
  }
  do {
    const bool chunk = queue.take_chunk(out);
    if (!chunk && !streams.can_send()) return;
    if (!streams.can_send()) continue;
    const std::size_t before = out.size();
    streams.take(out);
    queue.count_taken(out.size() - before);
  } while (out.size() < kPart);
}

}  // namespace

bool fill_part(Loop& loop, RequestQueue& queue, StreamCalls& streams, Buffer& out) {
  streams.set_flushed();
  const bool waiting = queue.take_outgoing(out);
  // Nothing of a stream leaves before its request.
  for (OpenedStream& opened : queue.take_opened()) streams.add(std::move(opened));
  if (queue.has_chunks() || streams.can_send()) {
    add_turns(loop, queue, streams, out);
    queue.note_sent();
  }
  return waiting;
}

}  // namespace tern::call
