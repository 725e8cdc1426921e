// Runs simulations from the command line:
//   tern_sim --seed 7                one seed
//   tern_sim --seed 7 --steps        prints every step
//   tern_sim --from 1 --to 500       many; prints those that break a promise
//   --stop                          ends with the first seed that breaks one
//   --calls N                        of each, 200 by default
//   --protocol P                     what all clients speak; by default each draws one
// Ends with 1 if a promise was broken, with 2 on a wrong argument.
#include <fmt/format.h>

#include <charconv>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string_view>

#include "sim/world.h"

namespace {

using tern::sim::FaultCounts;
using tern::sim::Outcome;
using tern::sim::Plan;

struct Arguments {
  Plan plan;
  bool stop = false;
  std::uint64_t from = 1;
  std::uint64_t to = 1;
};

bool number(std::string_view text, std::uint64_t& into) {
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), into);
  return error == std::errc() && end == text.data() + text.size();
}

int usage(std::string_view problem) {
  fmt::print(
      stderr,
      "tern_sim: {}\nusage: tern_sim [--seed N | --from N --to N] [--calls N] [--protocol P] "
      "[--steps] [--stop]\nprotocols:",
      problem);
  for (int i = 0; i < static_cast<int>(tern::sim::Via::kCount); ++i) {
    fmt::print(stderr, " {}", tern::sim::via_name(static_cast<tern::sim::Via>(i)));
  }
  fmt::print(stderr, "\n");
  return 2;
}

// 0, or what main() is to return.
int read(int argc, char** argv, Arguments& into) {
  for (int i = 1; i < argc; ++i) {
    std::string_view name = argv[i];
    if (name == "--steps") {
      into.plan.print = true;
      continue;
    }
    if (name == "--stop") {
      into.stop = true;
      continue;
    }
    if (i + 1 == argc) return usage(fmt::format("expected a value behind \"{}\"", name));
    std::string_view value = argv[++i];
    std::uint64_t parsed = 0;
    if (name == "--protocol") {
      into.plan.via = tern::sim::via_of(value);
      if (!into.plan.via) return usage(fmt::format("there is no protocol \"{}\"", value));
      continue;
    }
    if (!number(value, parsed)) {
      return usage(fmt::format("{}: expected a number, got \"{}\"", name, value));
    }
    if (name == "--seed") {
      into.from = into.to = parsed;
    } else if (name == "--from") {
      into.from = parsed;
    } else if (name == "--to") {
      into.to = parsed;
    } else if (name == "--calls") {
      into.plan.calls = parsed;
    } else {
      return usage(fmt::format("there is no argument \"{}\"", name));
    }
  }
  return 0;
}

struct Sums {
  std::uint64_t seeds = 0;
  std::uint64_t broken = 0;
  std::uint64_t calls = 0;
  std::uint64_t ended_well = 0;
  std::uint64_t ran_no = 0;
  std::uint64_t ran_unknown = 0;
  std::uint64_t ran_yes = 0;
  std::uint64_t streams = 0;
  std::uint64_t messages = 0;
  std::chrono::nanoseconds simulated{0};
  FaultCounts faults{};

  void add(const Outcome& outcome) {
    ++seeds;
    broken += outcome.violations.empty() ? 0 : 1;
    calls += outcome.calls;
    ended_well += outcome.ended_well;
    ran_no += outcome.ran_no;
    ran_unknown += outcome.ran_unknown;
    ran_yes += outcome.ran_yes;
    streams += outcome.streams;
    messages += outcome.messages;
    simulated += outcome.simulated;
    for (std::size_t i = 0; i < faults.size(); ++i) faults[i] += outcome.faults[i];
  }
};

}  // namespace

int main(int argc, char** argv) {
  Arguments arguments;
  if (int wrong = read(argc, argv, arguments); wrong != 0) return wrong;
  auto begin = std::chrono::steady_clock::now();
  Sums sums;
  for (std::uint64_t seed = arguments.from; seed <= arguments.to; ++seed) {
    arguments.plan.seed = seed;
    Outcome outcome = tern::sim::simulate(arguments.plan);
    sums.add(outcome);
    if (arguments.from == arguments.to) {
      fmt::print("seed {}: {} steps, trace {:016x}\n", seed, outcome.steps, outcome.hash);
    }
    for (const std::string& violation : outcome.violations) {
      fmt::print("seed {}: {}\n", seed, violation);
    }
    std::fflush(stdout);
    if (arguments.stop && sums.broken > 0) break;
  }
  double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  fmt::print(
      "{} seeds, {} with a broken promise; {} calls, {} of them streams with {} messages: {} ended "
      "well, of the failures {} say that no "
      "handler has run, {} that one can have, {} that one has; {:.0f} s simulated in {:.1f} s\n",
      sums.seeds, sums.broken, sums.calls, sums.streams, sums.messages, sums.ended_well,
      sums.ran_no, sums.ran_unknown, sums.ran_yes,
      std::chrono::duration<double>(sums.simulated).count(), seconds);
  for (std::size_t i = 0; i < sums.faults.size(); ++i) {
    fmt::print("{:>12}  {}\n", sums.faults[i],
               tern::sim::fault_name(static_cast<tern::sim::Fault>(i)));
  }
  return sums.broken == 0 ? 0 : 1;
}
