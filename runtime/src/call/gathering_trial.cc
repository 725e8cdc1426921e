#include "call/gathering_trial.h"

#include <algorithm>

namespace tern {

namespace {

// A window is so long, and longer if fewer replies come.
constexpr Clock::Duration kWindow = std::chrono::milliseconds(50);
constexpr std::size_t kEnoughReplies = 200;
constexpr Clock::Duration kPause = std::chrono::milliseconds(20);
// Windows of the better choice between two of the other: doubled as long as it stays the better.
constexpr std::size_t kLeastBetween = 4;
constexpr std::size_t kMostBetween = 64;
// What a window counts for in the smoothed times, one part in so many: of the better choice, and of
// the other one, which is seen seldom.
constexpr int kSmoothing = 8;
constexpr int kSmoothingSeldom = 2;
// Replies that a turn finds, on average, without letting them gather: so many are many.
constexpr std::size_t kMany = 16;
// What is quicker by less than one part in so many is not quicker.
constexpr int kTie = 16;

}  // namespace

void GatheringTrial::CallTime::add(Clock::Duration seen, int smoothing) noexcept {
  if (mean == Clock::Duration::zero()) mean = seen;
  mean += (seen - mean) / smoothing;
}

bool GatheringTrial::after(Clock::TimePoint now, std::size_t replies,
                           std::size_t in_flight) noexcept {
  // A pause is no measure of anything.
  if (now - last_turn_ > kPause) {
    begin_window(now);
  } else {
    replies_ += replies;
    ++turns_;
    all_calls_ += (now - last_turn_) * static_cast<Clock::Duration::rep>(in_flight_);
  }
  last_turn_ = now;
  in_flight_ = in_flight;
  if (now - begun_ >= kWindow && replies_ >= kEnoughReplies) {
    end_window();
    begin_window(now);
  }
  return gathers_;
}

void GatheringTrial::begin_window(Clock::TimePoint now) noexcept {
  begun_ = now;
  replies_ = 0;
  turns_ = 0;
  all_calls_ = Clock::Duration::zero();
}

void GatheringTrial::end_window() noexcept {
  const bool many_come = !gathers_ && replies_ >= kMany * turns_;
  call_time_[gathers_].add(all_calls_ / static_cast<Clock::Duration::rep>(replies_),
                           gathers_ == better_ ? kSmoothing : kSmoothingSeldom);
  if (gathers_ == better_) {
    if (--until_ > 0) return;
    gathers_ = !better_ && !many_come;
    until_ = 1;
    if (gathers_ != better_) return;
  }
  bool now_better = !many_come && gathering_is_better();
  between_ =
      now_better == better_ ? std::clamp(2 * between_, kLeastBetween, kMostBetween) : kLeastBetween;
  better_ = now_better;
  gathers_ = better_;
  until_ = between_;
}

bool GatheringTrial::gathering_is_better() const noexcept {
  Clock::Duration plain = call_time_[false].mean;
  return call_time_[true].mean <= plain + plain / kTie;
}

}  // namespace tern
