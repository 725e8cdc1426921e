// What happened, as one number: two runs of a seed have the same, or something was left to chance.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "sim/fault.h"
#include "tern/clock.h"

namespace tern::sim {

class Trace {
 public:
  // `clock` outlives this. With `print`, every step is a line on standard output.
  Trace(const Clock& clock, bool print) noexcept
      : clock_(clock), start_(clock.now()), print_(print) {}

  void step(std::string_view what, std::uint64_t a = 0, std::uint64_t b = 0);
  // The same, and counts.
  void fault(Fault fault, std::uint64_t a = 0);
  // For people alone; not a part of the number.
  void note(std::string_view text) const;

  std::uint64_t hash() const noexcept { return hash_; }
  std::uint64_t steps() const noexcept { return steps_; }
  const FaultCounts& faults() const noexcept { return faults_; }
  bool prints() const noexcept { return print_; }

 private:
  void mix(std::uint64_t value) noexcept;
  std::string now() const;

  const Clock& clock_;
  const Clock::TimePoint start_;
  const bool print_;
  std::uint64_t hash_ = 0xcbf29ce484222325u;
  std::uint64_t steps_ = 0;
  FaultCounts faults_{};
};

}  // namespace tern::sim
