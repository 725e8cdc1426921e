// How far a cluster's call has come.
#pragma once

#include <algorithm>
#include <atomic>
#include <cstdint>

#include "tern/status.h"

namespace tern::cluster {

// The state of a call, the number of attempts that run, and the worst outcome of the handlers of
// those that have failed. It is one word, so that no attempt begins after the end, and the end
// knows of every attempt. All transitions are here:
//
//   kChoosing    begin()   kAttempting   a server has been chosen
//   kChoosing    wait()    kWaiting      no server is connected
//   kChoosing    pause()   kPausing      it has been to every server
//   kWaiting     choose()  kChoosing     a thread has taken it out of the queue
//   kPausing     choose()  kChoosing     the same
//   kAttempting  fail()    kChoosing     the last attempt that ran has failed
//   any          end()     kEnded        after that nothing changes
//
// In kChoosing one thread owns the call, in kWaiting and kPausing the queue, in kAttempting its
// attempts: several, if it is `hedged`. Only the owner makes a transition. Threads: any.
class CallProgress {
 public:
  enum class State : std::uint8_t { kChoosing, kWaiting, kPausing, kAttempting, kEnded };

  // Who owns the call after an attempt has failed.
  enum class Left : std::uint8_t {
    kCall,    // the thread that asks
    kOthers,  // other attempts
    kNothing  // nobody: the call had ended
  };

  State state() const noexcept { return state_in(word_.load()); }
  bool ended() const noexcept { return (word_.load() & kEndedBit) != 0; }

  void wait() noexcept { set(State::kWaiting); }
  void pause() noexcept { set(State::kPausing); }
  void choose() noexcept { set(State::kChoosing); }

  // An attempt begins; without hedges one runs at a time, and is not counted. False: it must not,
  // since the call has ended.
  bool begin(bool hedged) noexcept {
    const std::uint32_t word = word_.load(std::memory_order_relaxed);
    if ((word & kEndedBit) != 0) return false;
    word_.store(with(word, State::kAttempting) + (hedged ? kOne : 0), std::memory_order_release);
    return true;
  }
  // One more begins beside others. False: it must not, since none runs, or the call has ended.
  bool begin_beside() noexcept {
    std::uint32_t word = word_.load();
    do {
      if (state_in(word) != State::kAttempting) return false;
    } while (!word_.compare_exchange_weak(word, word + kOne));
    return true;
  }

  // One has failed.
  Left fail(HandlerRan ran, bool hedged) noexcept {
    std::uint32_t word = word_.load(std::memory_order_relaxed);
    if (!hedged) {
      if ((word & kEndedBit) != 0) return Left::kNothing;
      word_.store(with(with(word, ran), State::kChoosing), std::memory_order_relaxed);
      return Left::kCall;
    }
    std::uint32_t next = 0;
    do {
      if ((word & kEndedBit) != 0) return Left::kNothing;
      next = with(word, ran) - kOne;
      if (next < kOne) next = with(next, State::kChoosing);
    } while (!word_.compare_exchange_weak(word, next));
    return next >= kOne ? Left::kOthers : Left::kCall;
  }

  // The call ends: true once. `shared`: others may be about to end it, too.
  bool end(bool shared) noexcept {
    if (shared) return (word_.fetch_or(kEndedBit) & kEndedBit) == 0;
    const std::uint32_t word = word_.load(std::memory_order_relaxed);
    if ((word & kEndedBit) != 0) return false;
    word_.store(word | kEndedBit, std::memory_order_release);
    return true;
  }

  // After the end, if the call has failed: whether any handler can have run. An attempt that still
  // runs has said nothing.
  HandlerRan ran() const noexcept {
    const std::uint32_t word = word_.load(std::memory_order_relaxed);
    const auto said = static_cast<HandlerRan>((word & kRan) >> kRanShift);
    return word < kOne ? said : std::max(said, HandlerRan::kUnknown);
  }

 private:
  // The state up to kAttempting, and whether it has ended.
  static constexpr std::uint32_t kState = 3;
  static constexpr std::uint32_t kEndedBit = static_cast<std::uint32_t>(State::kEnded);
  static constexpr unsigned kRanShift = 3;
  static constexpr std::uint32_t kRan = 3u << kRanShift;
  static constexpr std::uint32_t kOne = 1u << 5;  // attempt that runs

  static State state_in(std::uint32_t word) noexcept {
    return (word & kEndedBit) != 0 ? State::kEnded : static_cast<State>(word & kState);
  }
  static std::uint32_t with(std::uint32_t word, State state) noexcept {
    return (word & ~kState) | static_cast<std::uint32_t>(state);
  }
  static std::uint32_t with(std::uint32_t word, HandlerRan ran) noexcept {
    const std::uint32_t said = static_cast<std::uint32_t>(ran) << kRanShift;
    return (word & ~kRan) | std::max(word & kRan, said);
  }

  // By the owner, while no attempt runs that could change the word.
  void set(State state) noexcept {
    word_.store(with(word_.load(std::memory_order_relaxed), state), std::memory_order_release);
  }

  std::atomic<std::uint32_t> word_ = 0;
};

}  // namespace tern::cluster
