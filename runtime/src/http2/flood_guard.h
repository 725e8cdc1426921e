// How many frames that carry nothing a peer may send, and how many pings.
#pragma once

#include <cstddef>
#include <cstdint>

#include "tern/clock.h"

namespace tern::http2 {

// A bucket of tokens: each frame takes one. Time, frames that carry something, and what is sent to
// the peer, which it may answer with such frames, bring some. So a connection that lives long, or
// that much is sent on, has no end to PING, SETTINGS, PRIORITY, WINDOW_UPDATE, RST_STREAM, empty
// DATA, and frames that RFC 9113 does not know, and a flood has.
// No I/O, no clock.
class FloodGuard {
 public:
  // As many may come at once, and as many more each second.
  static constexpr std::int64_t kBurst = 10'000;
  static constexpr std::int64_t kASecond = 1000;
  // What else is taken: by a head over the limit, for which much is decompressed, and by a frame
  // that is the end of its stream.
  static constexpr std::int64_t kLongHead = 1000;
  static constexpr std::int64_t kFault = 100;
  // gRPC's rule: pings come this often, or what comes sooner is a strike; more strikes than these
  // are too many. Clients say 10 s, and are not exact.
  static constexpr Clock::Duration kPingInterval = std::chrono::seconds(9);
  static constexpr int kStrikes = 2;

  // The time of what comes next. It is the beginning of time until this is called.
  void set_time(Clock::TimePoint now) noexcept;

  // --- What has come ---

  // A frame begins; behind it, that it carries something, or is a ping.
  void note_frame() noexcept { --tokens_; }
  void note_carrying() noexcept { add(kOfCarrying); }
  void note_long_head() noexcept { tokens_ -= kLongHead; }
  void note_fault() noexcept { tokens_ -= kFault; }
  void note_ping() noexcept;

  // --- What has left: a head, data, or room in a window. Pings behind it measure the way ---

  void note_sent() noexcept;

  bool flooded() const noexcept { return tokens_ < 0; }
  bool too_many_pings() const noexcept { return strikes_ > kStrikes; }

 private:
  static constexpr std::int64_t kOfCarrying = 10;
  static constexpr std::int64_t kOfSent = 4;

  void add(std::int64_t tokens) noexcept;

  std::int64_t tokens_ = kBurst;
  Clock::TimePoint now_{};
  Clock::TimePoint filled_at_{};
  Clock::TimePoint next_ping_ = Clock::TimePoint::min();
  int strikes_ = 0;
};

}  // namespace tern::http2
