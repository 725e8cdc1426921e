// Every allocation fails once: whatever it was for, no call is lost, nothing leaks, and the same
// client and server go on. Of handlers that answer at once: where one waits in a coroutine, Asio
// needs memory to resume it, and ends the process if there is none.
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <asio/executor_work_guard.hpp>
#include <asio/io_context.hpp>
#include <chrono>
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <new>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "integration/plain_arith.h"
#include "tern/in_process.h"
#include "tern/tern.h"

namespace {

// Counted in each child process alone; one thread.
bool counting = false;
std::size_t allocations = 0;  // since the counting began
std::size_t failing = 0;      // which of them; 0: none
long blocks = 0;              // that are on the heap

void* allocate(std::size_t size, std::size_t alignment) {
  if (counting && ++allocations == failing) throw std::bad_alloc();
  void* block = nullptr;
  if (alignment <= alignof(std::max_align_t)) {
    block = std::malloc(size > 0 ? size : 1);
  } else if (::posix_memalign(&block, alignment, size) != 0) {
    block = nullptr;
  }
  if (!block) throw std::bad_alloc();
  ++blocks;
  return block;
}

void release(void* block) noexcept {
  if (!block) return;
  --blocks;
  std::free(block);
}

}  // namespace

void* operator new(std::size_t size) {
  return allocate(size, 0);
}
void* operator new(std::size_t size, std::align_val_t alignment) {
  return allocate(size, static_cast<std::size_t>(alignment));
}
void operator delete(void* block) noexcept {
  release(block);
}
void operator delete(void* block, std::size_t) noexcept {
  release(block);
}
void operator delete(void* block, std::align_val_t) noexcept {
  release(block);
}
void operator delete(void* block, std::size_t, std::align_val_t) noexcept {
  release(block);
}

namespace tern::test {
namespace {

using namespace std::chrono_literals;

// What a child process says of itself with its exit status.
enum class Verdict : int {
  kGood = 0,
  kAllAllocationsDone = 50,  // there was no such allocation: the end
  kLostCall = 51,
  kDoubledCall = 52,
  kNotUsable = 53,
  kLeak = 54,
  kNotStopped = 55,
};

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

// One server and one client on one thread, whose time the test turns.
class Program {
 public:
  explicit Program(std::string_view address) : address_(address) {}

  // All that a program does in its life, from its first object to its last.
  Verdict run() {
    long before = blocks;
    Verdict verdict = Verdict::kGood;
    try {
      verdict = live();
    } catch (const std::bad_alloc&) {
      // A constructor or a function of the program's own has thrown it, as it may.
    }
    counting = false;
    for (int ends : ended_) {
      if (ends > 1) return Verdict::kDoubledCall;
      if (ends == 0 && verdict == Verdict::kGood) return Verdict::kLostCall;
    }
    std::vector<int>().swap(ended_);
    if (verdict != Verdict::kGood) return verdict;
    return blocks == before ? Verdict::kGood : Verdict::kLeak;
  }

 private:
  Verdict live() {
    asio::io_context io(1);
    auto work = asio::make_work_guard(io);
    ManualClock clock;
    IoPool pool(io, clock);
    ServerOptions server_options;
    server_options.blocking_executor = io.get_executor();
    server_options.page_executor = io.get_executor();
    server_options.log_level = LogLevel::kOff;
    Server server(pool, server_options);
    if (!server.add(std::make_shared<PlainArith>()).ok()) return Verdict::kNotUsable;
    ClientOptions client_options;
    client_options.log_level = LogLevel::kOff;
    client_options.dialer = in_process_dialer(server);
    std::optional<Client> client;
    client.emplace(address_, pool, client_options);
    Verdict verdict = Verdict::kGood;
    try {
      counting = true;
      make_calls(*client, io, clock);
      counting = false;
      if (!is_usable(*client, io, clock)) verdict = Verdict::kNotUsable;
      counting = true;
    } catch (const std::bad_alloc&) {
      // Of a call that could not be started.
      counting = false;
      if (!is_usable(*client, io, clock)) verdict = Verdict::kNotUsable;
    }
    try {
      client->close();
    } catch (const std::bad_alloc&) {
      client->close();  // it may be called again
    }
    counting = false;
    bool stopped = false;
    server.async_stop(0s, [&stopped] { stopped = true; });
    for (int i = 0; i < 100 && !stopped; ++i) {
      settle(io);
      clock.advance(1s);
    }
    settle(io);
    if (verdict == Verdict::kGood && !stopped) verdict = Verdict::kNotStopped;
    if (!stopped) io.stop();
    return verdict;
  }

