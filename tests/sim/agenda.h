// What will happen at which time, besides the timers of the code under test.
#pragma once

#include <asio/awaitable.hpp>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <utility>

#include "tern/clock.h"

namespace tern::sim {

// Things of the same time happen in the order in which they were put in.
class Agenda {
 public:
  // Never 0.
  using Id = std::uint64_t;

  explicit Agenda(const Clock& clock) noexcept : clock_(clock) {}
  Agenda(const Agenda&) = delete;
  Agenda& operator=(const Agenda&) = delete;

  Id at(Clock::TimePoint due, std::function<void()> what);
  Id after(Clock::Duration wait, std::function<void()> what);
  void cancel(Id id);

  std::optional<Clock::TimePoint> next() const;
  // Runs the first thing that is due now; false if none is.
  bool run_one();
  std::size_t size() const noexcept { return things_.size(); }

  // Waits in a coroutine on Tern's time. Throws what Asio throws when the coroutine is cancelled.
  asio::awaitable<void> sleep(Clock::Duration wait);

 private:
  const Clock& clock_;
  Id last_ = 0;
  std::map<std::pair<Clock::TimePoint, Id>, std::function<void()>> things_;
  std::map<Id, Clock::TimePoint> times_;
};

}  // namespace tern::sim
