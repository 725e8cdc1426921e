// Whether a client gains by letting replies gather.
#pragma once

#include <array>
#include <cstddef>

#include "tern/clock.h"

namespace tern {

// Tries it: mostly does what has been better, and every now and then the other for a short time.
//
// Better is what makes replies come quicker. Where server or client lack the time of a processor,
// fewer wake-ups leave more of it, and the server answers more calls. Where they do not, because
// the server waits for something else or because few calls are made, replies that are held back are
// only late: then the next calls are late too, or all goes on at the same pace. It begins with
// reading as they come, and a tie changes nothing. Threads: one.
class GatheringTrial {
 public:
  // After each turn that brought bytes. Whether replies may gather before the next.
  bool after(Clock::TimePoint now, std::size_t replies) noexcept;

 private:
  struct Pace {
    Clock::Duration a_reply{};  // time from one to the next, smoothed; 0: not seen yet
    void add(Clock::Duration seen, int smoothing) noexcept;
  };

  void end_window(Clock::Duration elapsed) noexcept;
  bool gathering_is_better() const noexcept;

  // Of the present window, which has the same choice all through.
  Clock::TimePoint begun_{};
  Clock::TimePoint last_turn_{};
  bool gathers_ = false;
  std::size_t replies_ = 0;

  bool better_ = false;       // whether gathering is
  std::size_t between_ = 1;   // windows of the better choice, between two of the other
  std::size_t until_ = 1;     // how many of those are left
  std::array<Pace, 2> pace_;  // reading as they come, gathering
};

}  // namespace tern
