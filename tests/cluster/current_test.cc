#include "cluster/current.h"

#include <gtest/gtest.h>

#include <thread>
#include <vector>

namespace tern {
namespace {

TEST(Current, IsWhatWasSetLast) {
  cluster::Current<int> current(std::make_shared<int>(1));
  EXPECT_EQ(*current.get(), 1);
  current.set(std::make_shared<int>(2));
  EXPECT_EQ(*current.get(), 2);
}

TEST(Current, IsKeptByWhoHasIt) {
  cluster::Current<int> current(std::make_shared<int>(1));
  std::shared_ptr<const int> before = current.get();
  current.set(std::make_shared<int>(2));
  EXPECT_EQ(*before, 1);
  EXPECT_EQ(before.use_count(), 1);
}

TEST(Current, IsWholeForEveryThread) {
  struct Pair {
    int first = 0;
    int second = 0;
  };
  cluster::Current<Pair> current(std::make_shared<Pair>());
  std::vector<std::thread> threads;
  for (int reader = 0; reader < 3; ++reader) {
    threads.emplace_back([&current] {
      for (int i = 0; i < 20'000; ++i) {
        std::shared_ptr<const Pair> pair = current.get();
        EXPECT_EQ(pair->first, pair->second);
      }
    });
  }
  for (int i = 1; i < 20'000; ++i) {
    auto next = std::make_shared<Pair>();
    next->first = i;
    next->second = i;
    current.set(std::move(next));
  }
  for (std::thread& thread : threads) thread.join();
}

}  // namespace
}  // namespace tern
