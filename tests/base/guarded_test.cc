#include "base/guarded.h"

#include <gtest/gtest.h>

#include <thread>
#include <type_traits>

namespace tern::test {
namespace {

TEST(Guarded, GivesItsValueToOneHolderOfTheMutexAtATime) {
  std::mutex mutex;
  base::Guarded<int> first(mutex, 0);
  base::Guarded<int> second(mutex, 0);
  auto count = [&] {
    for (int i = 0; i < 10'000; ++i) {
      base::MutexLock lock(mutex);
      ++first.with(lock);
      --second.with(lock);
    }
  };
  std::thread other(count);
  count();
  other.join();
  base::MutexLock lock(mutex);
  EXPECT_EQ(first.with(lock), 20'000);
  EXPECT_EQ(second.with(lock), -20'000);
}

TEST(Guarded, TellsTheLockOfItsMutexFromThatOfAnother) {
  std::mutex mutex;
  std::mutex other;
  base::MutexLock lock(mutex);
  EXPECT_TRUE(lock.holds(mutex));
  EXPECT_FALSE(lock.holds(other));
}

TEST(MutexLock, LetsGoOfTheMutexAtItsEnd) {
  std::mutex mutex;
  { base::MutexLock lock(mutex); }
  EXPECT_TRUE(mutex.try_lock());
  mutex.unlock();
}

// A copy could outlive the lock.
static_assert(!std::is_copy_constructible_v<base::MutexLock>);
static_assert(!std::is_copy_constructible_v<base::Guarded<int>>);

}  // namespace
}  // namespace tern::test
