#include <atomic>
#include <iomanip>
#include <iostream>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "demos.h"
#include "foo.service.h"
#include "tern/interceptor.h"

namespace {

constexpr int kCalls = 1000;
constexpr int kCallers = 8;

// What came of the calls of one method.
struct Outcome {
  int calls = 0;
  int failed = 0;
  std::string first_failure;

  void add(const tern::Result<std::int64_t>& result) {
    ++calls;
    if (result.ok()) return;
    if (failed++ == 0) first_failure = result.status().to_string();
  }
};

// Everybody's, as the calls end.
class Outcomes {
 public:
  // Prints a line at every hundred, so that a reader can do something to the servers then.
  void add(Outcome& of_method, const tern::Result<std::int64_t>& result) {
    std::lock_guard lock(mutex_);
    of_method.add(result);
    const int done = sum.calls + sleep.calls;
    if (done % 100 == 0) std::cout << done << " of " << kCalls << " calls" << std::endl;
  }

  Outcome sum;
  Outcome sleep;

 private:
  std::mutex mutex_;
};

void call_by_turns(tern::Channel& cluster, std::atomic<int>& next, Outcomes& outcomes) {
  foo::FooStub foo(cluster);
  for (int i = next++; i < kCalls; i = next++) {
    if (i % 2 == 0) {
      outcomes.add(outcomes.sum, foo.Sum({0, i}).get());
    } else {
      outcomes.add(outcomes.sleep, foo.Sleep({0, i}).get());
    }
  }
}

void print(const char* method, const Outcome& outcome) {
  std::cout << method << ": " << outcome.calls << " calls, " << outcome.failed << " failed";
  if (outcome.failed > 0) std::cout << "; the first: " << outcome.first_failure;
  std::cout << std::endl;
}

// The attempts at each server. A call that is sent to a second server counts at both.
class Attempts final : public tern::Interceptor {
 public:
  void on_finish(tern::InterceptedCall& call, const tern::Status& outcome) noexcept override {
    std::lock_guard lock(mutex_);
    auto& [calls, failed] = of_server_[std::string(call.peer)];
    ++calls;
    if (!outcome.ok()) ++failed;
  }

  void print() const {
    std::lock_guard lock(mutex_);
    std::cout << std::left << std::setw(22) << "server" << std::right << std::setw(6) << "calls"
              << std::setw(8) << "failed" << std::endl;
    for (const auto& [server, count] : of_server_) {
      std::cout << std::left << std::setw(22) << server << std::right << std::setw(6) << count.first
                << std::setw(8) << count.second << std::endl;
    }
  }

 private:
  mutable std::mutex mutex_;
  std::map<std::string, std::pair<int, int>> of_server_;
};

}  // namespace

bool show_load(const std::shared_ptr<tern::Discovery>& servers, tern::IoPool& pool) {
  auto attempts = std::make_shared<Attempts>();
  tern::ClusterOptions options;
  options.client.interceptors.push_back(attempts);
  tern::Cluster cluster(servers, pool, options);
  std::atomic<int> next = 0;
  Outcomes outcomes;
  std::vector<std::thread> callers;
  for (int i = 0; i < kCallers; ++i) {
    callers.emplace_back([&] { call_by_turns(cluster, next, outcomes); });
  }
  for (std::thread& caller : callers) caller.join();

  attempts->print();
  print("Sum, idempotent", outcomes.sum);
  print("Sleep, not idempotent", outcomes.sleep);
  return outcomes.sum.failed == 0;
}
