// The registry, the server and the client tell different times: that ends nobody's entry, and an
// entry lasts as long as the registry's clock says.
#include <gtest/gtest.h>

#include <array>
#include <chrono>
#include <string>
#include <utility>

#include "registry/registry_town.h"

namespace tern::test {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

constexpr hours kYears{24 * 365 * 10};

class ClockSkew : public RegistryTown {
 protected:
  std::array<Party*, 3> parties() { return {&registry_, &server_, &client_}; }

  void expect_a_day_without_a_change() {
    start();
    bool answered = true;
    for (int i = 0; i < 24 * 12; ++i) {
      pass(minutes(5));
      answered = call() && answered;
    }
    EXPECT_TRUE(answered);
    EXPECT_EQ(list_changes(), 0u);
    EXPECT_EQ(connections(), 1u);
    // Every 3 minutes of the server's own, and up to a tenth sooner.
    const double expected = 24 * 60 / (3 * 0.95) * server_.rate;
    EXPECT_NEAR(static_cast<double>(heartbeats()), expected, expected / 20);
  }
};

class ClockSkewOf : public ClockSkew, public testing::WithParamInterface<int> {
 protected:
  Party& odd_one() { return *parties()[static_cast<std::size_t>(GetParam())]; }
};

TEST_P(ClockSkewOf, OneThatIsAheadExpiresNobody) {
  odd_one().loop.clock().advance(kYears);
  expect_a_day_without_a_change();
}

TEST_P(ClockSkewOf, OneThatIsBehindExpiresNobody) {
  for (Party* one : parties()) {
    if (one != &odd_one()) one->loop.clock().advance(kYears);
  }
  expect_a_day_without_a_change();
}

TEST_P(ClockSkewOf, OneThatRunsATenthFasterExpiresNobody) {
  odd_one().rate = 1.1;
  expect_a_day_without_a_change();
}

TEST_P(ClockSkewOf, OneThatRunsATenthSlowerExpiresNobody) {
  odd_one().rate = 0.9;
  expect_a_day_without_a_change();
}

INSTANTIATE_TEST_SUITE_P(Parties, ClockSkewOf, testing::Range(0, 3), [](const auto& party) {
  return std::string(party.param == 0 ? "Registry" : party.param == 1 ? "Server" : "Client");
});

// The entry of a server that says nothing more ends when the registry's clock says so, however long
// that is on the others.
struct Rates {
  double registry;
  double server;
  double client;
};

class ClockSkewAtTheEnd : public ClockSkew, public testing::WithParamInterface<Rates> {};

TEST_P(ClockSkewAtTheEnd, OfAnEntryTheRegistrysClockCounts) {
  registry_.rate = GetParam().registry;
  server_.rate = GetParam().server;
  client_.rate = GetParam().client;
  server_.loop.clock().advance(kYears);
  bool first = true;
  fate_ = [&] { return std::exchange(first, false) ? Fate::kArrives : Fate::kIsLost; };
  start();
  const Clock::TimePoint listed_at = registry_.loop.clock().now();
  auto lasts = [&] { return registry_.loop.clock().now() - listed_at; };
  while (is_listed()) {
    ASSERT_LT(lasts(), minutes(6));
    pass(seconds(1));
  }
  EXPECT_GE(lasts(), minutes(5));
  EXPECT_LT(lasts(), minutes(5) + seconds(5));
}

INSTANTIATE_TEST_SUITE_P(Rates, ClockSkewAtTheEnd,
                         testing::Values(Rates{1, 1, 1}, Rates{1, 4, 0.25}, Rates{1, 0.25, 4},
                                         Rates{4, 1, 1}, Rates{0.25, 1, 1}));

}  // namespace
}  // namespace tern::test
