#include "base/guarded.h"

#include <gtest/gtest.h>

#include <mutex>
#include <string>
#include <thread>
#include <type_traits>

namespace tern::test {
namespace {

// Whether another thread could have it now.
bool is_free(std::mutex& mutex) {
  bool free = false;
  std::thread([&] {
    free = mutex.try_lock();
    if (free) mutex.unlock();
  }).join();
  return free;
}

TEST(MutexLock, HoldsTheMutexWhileItLives) {
  std::mutex mutex;
  {
    base::MutexLock lock(mutex);
    EXPECT_FALSE(is_free(mutex));
  }
  EXPECT_TRUE(is_free(mutex));
}

TEST(MutexLock, TellsItsMutexFromAnother) {
  std::mutex mutex;
  std::mutex other;
  base::MutexLock lock(mutex);
  EXPECT_TRUE(lock.holds(mutex));
  EXPECT_FALSE(lock.holds(other));
}

TEST(Guarded, GivesItsValueToTheHolderOfItsMutex) {
  std::mutex mutex;
  base::Guarded<std::string> first(mutex, "first");
  base::Guarded<std::string> second(mutex, "second");
  {
    base::MutexLock lock(mutex);
    first.with(lock) += "!";
  }
  base::MutexLock lock(mutex);
  const base::Guarded<std::string>& read_only = first;
  EXPECT_EQ(read_only.with(lock), "first!");
  EXPECT_EQ(second.with(lock), "second");
}

// A copy could outlive the lock.
static_assert(!std::is_copy_constructible_v<base::MutexLock>);
static_assert(!std::is_copy_constructible_v<base::Guarded<int>>);

}  // namespace
}  // namespace tern::test
