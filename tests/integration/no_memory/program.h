// A program that calls its own server, on one thread, while one of its allocations fails.
#pragma once

#include <asio/io_context.hpp>
#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <ostream>
#include <string_view>

#include "integration/no_memory/callers.h"
#include "integration/no_memory/ledger.h"
#include "tern/clock.h"
#include "tern/tern.h"

namespace tern::test {

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
  std::function<std::shared_ptr<Service>(Ledger&)> make_service;
  // Leaves nothing that lives on: what it started has ended, or ends with the caller.
  std::function<void(Caller&, Ledger&, Turns&)> make_calls;
  // Calls `done` with true if good calls have had their answers.
  std::function<void(Caller&, Turns&, std::function<void(bool)>)> check;
  // Of three rounds: see Ledger::complete().
  std::size_t complete = 0;
  std::string_view codec = {};  // "": the client's own
  MakeCaller* make_caller = make_client;

  friend std::ostream& operator<<(std::ostream& out, const Work& work) { return out << work.name; }
};

class Program {
 public:
  explicit Program(const Work& work) : work_(work) {}

  // All that a program does in its life, from its first object to its last.
  Verdict run();
  // Of what has run.
  std::size_t complete() const { return complete_; }

 private:
  Verdict live(Ledger& ledger);
  Verdict look_around(Server& server, Caller& caller, Turns& turns);
  bool is_usable(Caller& caller, Turns& turns);

  const Work& work_;
  std::size_t complete_ = 0;
};

// In a process of its own: the wait status of a program whose n-th allocation fails. It ends with a
// Verdict.
int status_of(const Work& work, std::size_t n);

// Fails each allocation once, and says how many the program has not survived. The test fails for
// each.
void fail_each_allocation(const Work& work);

}  // namespace tern::test
