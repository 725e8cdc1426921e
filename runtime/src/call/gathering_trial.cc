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
// What a window counts for in a smoothed pace, one part in so many: of the better choice, and of
// the other one, which is seen seldom.
constexpr int kSmoothing = 8;
constexpr int kSmoothingSeldom = 2;
// What was better stays so until the other one is quicker by more than one part in so many.
constexpr int kGain = 32;

}  // namespace

void GatheringTrial::Pace::add(Clock::Duration seen, int smoothing) noexcept {
  if (a_reply == Clock::Duration::zero()) a_reply = seen;
  a_reply += (seen - a_reply) / smoothing;
}

bool GatheringTrial::after(Clock::TimePoint now, std::size_t replies) noexcept {
  // A pause is no measure of anything.
  if (now - last_turn_ > kPause) {
    begun_ = now;
    replies_ = 0;
  } else {
    replies_ += replies;
  }
  last_turn_ = now;
  if (now - begun_ >= kWindow && replies_ >= kEnoughReplies) {
    end_window(now - begun_);
    begun_ = now;
    replies_ = 0;
  }
  return gathers_;
}

void GatheringTrial::end_window(Clock::Duration elapsed) noexcept {
  pace_[gathers_].add(elapsed / static_cast<Clock::Duration::rep>(replies_),
                      gathers_ == better_ ? kSmoothing : kSmoothingSeldom);
  if (gathers_ == better_) {
    if (--until_ == 0) gathers_ = !better_;
    return;
  }
  bool now_better = gathering_is_better();
  between_ =
      now_better == better_ ? std::clamp(2 * between_, kLeastBetween, kMostBetween) : kLeastBetween;
  better_ = now_better;
  gathers_ = better_;
  until_ = between_;
}

bool GatheringTrial::gathering_is_better() const noexcept {
  Clock::Duration plain = pace_[false].a_reply;
  Clock::Duration gathering = pace_[true].a_reply;
  return better_ ? plain >= gathering - gathering / kGain : gathering < plain - plain / kGain;
}

}  // namespace tern
