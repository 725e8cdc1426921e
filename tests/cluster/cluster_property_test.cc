// What holds for every call of a cluster, in whichever order things happen: worlds that a seed
// makes, one thread, streams in memory, a clock that is turned by a millisecond at a time.
#include <gmock/gmock.h>

#include <algorithm>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "cluster/cluster_fixture.h"
#include "tern/balancer.h"

namespace tern::test {
namespace {

using ::testing::IsEmpty;

// One call, and what became of it.
struct Made {
  explicit Made(std::int64_t number) : id(number) {}
  const std::int64_t id;
  Clock::TimePoint deadline = Clock::TimePoint::max();
  int ends = 0;
  Clock::TimePoint ended_at{};
  Status outcome;
  std::function<void()> cancel;
};

class World final : public ClusterTest {
 public:
  explicit World(unsigned seed) : random_(seed) {
    choose_options();
    list(kNames);
    for (const auto& [name, there] : town->servers) {
      there->begins = [this, &failing = failing_[name]](arith::Args args) -> Status {
        ran_.insert(args.A);
        if (!failing || !chance(50)) return {};
        return Status(Code::kUnavailable, "overloaded");
      };
    }
  }
  ~World() override {
    for (const auto& gate : gates_) gate->open();
    loop.settle();
  }

  void TestBody() override {}

  // What is wrong with it; nothing: it is as it should be.
  std::vector<std::string> run() {
    const int steps = 30 + below(60);
    for (int i = 0; i < steps; ++i) {
      for (int actions = 1 + below(4); actions > 0; --actions) act();
      loop.advance(1ms);
    }
    if (chance(50)) calm_down();
    cluster().close();
    loop.settle();
    // What was held up on its way arrives after the calls have ended.
    calm_down();
    return look();
  }

 private:
  using Result64 = Result<std::int64_t>;

  int below(int limit) { return static_cast<int>(random_() % static_cast<std::uint32_t>(limit)); }
  bool chance(int percent) { return below(100) < percent; }
  TownServer& any_server() { return server(kNames[static_cast<std::size_t>(below(3))]); }

  void choose_options() {
    constexpr std::chrono::milliseconds kHedges[] = {0ms, 0ms, 2ms, 5ms, 40ms};
    options.hedge.after = kHedges[below(5)];
    options.hedge.max_attempts = static_cast<std::size_t>(2 + below(2));
    options.retry.max_attempts = static_cast<std::size_t>(1 + below(4));
    options.retry.budget_per_second = 1000;
    options.connect_wait = 5ms;
    options.outage_wait = std::chrono::milliseconds(below(30));
    options.outliers.consecutive_failures = static_cast<std::size_t>(below(4));
    options.outliers.first = 10ms;
    options.outliers.check_timeout = 5ms;
    options.max_connections = static_cast<std::size_t>(below(3));
    options.max_calls_per_server = chance(20) ? 3 : 0;
    options.client.backoff.initial = 3ms;
    options.client.backoff.max = 20ms;
    options.client.connect_timeout = 15ms;
    auto part = [this] { return static_cast<double>(below(1000)) / 1000; };
    options.client.random = part;
    switch (below(3)) {
      case 0:
        options.balancer = round_robin(part);
        break;
      case 1:
        options.balancer = least_pending(part);
        break;
      default:
        options.balancer = power_of_two(part);
    }
  }

  void act() {
    switch (below(20)) {
      default:
        call();
        break;
      case 8:
      case 9:
        if (!calls_.empty()) calls_[static_cast<std::size_t>(below(count()))]->cancel();
        break;
      case 10:
        list_some();
        break;
      case 11:
        kill(kNames[static_cast<std::size_t>(below(3))]);
        break;
      case 12:
        any_server().network = TownServer::Network::kSilent;
        break;
      case 13:
      case 14:
        any_server().network = TownServer::Network::kUp;
        break;
      case 15:
        hold_up(any_server());
        break;
      case 16:
        for (const auto& link : any_server().links) let_pass(*link);
        break;
      case 17:
        fail_soon(any_server());
        break;
      case 18:
        close_gate(any_server());
        break;
      case 19:
        open_gate(any_server());
        break;
    }
    const std::string& name = kNames[static_cast<std::size_t>(below(3))];
    if (chance(5)) failing_[name] = !failing_[name];
    if (chance(30)) loop.settle();
  }

