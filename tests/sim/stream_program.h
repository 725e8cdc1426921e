// One stream's caller, as StreamPrograms has it.
#pragma once

#include <optional>
#include <utility>

#include "sim/stream_programs.h"

namespace tern::sim {

// What one stream's program knows.
struct StreamPrograms::Program {
  Program(Nonce number, StreamPlan what, Way over, Dice chance)
      : nonce(number), plan(what), way(std::move(over)), dice(chance) {}

  const Nonce nonce;
  const StreamPlan plan;
  const Way way;
  Dice dice;
  bool stalled = false;
  // When a message came while the program waited for it: one of them, and the last one.
  std::optional<Clock::TimePoint> heard_at;
  std::optional<Clock::TimePoint> last_heard_at;
  Clock::TimePoint waits_since{};  // it began to read
};

template <typename S>
struct StreamPrograms::ProgramOf : Program {
  ProgramOf(const Program& program, S opened) : Program(program), stream(std::move(opened)) {}

  std::optional<S> stream;
};

}  // namespace tern::sim
