// Joins what clients were told with what servers ran, and says which promises were broken.
#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "chaos/history.h"

namespace tern::chaos {

// What may not happen to a call, not once.
enum class Breach : std::uint8_t {
  kLost,         // no outcome, though its client lived on
  kLate,         // the outcome came long after the deadline
  kTwoOutcomes,  // of one call
  kDoubled,      // a method that must not run twice did, for one call
  kCrossed,      // the answer to another call, or a damaged one
  kFalseNo,      // "the handler has not run", and it has
  kFalseYes,     // success, or "the handler has run", and none has
  kCancelled,    // and nobody has cancelled it
  kStranger,     // an execution or an outcome of a call that nobody made
  kCount
};
std::string_view breach_name(Breach breach) noexcept;

// What a run was, as far as calls go.
struct Verdict {
  std::uint64_t calls = 0;
  std::uint64_t runs = 0;
  std::uint64_t succeeded = 0;
  std::array<std::uint64_t, 3> failed{};     // by HandlerRan
  std::array<std::uint64_t, 17> by_code{};   // of the failures
  std::uint64_t died_with_their_client = 0;  // without an outcome
  std::uint64_t ran_more_than_once = 0;      // of methods that may
  Nanoseconds latest{0};                     // the longest time an outcome came after its deadline
  std::uint64_t later_than_tenth = 0;        // outcomes 100 ms or more behind it
  std::array<std::uint64_t, static_cast<std::size_t>(Breach::kCount)> breaches{};
  std::vector<std::string> examples;  // of breaches, the first of them

  std::uint64_t broken() const noexcept;
};

// Threads: one.
class Judge {
 public:
  // How long after its deadline an outcome may come, besides the time in which its client did not
  // run: nobody promises that a machine without a free processor is on time.
  explicit Judge(Nanoseconds slack) : slack_(slack) {}

  // That process was killed: its calls need no outcome.
  void client_was_killed(std::uint32_t caller) { killed_.insert(caller); }
  void add(const std::vector<Record>& records);
  // When all is added.
  Verdict judge() const;

 private:
  struct Call {
    bool started = false;
    std::uint8_t flags = 0;
    std::uint16_t channel = 0;
    std::int64_t begun = 0;
    std::int64_t deadline = 0;
    int ends = 0;
    Record end;
    int runs = 0;
  };
  struct Pause {
    std::int64_t from;
    std::int64_t to;
  };

  Nanoseconds paused(std::uint32_t caller, std::int64_t from, std::int64_t to) const;
  void judge(Nonce nonce, const Call& call, Verdict& verdict) const;
  void judge_end(Nonce nonce, const Call& call, Verdict& verdict) const;
  static void report(Breach breach, Nonce nonce, const Call& call, Verdict& verdict);

  const Nanoseconds slack_;
  std::set<std::uint32_t> killed_;
  std::map<Nonce, Call> calls_;
  std::map<std::uint32_t, std::vector<Pause>> pauses_;
};

}  // namespace tern::chaos
