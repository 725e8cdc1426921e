// How far a cluster's call has come.
#pragma once

#include <algorithm>
#include <atomic>
#include <cstdint>

#include "tern/status.h"

namespace tern {

// Which attempts run, the worst that those which have failed say of their handlers, and whether the
// call has ended: in one word, so that no attempt begins behind the end, and the end knows of every
// attempt. After the end it does not change. Threads: any where attempts are `hedged`, else one at
// a time.
class CallProgress {
 public:
  // What an attempt that has failed leaves behind.
  enum class Left : std::uint8_t {
    kCall,    // the call, for the one who asks
    kOthers,  // attempts, of which the last one has the call
    kNothing  // the call had ended
  };

  bool ended() const noexcept { return (word_.load() & kEnded) != 0; }
  // With hedges alone; without them one attempt runs at a time, and is not counted.
  bool runs() const noexcept { return word_.load() >= kOne; }

  // A hedged attempt begins. False: it must not, since the call has ended or, for one that is to
  // run `beside` others, since none runs.
  bool begin(bool beside) noexcept {
    std::uint32_t word = word_.load();
    do {
      if ((word & kEnded) != 0 || (beside && word < kOne)) return false;
    } while (!word_.compare_exchange_weak(word, word + kOne));
    return true;
  }

  // One has failed.
  Left fail(HandlerRan ran, bool hedged) noexcept {
    std::uint32_t word = word_.load(std::memory_order_relaxed);
    if (!hedged) {
      if ((word & kEnded) != 0) return Left::kNothing;
      word_.store(with(word, ran), std::memory_order_relaxed);
      return Left::kCall;
    }
    std::uint32_t next = 0;
    do {
      if ((word & kEnded) != 0) return Left::kNothing;
      next = with(word, ran) - kOne;
    } while (!word_.compare_exchange_weak(word, next));
    return next >= kOne ? Left::kOthers : Left::kCall;
  }

  // The call ends: true once. `shared`: others may be about to end it, too.
  bool end(bool shared) noexcept {
    if (shared) return (word_.fetch_or(kEnded) & kEnded) == 0;
    const std::uint32_t word = word_.load(std::memory_order_relaxed);
    if ((word & kEnded) != 0) return false;
    word_.store(word | kEnded, std::memory_order_release);
    return true;
  }

  // After the end, if the call has failed: whether any handler can have run.
  HandlerRan ran() const noexcept {
    const std::uint32_t word = word_.load(std::memory_order_relaxed);
    const auto said = static_cast<HandlerRan>((word & kRan) >> kRanShift);
    return word < kOne ? said : std::max(said, HandlerRan::kUnknown);
  }

 private:
  static constexpr std::uint32_t kEnded = 1;
  static constexpr unsigned kRanShift = 1;
  static constexpr std::uint32_t kRan = 3u << kRanShift;
  static constexpr std::uint32_t kOne = 1u << 3;  // attempt that runs

  static std::uint32_t with(std::uint32_t word, HandlerRan ran) noexcept {
    const std::uint32_t said = static_cast<std::uint32_t>(ran) << kRanShift;
    return (word & ~kRan) | std::max(word & kRan, said);
  }

  std::atomic<std::uint32_t> word_ = 0;
};

}  // namespace tern
