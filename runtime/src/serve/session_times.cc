#include "serve/session_times.h"

#include <algorithm>

namespace tern::serve {

namespace {

// A client that has heard that the server goes away has so long to leave by itself.
constexpr std::chrono::seconds kTimeToLeave{1};

// A peer that is not read from is looked for so often.
constexpr std::chrono::seconds kWatch{1};

// The last words of a connection that the server ends have so long to be read.
constexpr std::chrono::seconds kTimeForLastWords{2};

}  // namespace

bool SessionTimes::note_partial(bool partial, bool completed) noexcept {
  if (!partial) {
    message_since_ = kNever;
    return false;
  }
  if (!completed && message_since_ != kNever) return false;
  message_since_ = now_;
  return true;
}

bool SessionTimes::watch_due() const noexcept {
  return now_ - watched_at_ >= kWatch;
}

void SessionTimes::note_last_words() noexcept {
  closing_due_ = std::min(closing_due_, saturating_add(now_, kTimeForLastWords));
}

bool SessionTimes::note_held(std::size_t bytes) noexcept {
  const bool begins = bytes > 0 && held_ == 0;
  if (bytes == 0) {
    held_since_ = kNever;
  } else if (begins || bytes < held_) {
    held_since_ = now_;
  }
  held_ = bytes;
  return begins;
}

void SessionTimes::note_old() noexcept {
  old_at_ = Clock::TimePoint::max();
  if (options_.max_connection_age_grace.count() <= 0) return;
  grace_due_ = saturating_add(now_, options_.max_connection_age_grace);
}

Clock::TimePoint SessionTimes::next(Stage stage, bool watches) const noexcept {
  auto after = [](Clock::TimePoint start, std::chrono::nanoseconds wait) {
    return wait.count() > 0 && start != kNever ? saturating_add(start, wait)
                                               : Clock::TimePoint::max();
  };
  if (stage == Stage::kClosing) return closing_due_;
  if (stage == Stage::kDialed) return Clock::TimePoint::max();
  if (stage == Stage::kHandshake) return after(opened_at_, options_.handshake_timeout);
  Clock::TimePoint due = std::min({after(message_since_, options_.message_timeout),
                                   after(half_closed_since_, options_.half_close_timeout),
                                   after(held_since_, options_.write_timeout)});
  if (watches) due = std::min(due, after(watched_at_, kWatch));
  if (stage == Stage::kDraining) {
    return std::min({due, grace_due_, after(finished_since_, kTimeToLeave)});
  }
  return std::min({due, old_at_, after(last_activity_, options_.idle_timeout)});
}

SessionTimes::Due SessionTimes::due(Stage stage, bool watches) const noexcept {
  if (next(stage, watches) > now_) return Due::kNothing;
  if (stage == Stage::kClosing) return Due::kLastWords;
  if (stage == Stage::kHandshake || stage == Stage::kDialed) return Due::kHandshake;
  if (over(message_since_, options_.message_timeout)) return Due::kMessage;
  if (over(half_closed_since_, options_.half_close_timeout)) return Due::kHalfClose;
  if (over(held_since_, options_.write_timeout)) return Due::kUnread;
  if (stage == Stage::kDraining) return now_ >= grace_due_ ? Due::kAgeGrace : Due::kTimeToLeave;
  return now_ >= old_at_ ? Due::kAge : Due::kIdle;
}

}  // namespace tern::serve