  void make_calls(Client& client, asio::io_context& io, ManualClock& clock) {
    arith::ArithStub stub(client);
    CallOptions limited;
    limited.timeout = 1s;
    for (int round = 0; round < 3; ++round) {
      watch(stub.Multiply({7, 8}));
      watch(stub.Divide({7, 2}));
      watch(stub.Divide({7, 0}));
      // One that nobody waits for, and one that is late, before they leave.
      Call<std::int64_t> cancelled = stub.Multiply({7, 8});
      cancelled.cancel();
      watch(std::move(cancelled));
      watch(stub.Divide({7, 2}, limited));
      clock.advance(1s);
      settle(io);
    }
  }

  template <typename T>
  void watch(Call<T> call) {
    ended_.reserve(100);
    std::size_t place = ended_.size();
    ended_.push_back(0);
    try {
      std::move(call).then([this, place](Result<T>) { ++ended_[place]; });
    } catch (...) {
      ended_[place] = 1;  // the caller knows
      throw;
    }
  }

  bool is_usable(Client& client, asio::io_context& io, ManualClock& clock) {
    // It may have to connect again, after a wait.
    for (int i = 0; i < 300; ++i) {
      bool good = false;
      CallOptions limited;
      limited.timeout = 1s;
      arith::ArithStub(client).Multiply({7, 8}, limited).then([&good](Result<std::int64_t> reply) {
        good = reply.ok() && *reply == 56;
      });
      settle(io);
      clock.advance(1s);
      settle(io);
      if (good) return true;
    }
    return false;
  }

  void settle(asio::io_context& io) {
    for (int i = 0; i < 10'000; ++i) {
      try {
        if (io.poll() == 0) return;
      } catch (const std::bad_alloc&) {
        // As the threads of an IoPool do.
      }
    }
  }

  std::string_view address_;
  std::vector<int> ended_;  // how often
};

// In a process of its own: what becomes of a program whose n-th allocation fails.
int status_of(std::string_view address, std::size_t n) {
  pid_t child = ::fork();
  if (child == 0) {
    ::alarm(20);
    failing = n;
    allocations = 0;
    Program program(address);
    Verdict verdict = program.run();
    if (verdict == Verdict::kGood && allocations < n) verdict = Verdict::kAllAllocationsDone;
    ::_exit(static_cast<int>(verdict));
  }
  int status = 0;
  EXPECT_EQ(::waitpid(child, &status, 0), child);
  return status;
}

class NoMemory : public testing::TestWithParam<std::string_view> {};

TEST_P(NoMemory, ForAnyOneAllocationCostsNoCallAndNoProcess) {
  constexpr std::size_t kMost = 5000;
  Program(GetParam()).run();  // what is made once for the process is made here
  ASSERT_EQ(Program(GetParam()).run(), Verdict::kGood);
  std::size_t n = 1;
  int bad = 0;
  for (; n <= kMost; ++n) {
    int status = status_of(GetParam(), n);
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
  std::printf("%zu allocations, %d of them not survived\n", n - 1, bad);
}

INSTANTIATE_TEST_SUITE_P(Over, NoMemory,
                         testing::Values("unix@here", "connect+http@here:80", "jsonrpc+unix@here",
                                         "netrpc+unix@here"),
                         [](const auto& one) {
                           std::string name(one.param.substr(0, one.param.find('@')));
                           std::erase(name, '+');
                           return name;
                         });

}  // namespace
}  // namespace tern::test
