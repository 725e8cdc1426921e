#include "cluster/retry_budget.h"

#include <gtest/gtest.h>

#include "tern/clock.h"

namespace tern {
namespace {

using namespace std::chrono_literals;

class RetryBudgets : public testing::Test {
 protected:
  void calls(int count) {
    for (int i = 0; i < count; ++i) budget.call_started(clock.now());
  }
  // How many can be spent now.
  int spend_all() {
    int spent = 0;
    while (budget.spend(clock.now())) ++spent;
    return spent;
  }

  ManualClock clock;
  cluster::RetryBudget budget{0.2, 10};
};

TEST_F(RetryBudgets, AllowTenInTheFirstSecond) {
  EXPECT_EQ(spend_all(), 10);
}

TEST_F(RetryBudgets, AllowAFifthOfTheCallsBesides) {
  calls(100);
  EXPECT_EQ(spend_all(), 30);
}

TEST_F(RetryBudgets, AllowTenMoreEachSecond) {
  spend_all();
  clock.advance(1s);
  EXPECT_EQ(spend_all(), 10);
  clock.advance(3s);
  EXPECT_EQ(spend_all(), 30);
}

TEST_F(RetryBudgets, ForgetWhatWasNotSpentInTenSeconds) {
  calls(1000);
  clock.advance(10s);
  EXPECT_EQ(spend_all(), 100);
}

TEST_F(RetryBudgets, ForgetWhatWasSpentTenSecondsAgo) {
  calls(50);
  spend_all();
  clock.advance(20s);
  EXPECT_EQ(spend_all(), 100);
}

TEST_F(RetryBudgets, AllowNothingWhenThereIsNone) {
  cluster::RetryBudget none(0, 0);
  none.call_started(clock.now());
  EXPECT_FALSE(none.spend(clock.now()));
}

TEST_F(RetryBudgets, EarnNothingForACallThatIsRefused) {
  calls(100);
  for (int i = 0; i < 50; ++i) {
    calls(1);
    budget.call_refused();
  }
  EXPECT_EQ(budget.calls(), 100u);
  EXPECT_EQ(spend_all(), 30);
}

}  // namespace
}  // namespace tern
