#include "call/keepalive.h"

#include <gtest/gtest.h>

#include <chrono>
#include <utility>
#include <vector>

#include "support/test_loop.h"

namespace tern::test {
namespace {

using namespace std::chrono_literals;
using Step = call::Keepalive::Step;

class KeepaliveTest : public testing::Test {
 protected:
  // What it asked for while the time passed.
  std::vector<Step> after(Clock::Duration time) {
    loop_.advance(time);
    return std::exchange(steps_, {});
  }
  call::Keepalive make(Clock::Duration interval) {
    return call::Keepalive(loop_.loop(), interval, 5s, [this] { on_timer(); });
  }
  std::size_t timers() { return loop_.loop().timer_count(); }

  call::Keepalive::Traffic traffic_;
  std::uint64_t ahead_of_ping_ = 0;  // queued, and not written yet
  bool calls_wait_ = true;

 private:
  void on_timer() {
    if (!calls_wait_) {
      keepalive.stop_listening();
    } else {
      steps_.push_back(keepalive.next(traffic_));
      if (steps_.back() == Step::kPing)
        keepalive.set_asked(traffic_.bytes_written + ahead_of_ping_);
    }
  }

  TestLoop loop_;
  std::vector<Step> steps_;

 protected:
  call::Keepalive keepalive = make(20s);
};

TEST_F(KeepaliveTest, AsksAServerThatIsSilentOnceAndThenGivesUp) {
  keepalive.listen(traffic_);
  EXPECT_EQ(after(19s), std::vector<Step>());
  EXPECT_EQ(after(1s), std::vector{Step::kPing});
  EXPECT_EQ(after(4s), std::vector<Step>());
  EXPECT_EQ(after(1s), std::vector{Step::kGiveUp});
  EXPECT_EQ(timers(), 0u);
}

TEST_F(KeepaliveTest, TakesTheAnswerForAWord) {
  keepalive.listen(traffic_);
  EXPECT_EQ(after(20s), std::vector{Step::kPing});
  after(1s);
  traffic_.bytes_read += 32;
  keepalive.heard(traffic_);
  EXPECT_EQ(after(4s), std::vector{Step::kListen});
  // The interval counts from the answer, 4 s before.
  EXPECT_EQ(after(15s), std::vector<Step>());
  EXPECT_EQ(after(1s), std::vector{Step::kPing});
}

TEST_F(KeepaliveTest, TakesAPartOfAMessageForAWord) {
  keepalive.listen(traffic_);
  EXPECT_EQ(after(20s), std::vector{Step::kPing});
  traffic_.bytes_read += 1;  // and no message is complete: nobody calls heard()
  EXPECT_EQ(after(5s), std::vector{Step::kListen});
}

TEST_F(KeepaliveTest, TakesAWordToTheOtherDirectionOfCallsForOne) {
  keepalive.listen(traffic_);
  EXPECT_EQ(after(20s), std::vector{Step::kPing});
  traffic_.shared.bytes_read += 1;
  EXPECT_EQ(after(5s), std::vector{Step::kListen});
  EXPECT_EQ(after(20s), std::vector{Step::kPing});
}

TEST_F(KeepaliveTest, HearsNoSilenceWhereNothingIsReadSinceTheOtherDirectionTakesNothing) {
  keepalive.listen(traffic_);
  EXPECT_EQ(after(20s), std::vector{Step::kPing});
  traffic_.shared.held_up = true;
  EXPECT_EQ(after(5s), std::vector{Step::kListen});
  EXPECT_EQ(after(20s), std::vector{Step::kListen});
  EXPECT_EQ(after(20s), std::vector{Step::kListen});
  traffic_.shared.held_up = false;
  EXPECT_EQ(after(20s), std::vector{Step::kPing});
  EXPECT_EQ(after(5s), std::vector{Step::kGiveUp});
}

TEST_F(KeepaliveTest, ExpectsNoAnswerToAPingThatHasNotLeft) {
  ahead_of_ping_ = 1000;
  keepalive.listen(traffic_);
  EXPECT_EQ(after(20s), std::vector{Step::kPing});
  traffic_.bytes_written += 999;
  EXPECT_EQ(after(5s), std::vector{Step::kListen});
  traffic_.bytes_written += 1;
  EXPECT_EQ(after(4s), std::vector<Step>());
  EXPECT_EQ(after(1s), std::vector{Step::kGiveUp});
  EXPECT_EQ(timers(), 0u);
}

TEST_F(KeepaliveTest, StopsWhenNoCallWaitsAndBeginsAnewWithTheNextOne) {
  keepalive.listen(traffic_);
  calls_wait_ = false;
  after(20s);
  EXPECT_EQ(timers(), 0u);
  calls_wait_ = true;
  after(100s);
  keepalive.listen(traffic_);
  EXPECT_EQ(after(19s), std::vector<Step>());
  EXPECT_EQ(after(1s), std::vector{Step::kPing});
}

TEST_F(KeepaliveTest, EndsWithTheConnection) {
  keepalive.listen(traffic_);
  keepalive.end();
  keepalive.heard(traffic_);
  keepalive.listen(traffic_);
  EXPECT_EQ(timers(), 0u);
}

TEST_F(KeepaliveTest, WatchesNothingWithoutAnInterval) {
  call::Keepalive off = make(0s);
  off.heard(traffic_);
  off.listen(traffic_);
  EXPECT_EQ(timers(), 0u);
}

}  // namespace
}  // namespace tern::test
