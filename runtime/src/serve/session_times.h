// What a session waits for, and since when.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

#include "tern/clock.h"
#include "tern/server.h"

namespace tern::serve {

// Knows the time, and says what is due of a session. Notes of the past are free: they do not read
// the clock, and the session's timer may be early. Threads: the loop's.
class SessionTimes {
 public:
  // How far a session has come, for what it waits for.
  enum class Stage : std::uint8_t {
    kHandshake,
    kDialed,  // as long as its client likes, for its first word
    kOpen,
    kDraining,  // for the peer to leave
    kClosing    // for the peer to read the last words
  };
  enum class Due : std::uint8_t {
    kNothing,
    kHandshake,    // has taken too long
    kMessage,      // likewise, one that has begun
    kHalfClose,    // the peer has closed its side, and its calls are not done
    kTimeToLeave,  // the peer has not left
    kLastWords,    // the peer has not read them
    kUnread,       // its windows have had no room for what waits
    kAge,          // the connection is old
    kAgeGrace,     // and so have its calls been ever since
    kIdle          // nothing has happened
  };

  // `options` outlive this.
  SessionTimes(const ServerOptions& options, Clock::TimePoint now) noexcept
      : options_(options), now_(now), opened_at_(now), turn_(now), last_activity_(now) {}

  // When the clock was last read.
  Clock::TimePoint now() const noexcept { return now_; }
  Clock::TimePoint set_now(Clock::TimePoint now) noexcept { return now_ = now; }
  Clock::TimePoint opened_at() const noexcept { return opened_at_; }

  // --- What happens, now ---

  // Bytes have come.
  void begin_turn() noexcept { turn_ = last_activity_ = now_; }
  // When what is read in this turn came: what had to wait while reading was paused has come earlier
  // than it is read.
  Clock::TimePoint arrived() const noexcept {
    return paused_since_ == kNever ? turn_ : paused_since_;
  }
  // Of the peer, or of its calls.
  void note_activity() noexcept { last_activity_ = now_; }
  // The end of a turn: whether reading is paused.
  void note_paused(bool paused) noexcept {
    if (!paused) {
      paused_since_ = kNever;
    } else if (paused_since_ == kNever) {
      paused_since_ = turn_;
    }
  }
  // Likewise. `partial`: a message has begun and is not complete. `completed`: one before it was,
  // in this turn. True if something may be due earlier than before.
  bool note_partial(bool partial, bool completed) noexcept;
  bool in_message() const noexcept { return message_since_ != kNever; }
  void note_half_close() noexcept { half_closed_since_ = watched_at_ = now_; }
  bool half_closed() const noexcept { return half_closed_since_ != kNever; }
  // It was looked whether the peer is there.
  void note_watched() noexcept { watched_at_ = now_; }
  bool watch_due() const noexcept;
  // Draining: nothing runs; or something does again.
  void note_finished() noexcept { finished_since_ = now_; }
  void note_unfinished() noexcept { finished_since_ = kNever; }
  bool finished() const noexcept { return finished_since_ != kNever; }
  // So many bytes wait for the peer's windows. True if something may be due earlier than before.
  bool note_held(std::size_t bytes) noexcept;
  // The peer can be told that the connection is old: when it is. See max_connection_age.
  void set_age(Clock::Duration age) noexcept { old_at_ = saturating_add(opened_at_, age); }
  // It has been told.
  void note_old() noexcept;
  // The last words are on their way.
  void note_last_words() noexcept;

  // --- What follows. `watches`: whether the peer must be looked for ---

  // When something may be due; TimePoint::max(): never.
  Clock::TimePoint next(Stage stage, bool watches) const noexcept;
  Due due(Stage stage, bool watches) const noexcept;

 private:
  static constexpr Clock::TimePoint kNever = Clock::TimePoint::min();

  bool over(Clock::TimePoint since, std::chrono::nanoseconds limit) const noexcept {
    return since != kNever && limit.count() > 0 && now_ - since >= limit;
  }

  const ServerOptions& options_;
  Clock::TimePoint now_;
  // Times of the past, or kNever.
  const Clock::TimePoint opened_at_;
  Clock::TimePoint turn_;  // when the bytes came that are being read
  Clock::TimePoint last_activity_;
  Clock::TimePoint paused_since_ = kNever;
  Clock::TimePoint message_since_ = kNever;  // when the message began that is not complete
  Clock::TimePoint half_closed_since_ = kNever;
  Clock::TimePoint watched_at_ = kNever;
  Clock::TimePoint finished_since_ = kNever;
  Clock::TimePoint held_since_ = kNever;  // when less last waited for windows, or began to
  std::size_t held_ = 0;
  Clock::TimePoint old_at_ = Clock::TimePoint::max();
  Clock::TimePoint grace_due_ = Clock::TimePoint::max();
  Clock::TimePoint closing_due_ = Clock::TimePoint::max();  // the server waits no longer for it
};

}  // namespace tern::serve
