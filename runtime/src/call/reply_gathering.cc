#include "call/reply_gathering.h"

#include <algorithm>
#include <utility>

namespace tern::call {

namespace {

// With fewer calls in flight behind them, replies are read as they come.
constexpr std::size_t kFewCalls = 16;
// Fewer replies at once are not worth a timer.
constexpr std::size_t kFewReplies = 4;
// Large replies are worth a read of their own.
constexpr std::size_t kMostBytes = 16 * 1024;
// What a turn counts for in the smoothed values: one part in four.
constexpr int kSmoothing = 4;

}  // namespace

std::size_t ReplyGathering::after(const Turn& turn) noexcept {
  if (turn.younger < kFewCalls || turn.replies == 0) {
    knows_last_turn_ = knows_last_turn_ && turn.replies == 0;
    waiting_ = 0;
    return 0;
  }
  Clock::Duration elapsed = std::min(turn.now - last_turn_, limit_);
  last_turn_ = turn.now;
  if (!std::exchange(knows_last_turn_, true)) {
    pace_ = limit_;
    size_ = turn.bytes / turn.replies;
    return 0;
  }
  // Signed, as durations are: the division by a number of replies would not be.
  Clock::Duration pace = elapsed / static_cast<Clock::Duration::rep>(turn.replies);
  pace_ += (pace - pace_) / kSmoothing;
  size_ = (size_ * (kSmoothing - 1) + turn.bytes / turn.replies) / kSmoothing;

  std::size_t worth = worth_waiting_for(turn.younger);
  bool waits = waiting_ > 0;
  if (worth < kFewReplies || (!waits && turn.replies >= worth)) {
    waiting_ = 0;
  } else if (worth < waiting_ || worth > waiting_ + waiting_ / 2) {
    // A little less than would do, so that small changes of the pace do not change this.
    waiting_ = worth - worth / 8;
  }
  return waiting_ * size_;
}

std::size_t ReplyGathering::worth_waiting_for(std::size_t younger) const noexcept {
  Clock::Duration pace = std::max(pace_, Clock::Duration(1));
  std::size_t in_time = static_cast<std::size_t>(limit_ * 3 / 4 / pace);
  return std::min({younger / 2, in_time, kMostBytes / std::max<std::size_t>(size_, 1)});
}

}  // namespace tern::call
