// What has come on a connection of HTTP/2 and the server has not been given yet.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>

#include "http2/session.h"
#include "tern/buffer.h"
#include "wire/frame.h"

namespace tern::wire::over_http2 {

using http2::StreamId;

// In the order in which it came. Bytes stay until all events have been taken.
class Events {
 public:
  // A request, which its ServerCall has.
  void add_request(StreamId stream) { events_.push_back({stream, {}, 0, 0}); }
  // Any other frame, but for its body, which is `first` and what follows it in `rest`.
  void add(StreamId stream, const Frame& frame, ByteView first = {}, ByteView rest = {});

  bool empty() const noexcept { return events_.empty(); }
  // The stream of the first one; whether that is a request.
  StreamId stream() const noexcept { return events_.front().stream; }
  bool is_request() const noexcept { return events_.front().frame.kind == FrameKind::kRequest; }
  // It is done.
  void pop() { events_.pop_front(); }
  // Any but a request. The view of its body is good until clear_bytes().
  void take(Frame& frame);
  // There are none.
  void clear_bytes() noexcept;

  // Those of a stream that is over.
  void remove(StreamId stream);

 private:
  struct Event {
    StreamId stream;
    Frame frame;  // without its body, which is in bytes_
    std::size_t start;
    std::size_t size;
  };

  std::deque<Event> events_;
  Buffer bytes_;
};

}  // namespace tern::wire::over_http2
