// The faults of a run, all chosen before it begins, by a seed.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "chaos/fault.h"

namespace tern::chaos {

struct PlannedFault {
  Fault fault = Fault::kServerKilled;
  std::chrono::milliseconds from{0};  // since the run began
  std::chrono::milliseconds to{0};    // when it heals
  std::size_t server = 0;             // of those that it befalls, if any
  std::size_t client = 0;

  bool operator==(const PlannedFault&) const = default;
};

struct PlanOptions {
  std::uint64_t seed = 0;
  std::chrono::milliseconds length{0};
  std::size_t servers = 0;
  std::size_t clients = 0;
  std::vector<Fault> faults;  // those that this machine can have; others are left out
};

// In the order in which they begin. Several at once, but of a process that is down, stopped or
// starved no second one; all have healed when the time is over. The same for the same options.
std::vector<PlannedFault> make_plan(const PlanOptions& options);

}  // namespace tern::chaos
