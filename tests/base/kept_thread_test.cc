// Threads that nobody waits for are joined all the same.
#include "base/kept_thread.h"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <cstdlib>
#include <future>
#include <memory>
#include <utility>

namespace tern {
namespace {

TEST(KeptThread, IsJoinedByItsOwner) {
  std::promise<void> goes_on;
  bool ran = false;
  {
    base::KeptThread thread([&, goes = goes_on.get_future()] {
      goes.wait();
      ran = true;
    });
    goes_on.set_value();
  }
  EXPECT_TRUE(ran);
}

TEST(KeptThread, JoinsTheOneWhosePlaceItTakes) {
  bool ran = false;
  base::KeptThread thread([&] { ran = true; });
  thread = base::KeptThread([] {});
  EXPECT_TRUE(ran);
}

TEST(KeptThread, LeavesWhereItIsDestroyedOnItself) {
  auto thread = std::make_unique<base::KeptThread>();
  std::promise<void> assigned;
  std::promise<void> destroyed;
  *thread = base::KeptThread([&] {
    assigned.get_future().wait();
    thread.reset();
    destroyed.set_value();
  });
  assigned.set_value();
  destroyed.get_future().wait();
}

TEST(KeptThread, IsNotWaitedForByWhoLeavesIt) {
  auto goes_on = std::make_shared<std::promise<void>>();
  std::promise<void> ran;
  std::future<void> end = ran.get_future();
  base::KeptThread([goes_on, ran = std::move(ran)]() mutable {
    goes_on->get_future().wait();
    ran.set_value();
  }).leave();
  goes_on->set_value();
  end.wait();
}

// Of objects that live until exit, those made later are destroyed earlier.
std::atomic<bool> left_has_run = false;
std::promise<void>* left_may_run = nullptr;
struct Judge {
  ~Judge() { std::_Exit(left_has_run ? 7 : 8); }
};

TEST(KeptThread, IsJoinedByTheProcessAtTheLatest) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  EXPECT_EXIT(
      {
        static Judge judge;
        static std::promise<void> may_run;
        left_may_run = &may_run;
        base::KeptThread([may = may_run.get_future()] {
          may.wait();
          left_has_run = true;
        }).leave();
        std::atexit([] { left_may_run->set_value(); });
        std::exit(9);
      },
      testing::ExitedWithCode(7), "");
}

// Its threads are the parent's.
TEST(KeptThread, HoldsUpNoChildThatEnds) {
  auto goes_on = std::make_shared<std::promise<void>>();
  base::KeptThread([goes_on] { goes_on->get_future().wait(); }).leave();
  const ::pid_t child = ::fork();
  if (child == 0) {
    ::alarm(30);
    std::exit(5);
  }
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 5);
  goes_on->set_value();
}

}  // namespace
}  // namespace tern
