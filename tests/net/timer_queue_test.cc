#include "base/timer_queue.h"

#include <gtest/gtest.h>

#include <memory>
#include <random>
#include <stdexcept>
#include <vector>

namespace tern {
namespace {

using std::chrono::milliseconds;

Clock::TimePoint at(int ms) {
  return Clock::TimePoint(milliseconds(ms));
}

// Timers that write their numbers down.
class TimerQueueTest : public testing::Test {
 protected:
  base::Timer& start(int number, int ms) {
    auto& timer = timers_.emplace_back(
        std::make_unique<base::Timer>([this, number] { fired_.push_back(number); }));
    queue_.start(*timer, at(ms));
    return *timer;
  }

  base::TimerQueue queue_;
  std::vector<std::unique_ptr<base::Timer>> timers_;
  std::vector<int> fired_;
};

TEST_F(TimerQueueTest, RunsWhatIsDueInOrderOfTime) {
  start(3, 30);
  start(1, 10);
  start(2, 20);
  EXPECT_EQ(queue_.next(), at(10));
  queue_.run_due(at(20));
  EXPECT_EQ(fired_, (std::vector<int>{1, 2}));
  EXPECT_EQ(queue_.size(), 1u);
  EXPECT_EQ(queue_.next(), at(30));
}

TEST_F(TimerQueueTest, MovesATimerThatIsStartedAgain) {
  base::Timer& first = start(1, 10);
  start(2, 20);
  queue_.start(first, at(30));
  queue_.run_due(at(20));
  EXPECT_EQ(fired_, (std::vector<int>{2}));
  queue_.start(first, at(5));
  EXPECT_EQ(queue_.next(), at(5));
}

TEST_F(TimerQueueTest, ForgetsWhatIsCancelledOrDestroyed) {
  base::Timer& first = start(1, 10);
  start(2, 10);
  queue_.cancel(first);
  queue_.cancel(first);
  EXPECT_FALSE(first.waiting());
  timers_.pop_back();
  EXPECT_EQ(queue_.size(), 0u);
  queue_.run_due(at(100));
  EXPECT_TRUE(fired_.empty());
}

TEST_F(TimerQueueTest, ACallbackMayCancelOneThatIsDueAtTheSameTime) {
  base::Timer other([this] { fired_.push_back(2); });
  base::Timer first([this, &other] {
    fired_.push_back(1);
    queue_.cancel(other);
    other.~Timer();
    ::new (&other) base::Timer();
  });
  queue_.start(first, at(10));
  queue_.start(other, at(11));
  queue_.run_due(at(20));
  EXPECT_EQ(fired_, (std::vector<int>{1}));
}

TEST_F(TimerQueueTest, ACallbackMayDestroyItsTimer) {
  auto own = std::make_unique<base::Timer>();
  own->set_callback([this, &own] {
    own.reset();
    fired_.push_back(1);
  });
  queue_.start(*own, at(10));
  queue_.run_due(at(10));
  EXPECT_EQ(fired_, (std::vector<int>{1}));
}

TEST_F(TimerQueueTest, AnExceptionOfACallbackLosesNoTimer) {
  base::Timer throwing;
  throwing.set_callback([this] {
    fired_.push_back(0);
    throw std::runtime_error("a callback");
  });
  queue_.start(throwing, at(5));
  start(1, 10);
  start(2, 20);
  EXPECT_THROW(queue_.run_due(at(20)), std::runtime_error);
  EXPECT_EQ(queue_.size(), 2u);
  queue_.run_due(at(20));
  EXPECT_EQ(fired_, (std::vector<int>{0, 1, 2}));
  queue_.start(throwing, at(30));
  EXPECT_THROW(queue_.run_due(at(30)), std::runtime_error);
}

TEST_F(TimerQueueTest, ATimerThatStartsItselfAnewWaitsForTheNextRun) {
  base::Timer again;
  again.set_callback([this, &again] {
    fired_.push_back(1);
    queue_.start(again, at(0));
  });
  queue_.start(again, at(10));
  queue_.run_due(at(10));
  queue_.run_due(at(10));
  EXPECT_EQ(fired_, (std::vector<int>{1, 1}));
}

TEST_F(TimerQueueTest, AgreesWithASortedListUnderRandomUse) {
  std::mt19937 random(1);
  std::vector<std::unique_ptr<base::Timer>> all;
  std::vector<int> due;
  int now = 0;
  for (int i = 0; i < 200; ++i)
    all.push_back(std::make_unique<base::Timer>([&due] { due.push_back(1); }));
  for (int step = 0; step < 5000; ++step) {
    base::Timer& timer = *all[random() % all.size()];
    if (random() % 4 == 0) {
      queue_.cancel(timer);
    } else {
      queue_.start(timer, at(now + static_cast<int>(random() % 1000)));
    }
    if (step % 50 != 0) continue;
    now += 20;
    std::size_t expected = 0;
    std::optional<Clock::TimePoint> earliest;
    for (const auto& t : all) {
      if (!t->waiting()) continue;
      if (t->due() <= at(now)) {
        ++expected;
      } else if (!earliest || t->due() < *earliest) {
        earliest = t->due();
      }
    }
    due.clear();
    queue_.run_due(at(now));
    ASSERT_EQ(due.size(), expected);
    ASSERT_EQ(queue_.next(), earliest);
  }
}

TEST(SaturatingAdd, StaysAtTheEndsOfTime) {
  auto now = Clock::TimePoint(std::chrono::hours(1));
  EXPECT_EQ(saturating_add(now, Clock::Duration::max()), Clock::TimePoint::max());
  EXPECT_EQ(saturating_add(Clock::TimePoint::min(), Clock::Duration(-1)), Clock::TimePoint::min());
  EXPECT_EQ(saturating_add(now, milliseconds(1)), now + milliseconds(1));
}

}  // namespace
}  // namespace tern
