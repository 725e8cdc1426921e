// What has come on a connection of HTTP/2 and the server has not been given yet.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "http2/session.h"
#include "tern/buffer.h"
#include "wire/frame.h"

namespace tern::wire::over_http2 {

using http2::StreamId;

// In the order in which it came. Bytes stay until all events have been taken.
class Events {
 public:
  // A request, which its ServerCall has.
  void add_request(StreamId stream) { events_.push_back({stream, kRequest}); }
  // Any other frame, but for its body, which is `first` and what follows it in `rest`.
  void add(StreamId stream, const Frame& frame, ByteView first = {}, ByteView rest = {});

  bool empty() const noexcept { return first_ == events_.size(); }
  // The stream of the first one; whether that is a request.
  StreamId stream() const noexcept { return events_[first_].stream; }
  bool is_request() const noexcept { return events_[first_].frame == kRequest; }
  // It is done.
  void pop() noexcept { ++first_; }
  // Any but a request. The view of its body is good until clear().
  void take(Frame& frame);
  // There are none.
  void clear() noexcept;

  // Those of a stream that is over.
  void remove(StreamId stream);

 private:
  static constexpr std::uint32_t kRequest = 0xffffffff;

  struct Event {
    StreamId stream;
    std::uint32_t frame;  // its place in frames_, or kRequest
  };
  struct KeptFrame {
    Frame frame;  // without its body, which is in bytes_
    std::size_t start;
    std::size_t size;
  };

  std::vector<Event> events_;
  std::size_t first_ = 0;          // those before it are done
  std::vector<KeptFrame> frames_;  // of events, those that are done among them
  Buffer bytes_;
};

}  // namespace tern::wire::over_http2
