#include "cluster/wait_queue.h"

#include <gmock/gmock.h>

#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "support/test_loop.h"

namespace tern::test {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

// Tells what becomes of it.
class Guest final : public cluster::Waiter {
 public:
  Guest(std::string name, cluster::WaitQueue& queue, std::vector<std::string>& told)
      : name_(std::move(name)), queue_(queue), told_(told) {}

  void resume(const cluster::SubchannelPtr&) noexcept override {
    told_.push_back(name_ + " is resumed");
  }
  void give_up(Status why) noexcept override {
    told_.push_back(name_ + ": " + std::string(why.message()));
  }
  void on_alarm(cluster::Alarm&) override {
    told_.push_back(name_ + (queue_.take_if_due(*this) ? " is due" : " is gone"));
  }

 private:
  const std::string name_;
  cluster::WaitQueue& queue_;
  std::vector<std::string>& told_;
};

class WaitQueueTest : public testing::Test {
 protected:
  static constexpr Clock::TimePoint kNever = Clock::TimePoint::max();

  ~WaitQueueTest() override {
    alarms->end();
    loop.settle();
  }
  std::shared_ptr<Guest> guest(std::string name) {
    return std::make_shared<Guest>(std::move(name), queue, told);
  }
  // Makes it wait for any server.
  cluster::Wait::Kind seat(const std::shared_ptr<Guest>& guest, Clock::TimePoint until = kNever) {
    return queue.add(guest, nullptr, until, queue.changes()).kind;
  }
  Clock::TimePoint in(std::chrono::nanoseconds time) { return loop.clock().now() + time; }

  std::vector<std::string> told;
  TestLoop loop;
  std::shared_ptr<cluster::Alarms> alarms = std::make_shared<cluster::Alarms>(loop.loop());
  cluster::WaitQueue queue{loop.loop(), alarms};
  std::shared_ptr<Guest> ann = guest("ann");
  std::shared_ptr<Guest> bob = guest("bob");
};

TEST_F(WaitQueueTest, ResumesThoseWhoWaitInTheOrderOfTheirComing) {
  seat(bob);
  seat(ann);
  EXPECT_EQ(queue.size(), 2u);
  queue.resume(nullptr, nullptr);
  EXPECT_THAT(told, ElementsAre("bob is resumed", "ann is resumed"));
  EXPECT_EQ(queue.size(), 0u);
}

TEST_F(WaitQueueTest, RefusesOneWhoHasMissedAChange) {
  const std::uint64_t before = queue.changes();
  queue.resume(nullptr, nullptr);
  EXPECT_EQ(queue.add(ann, nullptr, kNever, before).kind, cluster::Wait::Kind::kNow);
  EXPECT_FALSE(queue.waits(*ann));
  EXPECT_EQ(seat(ann), cluster::Wait::Kind::kWaiting);
  EXPECT_TRUE(queue.waits(*ann));
}

TEST_F(WaitQueueTest, LeavesOneAloneWhoWaitsForATime) {
  queue.add_for_time(ann, in(10ms));
  queue.resume(nullptr, nullptr);
  EXPECT_THAT(told, IsEmpty());
  loop.advance(10ms);
  EXPECT_THAT(told, ElementsAre("ann is due"));
  EXPECT_EQ(queue.size(), 0u);
}

TEST_F(WaitQueueTest, GivesEachToOneTaker) {
  seat(ann, in(10ms));
  EXPECT_TRUE(queue.take(*ann));
  EXPECT_FALSE(queue.take(*ann));
  queue.resume(nullptr, nullptr);
  loop.advance(10ms);
  EXPECT_THAT(told, IsEmpty());
}

TEST_F(WaitQueueTest, TakesNobodyBeforeTheTime) {
  seat(ann, in(10ms));
  EXPECT_FALSE(queue.take_if_due(*ann));
  loop.advance(10ms);
  EXPECT_THAT(told, ElementsAre("ann is due"));
}

TEST_F(WaitQueueTest, GivesUpThoseWhoWaitWhereWhatItHandsOverEnds) {
  seat(ann);
  queue.add_for_time(bob, kNever);
  {
    cluster::WaitQueue::GivenUp given_up = queue.close();
    EXPECT_FALSE(queue.take(*ann));
    EXPECT_THAT(told, IsEmpty());
  }
  EXPECT_THAT(told, ElementsAre("ann: the cluster is closed", "bob: the cluster is closed"));
}

TEST_F(WaitQueueTest, LetsNobodyWaitOnceItIsClosed) {
  { cluster::WaitQueue::GivenUp given_up = queue.close(); }
  EXPECT_EQ(seat(ann), cluster::Wait::Kind::kFailed);
  EXPECT_EQ(queue.add_for_time(ann, kNever).failure.code(), Code::kCancelled);
}

}  // namespace
}  // namespace tern::test
