// What a client that minds hears now and then: that its stream goes on.
#pragma once

#include <chrono>
#include <cstdint>

#include "base/timer_queue.h"
#include "tern/clock.h"

namespace tern::stream {
class Streams;
}

namespace tern::serve {

class Session;

// Of the streams of one session whose protocol wants heartbeats; all at the same times. Threads:
// the loop's.
class StreamHeartbeats {
 public:
  // `streams`: the session's. Both outlive this.
  StreamHeartbeats(Session& session, const stream::Streams& streams);
  StreamHeartbeats(const StreamHeartbeats&) = delete;
  StreamHeartbeats& operator=(const StreamHeartbeats&) = delete;

  // A stream has begun.
  void begin(std::uint64_t id);
  // There are none any more.
  void end() noexcept;
  // A message leaves.
  void note_written() noexcept;

 private:
  void on_timer();
  // False if the connection cannot go on.
  bool write() noexcept;

  Session& session_;
  const stream::Streams& streams_;
  base::Timer timer_;
  std::chrono::nanoseconds every_{0};  // 0: there are none
  Clock::TimePoint last_written_{};    // kept up to date if there are
};

}  // namespace tern::serve
