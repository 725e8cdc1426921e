// Detects a server that is silent while calls wait for it.
#pragma once

#include <cstdint>

#include "base/timer_queue.h"
#include "net/loop.h"
#include "tern/byte_stream.h"
#include "tern/clock.h"
#include "tern/function.h"

namespace tern::call {

// While calls wait, a silence of `interval` is asked about once, with a ping; a silence of
// `timeout` after that means that the server is lost. Any byte is a word: a part of a message, too,
// and one for the other direction of calls, which may keep the pong waiting.
// A ping that has not left, since a long request is before it, is not answered and means nothing:
// whether the server reads is what write_timeout is for.
// Threads: the loop's.
class Keepalive {
 public:
  enum class Step : std::uint8_t {
    kListen,  // nothing is to be done
    kPing,    // a ping is to be sent
    kGiveUp   // the server has not answered the ping
  };

  // In all, so far.
  struct Traffic {
    std::uint64_t bytes_read = 0;
    std::uint64_t bytes_written = 0;
    SharedTraffic shared = {};
  };

  // `on_timer` calls next(), or stop_listening(). An interval of 0: nothing is ever watched.
  Keepalive(Loop& loop, Clock::Duration interval, Clock::Duration timeout,
            UniqueFunction<void()> on_timer);

  // 0: nothing is watched.
  Clock::Duration interval() const noexcept { return interval_; }

  // Something has come.
  void heard(const Traffic& traffic) {
    if (phase_ != Phase::kOff) note(traffic);
  }
  // A call waits: begins to listen unless it does.
  void listen(const Traffic& traffic) {
    if (phase_ == Phase::kIdle) begin(traffic);
  }
  // The timer has fired, and calls still wait. Starts it again unless it is time to give up.
  Step next(const Traffic& traffic);
  // After Step::kPing: the ping has left when so many bytes have been written.
  void set_asked(std::uint64_t ping_end) noexcept { ping_end_ = ping_end; }
  // No call waits any more: the next one begins to listen anew.
  void stop_listening() noexcept;
  // The connection has ended.
  void end() noexcept;

 private:
  // The timer runs in kListening and kAsked.
  enum class Phase : std::uint8_t {
    kOff,        // not wanted, or the connection has ended
    kIdle,       // no call waits
    kListening,  // until the server has been silent for the interval
    kAsked       // until it has been silent for the timeout since the ping
  };

  // Grows with every byte that comes.
  static std::uint64_t bytes(const Traffic& traffic) noexcept {
    return traffic.bytes_read + traffic.shared.bytes_read;
  }
  void note(const Traffic& traffic) noexcept;
  void begin(const Traffic& traffic);

  Loop& loop_;
  const Clock::Duration interval_;
  const Clock::Duration timeout_;
  Phase phase_;
  Clock::TimePoint heard_at_{};
  std::uint64_t heard_bytes_ = 0;  // that had come then
  Clock::TimePoint asked_at_{};    // or when the ping was last seen not to have left
  std::uint64_t ping_end_ = 0;
  base::Timer timer_;
};

}  // namespace tern::call
