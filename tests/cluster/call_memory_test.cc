#include "cluster/call_memory.h"

#include <gtest/gtest.h>

#include <memory>
#include <thread>
#include <vector>

namespace tern {
namespace {

struct Thing {
  explicit Thing(int made_of) : value(made_of) {}
  int value;
  char rest[400] = {};
};

std::shared_ptr<Thing> make(int value) {
  return std::allocate_shared<Thing>(CallMemory<Thing>(), value);
}

TEST(CallMemory, IsTakenFromTheLastThatEnded) {
  std::shared_ptr<Thing> first = make(1);
  const Thing* where = first.get();
  first.reset();
  std::shared_ptr<Thing> second = make(2);
  EXPECT_EQ(second.get(), where);
  EXPECT_EQ(second->value, 2);
}

TEST(CallMemory, IsThereForManyAtOnce) {
  std::vector<std::shared_ptr<Thing>> things;
  for (int i = 0; i < 10; ++i) things.push_back(make(i));
  for (int i = 0; i < 10; ++i) EXPECT_EQ(things[static_cast<std::size_t>(i)]->value, i);
  things.clear();
  EXPECT_EQ(make(11)->value, 11);
}

TEST(CallMemory, MayBeGivenBackOnAnotherThread) {
  std::shared_ptr<Thing> thing = make(1);
  std::thread other([thing = std::move(thing)]() mutable {
    thing.reset();
    EXPECT_EQ(make(2)->value, 2);
  });
  other.join();
}

// Ends after the memory that its thread keeps, which is there later than it.
struct EndsLast {
  ~EndsLast() {
    std::shared_ptr<Thing> first = make(1);
    std::shared_ptr<Thing> second = make(2);
    *different = first != second && first->value == 1 && second->value == 2;
    first.reset();
    second.reset();
    *different = *different && make(3)->value == 3;
  }
  bool* different = nullptr;
};

TEST(CallMemory, IsStillThereForWhatEndsWithTheThread) {
  bool different = false;
  std::thread other([&different] {
    thread_local EndsLast last;
    last.different = &different;
    make(0);
    EXPECT_EQ(make(1)->value, 1);
  });
  other.join();
  EXPECT_TRUE(different);
}

}  // namespace
}  // namespace tern
