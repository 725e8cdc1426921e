// A program that calls its own server, on one thread, while one of its allocations fails.
#pragma once

#include <asio/io_context.hpp>
#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <string_view>
#include <vector>

#include "tern/clock.h"
#include "tern/tern.h"

namespace tern::test {

// What has become of the program, and of all that it started.
enum class Verdict : int {
  kGood = 0,
  kAllAllocationsDone = 50,  // there was no such allocation: the end
  kLostCall = 51,
  kDoubledCall = 52,
  kNotUsable = 53,
  kLeak = 54,
  kNotStopped = 55,
};
std::string_view name_of(Verdict verdict);

// The calls that a program has begun: each is to end once.
class Ledger {
 public:
  Ledger() { ended_.reserve(200); }

  // One more that is about to begin. Its number.
  std::size_t begin() {
    ended_.push_back(0);
    return ended_.size() - 1;
  }
  void end(std::size_t call) { ++ended_[call]; }
  // Starts one that is over when `done` is called, or could not be started.
  template <typename F>
  void watch(F start) {
    std::size_t call = begin();
    try {
      start([this, call] { end(call); });
    } catch (...) {
      end(call);  // the caller knows
      throw;
    }
  }

  Verdict verdict() const;

 private:
  std::vector<int> ended_;  // how often
};

// Its time, which the program turns.
class Turns {
 public:
  Turns(asio::io_context& io, ManualClock& clock) : io_(io), clock_(clock) {}

  // Runs what can run now.
  void settle();
  void advance(std::chrono::nanoseconds time);
  asio::io_context& io() noexcept { return io_; }

 private:
  asio::io_context& io_;
  ManualClock& clock_;
};

// What the program does: its service, and one round of calls.
struct Work {
  std::string_view name;
  std::string_view address;
  std::function<std::shared_ptr<Service>()> make_service;
  // Leaves nothing that lives on: what it started has ended, or ends with the client.
  std::function<void(Client&, Ledger&, Turns&)> make_calls;
  // Calls `done` with true if one good call has had its answer.
  std::function<void(Client&, std::function<void(bool)>)> check;
};

class Program {
 public:
  explicit Program(const Work& work) : work_(work) {}

  // All that a program does in its life, from its first object to its last.
  Verdict run();

 private:
  Verdict live(Ledger& ledger);
  bool is_usable(Client& client, Turns& turns);

  const Work& work_;
};

// In a process of its own: the wait status of a program whose n-th allocation fails. It ends with a
// Verdict.
int status_of(const Work& work, std::size_t n);

}  // namespace tern::test
