#include "integration/no_memory/program.h"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <asio/executor_work_guard.hpp>
#include <chrono>
#include <cstdio>
#include <memory>
#include <new>
#include <utility>

#include "integration/no_memory/failing_allocation.h"
#include "tern/in_process.h"

namespace tern::test {

using namespace std::chrono_literals;

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
    complete_ = ledger.complete();
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
  if (!server.add(work_.make_service(ledger)).ok()) return Verdict::kNotUsable;
  ClientOptions client_options;
  client_options.log_level = LogLevel::kOff;
  client_options.dialer = in_process_dialer(server);
  if (!work_.codec.empty()) client_options.codec = work_.codec;
  const std::unique_ptr<Caller> caller =
      work_.make_caller(work_.address, std::move(client_options), pool);
  Verdict verdict = Verdict::kGood;
  try {
    count_allocations(true);
    for (int round = 0; round < 3; ++round) work_.make_calls(*caller, ledger, turns);
    count_allocations(false);
    verdict = look_around(server, *caller, turns);
    count_allocations(true);
  } catch (const std::bad_alloc&) {
    // Of a call that could not be started.
    count_allocations(false);
    verdict = look_around(server, *caller, turns);
  }
  try {
    caller->close();
  } catch (const std::bad_alloc&) {
    caller->close();  // it may be called again
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

// When all is over that was begun.
Verdict Program::look_around(Server& server, Caller& caller, Turns& turns) {
  turns.settle();
  caller.mend();
  if (!is_usable(caller, turns)) return Verdict::kNotUsable;
  const ServerStats served = server.stats();
  const bool left = caller.left() + served.calls_running + served.streams_open > 0;
  return left ? Verdict::kCallLeft : Verdict::kGood;
}

bool Program::is_usable(Caller& caller, Turns& turns) {
  // It may have to connect again, after a wait.
  for (int i = 0; i < 300; ++i) {
    auto good = std::make_shared<bool>(false);
    work_.check(caller, turns, [good](bool answered) { *good = answered; });
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

void fail_each_allocation(const Work& work) {
  constexpr std::size_t kMost = 10'000;
  Program(work).run();  // what is made once for the process is made here
  Program good(work);
  ASSERT_EQ(name_of(good.run()), name_of(Verdict::kGood));
  ASSERT_EQ(good.complete(), work.complete);
  std::size_t n = 1;
  int bad = 0;
  for (; n <= kMost; ++n) {
    int status = status_of(work, n);
    if (WIFEXITED(status)) {
      auto verdict = static_cast<Verdict>(WEXITSTATUS(status));
      if (verdict == Verdict::kAllAllocationsDone) break;
      if (verdict == Verdict::kGood) continue;
      ADD_FAILURE() << "allocation " << n << ": the program " << name_of(verdict);
    } else {
      ADD_FAILURE() << "allocation " << n << ": the program was killed by signal "
                    << WTERMSIG(status);
    }
    ++bad;
  }
  EXPECT_GT(n, 100u);
  EXPECT_LE(n, kMost);
  std::printf("%zu allocations, %d of them not survived\n", n - 1, bad);
}

}  // namespace tern::test
