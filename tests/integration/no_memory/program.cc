#include "integration/no_memory/program.h"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <asio/executor_work_guard.hpp>
#include <chrono>
#include <memory>
#include <new>
#include <optional>

#include "integration/no_memory/failing_allocation.h"
#include "tern/in_process.h"

namespace tern::test {

using namespace std::chrono_literals;

std::string_view name_of(Verdict verdict) {
  switch (verdict) {
    case Verdict::kGood:
    case Verdict::kAllAllocationsDone:
      return "is well";
    case Verdict::kLostCall:
      return "has lost a call";
    case Verdict::kDoubledCall:
      return "has ended a call twice";
    case Verdict::kNotUsable:
      return "cannot call any more";
    case Verdict::kLeak:
      return "has leaked";
    case Verdict::kNotStopped:
      return "does not stop";
  }
  return "has died";
}

Verdict Ledger::verdict() const {
  Verdict verdict = Verdict::kGood;
  for (int ends : ended_) {
    if (ends > 1) return Verdict::kDoubledCall;
    if (ends == 0) verdict = Verdict::kLostCall;
  }
  return verdict;
}

void Turns::settle() {
  for (int i = 0; i < 10'000; ++i) {
    try {
      if (io_.poll() == 0) return;
    } catch (const std::bad_alloc&) {
      // As the threads of an IoPool do.
    }
  }
}

void Turns::advance(std::chrono::nanoseconds time) {
  clock_.advance(time);
  settle();
}

Verdict Program::run() {
  const long before = blocks_on_heap();
  Verdict verdict = Verdict::kGood;
  Verdict calls = Verdict::kGood;
  {
    Ledger ledger;
    try {
      verdict = live(ledger);
    } catch (const std::bad_alloc&) {
      // A constructor or a function of the program's own has thrown it, as it may.
    }
    count_allocations(false);
    calls = ledger.verdict();
  }
  if (calls == Verdict::kDoubledCall || verdict == Verdict::kGood) {
    if (calls != Verdict::kGood) return calls;
  }
  if (verdict != Verdict::kGood) return verdict;
  return blocks_on_heap() == before ? Verdict::kGood : Verdict::kLeak;
}

Verdict Program::live(Ledger& ledger) {
  asio::io_context io(1);
  auto work = asio::make_work_guard(io);
  ManualClock clock;
  Turns turns(io, clock);
  IoPool pool(io, clock);
  ServerOptions server_options;
  server_options.blocking_executor = io.get_executor();
  server_options.page_executor = io.get_executor();
  server_options.log_level = LogLevel::kOff;
  Server server(pool, server_options);
  if (!server.add(work_.make_service()).ok()) return Verdict::kNotUsable;
  ClientOptions client_options;
  client_options.log_level = LogLevel::kOff;
  client_options.dialer = in_process_dialer(server);
  std::optional<Client> client;
  client.emplace(work_.address, pool, client_options);
  Verdict verdict = Verdict::kGood;
  try {
    count_allocations(true);
    for (int round = 0; round < 3; ++round) work_.make_calls(*client, ledger, turns);
    count_allocations(false);
    if (!is_usable(*client, turns)) verdict = Verdict::kNotUsable;
    count_allocations(true);
  } catch (const std::bad_alloc&) {
    // Of a call that could not be started.
    count_allocations(false);
    if (!is_usable(*client, turns)) verdict = Verdict::kNotUsable;
  }
  try {
    client->close();
  } catch (const std::bad_alloc&) {
    client->close();  // it may be called again
  }
  count_allocations(false);
  bool stopped = false;
  server.async_stop(0s, [&stopped] { stopped = true; });
  for (int i = 0; i < 100 && !stopped; ++i) {
    turns.settle();
    clock.advance(1s);
  }
  turns.settle();
  if (verdict == Verdict::kGood && !stopped) verdict = Verdict::kNotStopped;
  if (!stopped) io.stop();
  return verdict;
}

bool Program::is_usable(Client& client, Turns& turns) {
  // It may have to connect again, after a wait.
  for (int i = 0; i < 300; ++i) {
    auto good = std::make_shared<bool>(false);
    work_.check(client, [good](bool answered) { *good = answered; });
    turns.settle();
    turns.advance(1s);
    if (*good) return true;
  }
  return false;
}

int status_of(const Work& work, std::size_t n) {
  pid_t child = ::fork();
  if (child == 0) {
    ::alarm(20);
    fail_allocation(n);
    Program program(work);
    Verdict verdict = program.run();
    if (verdict == Verdict::kGood && counted_allocations() < n) {
      verdict = Verdict::kAllAllocationsDone;
    }
    ::_exit(static_cast<int>(verdict));
  }
  int status = 0;
  EXPECT_EQ(::waitpid(child, &status, 0), child);
  return status;
}

}  // namespace tern::test
