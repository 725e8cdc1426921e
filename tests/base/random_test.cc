// Where random numbers come from.
#include "base/random.h"

#include <gtest/gtest.h>

#include <functional>
#include <set>
#include <thread>
#include <vector>

namespace tern {
namespace {

TEST(Random, ComesFromTheUsersSource) {
  double next = 0;
  base::RandomNumbers numbers([&next] { return next += 0.25; });
  EXPECT_EQ(numbers.next(), 0.25);
  EXPECT_EQ(numbers.next_bits(), 0x8000'0000u);
}

TEST(Random, IsSeededByTheSystemWithoutASource) {
  std::set<double> seen;
  for (int i = 0; i < 100; ++i) {
    base::RandomNumbers numbers(nullptr);
    const double number = numbers.next();
    EXPECT_GE(number, 0.0);
    EXPECT_LT(number, 1.0);
    seen.insert(number);
  }
  EXPECT_GT(seen.size(), 90u);
}

TEST(Random, CallsTheSourceFromOneThreadAtATime) {
  int calls = 0;  // without a lock of its own
  std::function<double()> shared = base::shared_random([&calls] {
    ++calls;
    return 0.5;
  });
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([source = shared] {
      for (int n = 0; n < 1000; ++n) source();
    });
  }
  for (std::thread& one : threads) one.join();
  EXPECT_EQ(calls, 4000);
}

TEST(Random, IsSharedWithoutASourceToo) {
  std::function<double()> shared = base::shared_random(nullptr);
  std::function<double()> copy = shared;
  EXPECT_NE(shared(), copy());
}

}  // namespace
}  // namespace tern