  void call() {
    auto made = std::make_shared<Made>(++last_);
    CallOptions call;
    call.wait_for_ready = chance(30);
    if (chance(80)) {
      call.timeout = std::chrono::milliseconds(1 + below(40));
      made->deadline = loop.clock().now() + *call.timeout;
    }
    calls_.push_back(made);
    if (chance(60)) {
      begin(made, stub().Multiply({made->id, 1}, call));
    } else {
      begin(made, stub().Divide({made->id, 1}, call));
    }
  }

  template <typename T>
  void begin(const std::shared_ptr<Made>& made, Call<T> started) {
    made->cancel = [started]() mutable { started.cancel(); };
    started.then([this, made](const Result<T>& result) {
      ++made->ends;
      made->ended_at = loop.clock().now();
      if (!result.ok()) made->outcome = result.status();
    });
  }

  void list_some() {
    std::vector<std::string> names;
    for (const std::string& name : kNames) {
      if (chance(70)) names.push_back(name);
    }
    list(names);
  }

  // What a client has sent lies there and is not read; or what it is answered.
  void hold_up(TownServer& there) {
    const bool requests = chance(70);
    for (const auto& link : there.links) {
      (requests ? link->right() : link->left()).block_reads(true);
    }
  }
  static void let_pass(MemoryLink& link) {
    link.left().block_reads(false);
    link.right().block_reads(false);
  }
  // The client's connection ends at its next write or read, and what it has written arrives.
  void fail_soon(TownServer& there) {
    StreamFaults faults;
    (chance(50) ? faults.fail_write : faults.fail_read) = static_cast<std::size_t>(1 + below(3));
    for (const auto& link : there.links) link->left().set_faults(faults);
  }

  void close_gate(TownServer& there) {
    if (there.gate) return;
    there.gate = gates_.emplace_back(std::make_shared<Gate>());
  }
  static void open_gate(TownServer& there) {
    if (there.gate) there.gate->open();
    there.gate.reset();
  }

  void calm_down() {
    for (const auto& [name, there] : town->servers) {
      open_gate(*there);
      there->network = TownServer::Network::kUp;
      for (const auto& link : there->links) let_pass(*link);
    }
    for (int i = 0; i < 50; ++i) loop.advance(1ms);
  }

  std::vector<std::string> look() {
    std::vector<std::string> wrong;
    for (const auto& made : calls_) {
      if (made->ends != 1) wrong.push_back("has not ended once");
      if (made->ended_at > made->deadline) wrong.push_back("ended after its deadline");
      if (made->outcome.ok() || made->outcome.handler_ran() != HandlerRan::kNo) continue;
      if (ran_.contains(made->id)) {
        wrong.push_back("falsely no: " + made->outcome.to_string());
      }
    }
    ClusterStats stats = cluster().stats();
    if (stats.calls_pending + stats.calls_waiting > 0) wrong.push_back("calls are left");
    if (loop.loop().timer_count() > 0) wrong.push_back("timers are left");
    return wrong;
  }

  int count() const { return static_cast<int>(calls_.size()); }

  const std::vector<std::string> kNames{"a", "b", "c"};
  std::minstd_rand random_;
  std::int64_t last_ = 0;
  std::vector<std::shared_ptr<Made>> calls_;
  std::set<std::int64_t> ran_;  // the ids of calls whose handlers have run
  std::map<std::string, bool> failing_;
  std::vector<std::shared_ptr<Gate>> gates_;
};

TEST(ClusterProperty, EveryCallEndsOnceInTimeAndSaysNoOnlyIfItsHandlerCannotRun) {
  constexpr unsigned kSeeds = 1000;
  for (unsigned seed = 1; seed <= kSeeds; ++seed) {
    EXPECT_THAT(World(seed).run(), IsEmpty()) << "seed " << seed;
  }
}

}  // namespace
}  // namespace tern::test
