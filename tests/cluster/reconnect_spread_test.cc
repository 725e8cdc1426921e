// Many clients lose their server at the same moment: when each of them comes back.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "cluster/cluster_fixture.h"

namespace tern::test {
namespace {

constexpr std::size_t kClients = 500;

class ReconnectSpread : public ClusterTest, public testing::WithParamInterface<std::uint32_t> {
 protected:
  void connect_all() {
    list({"a"});
    options.client.random = [this] { return chance_(random_); };
    for (std::size_t i = 0; i < kClients; ++i) {
      clients_.push_back(std::make_unique<Cluster>(servers, loop.pool(), options));
    }
    call_all();
    ASSERT_EQ(answered_, kClients);
  }
  // A call of every client that waits for the server.
  void call_all() {
    answered_ = 0;
    for (const std::unique_ptr<Cluster>& client : clients_) {
      arith::ArithStub(*client)
          .Multiply({6, 7}, wait_for_ready())
          .then([this](Result<std::int64_t> one) {
            EXPECT_TRUE(one.ok()) << one.status().to_string();
            ++answered_;
          });
    }
    loop.settle();
  }
  // Until all have been answered. When their connections were made.
  std::vector<Clock::TimePoint> come_back() {
    const std::size_t in_vain = town->dials.size();
    while (answered_ < kClients) loop.advance(1ms);
    std::vector<Clock::TimePoint> times;
    for (std::size_t i = in_vain; i < town->dials.size(); ++i) {
      times.push_back(town->dials[i].second);
    }
    return times;
  }
  ~ReconnectSpread() override {
    clients_.clear();
    loop.settle();
  }

  std::mt19937 random_{GetParam()};
  std::uniform_real_distribution<double> chance_{0, 1};
  std::vector<std::unique_ptr<Cluster>> clients_;
  std::size_t answered_ = 0;
};

// The most of them in any time as long as `window`, in relation to the mean from the first to the
// last.
double burst(const std::vector<Clock::TimePoint>& times, std::chrono::milliseconds window) {
  std::ptrdiff_t most = 0;
  for (auto one = times.begin(); one != times.end(); ++one) {
    most = std::max(most, std::lower_bound(one, times.end(), *one + window) - one);
  }
  const std::chrono::duration<double> whole = times.back() - times.front();
  const double windows = std::max(1.0, whole / window);
  return static_cast<double>(most) / (static_cast<double>(times.size()) / windows);
}

// Windows in which some come on average, so that chance alone makes no bursts.
struct Outage {
  std::chrono::milliseconds lasts;
  std::chrono::milliseconds window;
};
constexpr Outage kOutages[] = {
    {300ms, 100ms}, {1000ms, 100ms}, {3000ms, 100ms}, {30'000ms, 1000ms}};

TEST_P(ReconnectSpread, ClientsDoNotAllComeAtOnce) {
  connect_all();
  for (const Outage& outage : kOutages) {
    kill("a");
    call_all();
    EXPECT_EQ(answered_, 0u);
    for (auto passed = 0ms; passed < outage.lasts; passed += 1ms) loop.advance(1ms);
    bring_back("a");
    const std::vector<Clock::TimePoint> times = come_back();
    EXPECT_EQ(times.size(), kClients);
    EXPECT_GE(times.back() - times.front(), outage.lasts / 4) << outage.lasts.count() << " ms";
    EXPECT_LE(burst(times, outage.window), 3.0) << outage.lasts.count() << " ms";
  }
}

INSTANTIATE_TEST_SUITE_P(Seeds, ReconnectSpread, testing::Range(1u, 6u));

}  // namespace
}  // namespace tern::test
