// Whether a client gains by letting replies gather.
#pragma once

#include <array>
#include <cstddef>

#include "tern/clock.h"

namespace tern {

// Tries it: mostly does what has been better, and every now and then the other for a short time.
//
// Better is what makes calls end sooner. How long they take follows from how many are in flight and
// how many end in a time (Little's law), so no call is timed. Where server or client lack the time
// of a processor, fewer wake-ups leave more of it, and the server answers more calls. Where the
// server waits for something else, or few calls are made, replies that are held back are late:
// calls take longer, whether the next ones wait for them or not. Where it makes no difference,
// replies gather, since that takes less of the processor. It begins with reading as they come.
// Threads: one.
class GatheringTrial {
 public:
  // After each turn that brought bytes; `in_flight`: calls that wait for a reply now. Whether
  // replies may gather before the next.
  bool after(Clock::TimePoint now, std::size_t replies, std::size_t in_flight) noexcept;

 private:
  struct CallTime {
    Clock::Duration mean{};  // smoothed; 0: not seen yet
    void add(Clock::Duration seen, int smoothing) noexcept;
  };

  void begin_window(Clock::TimePoint now) noexcept;
  void end_window() noexcept;
  bool gathering_is_better() const noexcept;

  // Of the present window, which has the same choice all through.
  Clock::TimePoint begun_{};
  Clock::TimePoint last_turn_{};
  bool gathers_ = false;
  std::size_t replies_ = 0;
  std::size_t turns_ = 0;
  std::size_t in_flight_ = 0;    // since the last turn
  Clock::Duration all_calls_{};  // the time that they were in flight, summed up

  bool better_ = false;                // whether gathering is
  std::size_t between_ = 1;            // windows of the better choice, between two of the other
  std::size_t until_ = 1;              // how many of those are left
  std::array<CallTime, 2> call_time_;  // reading as they come, gathering
};

}  // namespace tern
