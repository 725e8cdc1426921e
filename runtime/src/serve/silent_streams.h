// The end of streams that are silent for too long.
#pragma once

#include "base/timer_queue.h"
#include "tern/clock.h"

namespace tern::stream {
class Streams;
}

namespace tern::serve {

class Session;
class SessionStreams;

// One timer for all of a session. Threads: the loop's.
class SilentStreams {
 public:
  // `streams`: the owner's. All outlive this.
  SilentStreams(Session& session, SessionStreams& owner, const stream::Streams& streams);
  SilentStreams(const SilentStreams&) = delete;
  SilentStreams& operator=(const SilentStreams&) = delete;

  // Looks for those that are silent no later than then.
  void watch(Clock::TimePoint due);

 private:
  void on_timer();

  Session& session_;
  SessionStreams& owner_;
  const stream::Streams& streams_;
  base::Timer timer_;  // for the stream that is due first, or earlier
};

}  // namespace tern::serve
