#include "cluster/alarms.h"

#include <gmock/gmock.h>

#include <atomic>
#include <chrono>
#include <memory>
#include <thread>
#include <vector>

#include "support/test_loop.h"
#include "tern/loop_thread.h"

namespace tern::test {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

class Sleeper final : public cluster::Alarmed, public std::enable_shared_from_this<Sleeper> {
 public:
  Sleeper(int number, std::vector<int>& woken) : number_(number), woken_(woken) {}
  void set(const std::shared_ptr<cluster::Alarms>& alarms, Clock::TimePoint due) {
    alarm.set(alarms, weak_from_this(), due);
  }
  void on_alarm(cluster::Alarm& /*alarm*/) override {
    woken_.push_back(number_);
    if (then) then();
  }

  cluster::Alarm alarm;
  std::function<void()> then;

 private:
  const int number_;
  std::vector<int>& woken_;
};

class AlarmsTest : public testing::Test {
 protected:
  ~AlarmsTest() override {
    alarms->end();
    loop.settle();
  }
  std::shared_ptr<Sleeper> sleeper(int number) { return std::make_shared<Sleeper>(number, woken); }
  Clock::TimePoint in(std::chrono::nanoseconds time) { return loop.clock().now() + time; }

  std::vector<int> woken;
  TestLoop loop;
  std::shared_ptr<cluster::Alarms> alarms = std::make_shared<cluster::Alarms>(loop.loop());
  std::shared_ptr<Sleeper> one = sleeper(1);
  std::shared_ptr<Sleeper> two = sleeper(2);
  std::shared_ptr<Sleeper> three = sleeper(3);
};

TEST_F(AlarmsTest, RingInTheOrderOfTheirTimes) {
  one->set(alarms, in(30ms));
  two->set(alarms, in(10ms));
  three->set(alarms, in(20ms));
  loop.settle();
  loop.advance(10ms);
  EXPECT_THAT(woken, ElementsAre(2));
  loop.advance(1s);
  EXPECT_THAT(woken, ElementsAre(2, 3, 1));
}

TEST_F(AlarmsTest, RingOnceForTheLastTimeThatWasSet) {
  one->set(alarms, in(10ms));
  one->set(alarms, in(30ms));
  two->set(alarms, in(30ms));
  two->set(alarms, in(10ms));
  loop.settle();
  loop.advance(29ms);
  EXPECT_THAT(woken, ElementsAre(2));
  loop.advance(1s);
  EXPECT_THAT(woken, ElementsAre(2, 1));
}

TEST_F(AlarmsTest, DoNotRingWhenTheyAreClearedOrGone) {
  one->set(alarms, in(10ms));
  two->set(alarms, in(10ms));
  three->set(alarms, in(10ms));
  loop.settle();
  one->alarm.clear();
  two.reset();
  three->set(alarms, Clock::TimePoint::max());
  loop.advance(1s);
  EXPECT_THAT(woken, IsEmpty());
  EXPECT_EQ(loop.loop().timer_count(), 0u);
}

TEST_F(AlarmsTest, RingSoonWhenTheirTimeIsOver) {
  one->set(alarms, in(-1s));
  EXPECT_THAT(woken, IsEmpty());
  loop.settle();
  EXPECT_THAT(woken, ElementsAre(1));
}

TEST_F(AlarmsTest, MayBeSetClearedAndEndedByOneThatRings) {
  one->then = [&] {
    two->alarm.clear();
    three.reset();
    one->then = nullptr;
    one->set(alarms, in(5ms));
  };
  one->set(alarms, in(10ms));
  two->set(alarms, in(11ms));
  three->set(alarms, in(11ms));
  loop.settle();
  loop.advance(10ms);
  loop.advance(5ms);
  EXPECT_THAT(woken, ElementsAre(1, 1));
}

TEST_F(AlarmsTest, LeaveNoTimerBehindWhenTheyEnd) {
  one->set(alarms, in(10ms));
  loop.settle();
  EXPECT_EQ(loop.loop().timer_count(), 1u);
  alarms->end();
  EXPECT_EQ(loop.loop().timer_count(), 0u);
  two->set(alarms, in(10ms));
  loop.settle();
  loop.advance(1s);
  EXPECT_THAT(woken, IsEmpty());
}

// With a thread sanitizer it shows that no timer is touched but on its loop.
TEST(AlarmsOfThreads, MayBeSetAndEndAnywhereAndRingOnTheirLoop) {
  struct Counting final : cluster::Alarmed {
    void on_alarm(cluster::Alarm& /*alarm*/) override {
      if (on_loop_thread()) ++rings;
    }
    std::atomic<int> rings = 0;
    cluster::Alarm alarm;
  };
  constexpr int kThreads = 4;
  constexpr int kTimes = 2000;
  IoPool pool;
  auto alarms = std::make_shared<cluster::Alarms>(pool.loop(0));
  std::vector<std::thread> threads;
  for (int i = 0; i < kThreads; ++i) {
    threads.emplace_back([&] {
      for (int time = 0; time < kTimes; ++time) {
        auto one = std::make_shared<Counting>();
        one->alarm.set(alarms, one, steady_clock().now() + std::chrono::microseconds(time % 50));
        if (time % 3 == 0) one->alarm.clear();
        if (time % 7 != 0) continue;
        const int before = one->rings;
        one->alarm.set(alarms, one, steady_clock().now());
        while (one->rings == before) std::this_thread::yield();
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  std::atomic<bool> ended = false;
  pool.loop(0).post([&] {
    alarms->end();
    ended = true;
  });
  while (!ended) std::this_thread::yield();
}

}  // namespace
}  // namespace tern::test
