// The calls of a connection: taken out once, by one owner.
#include "call/pending_calls.h"

#include <gtest/gtest.h>

#include <map>
#include <random>

#include "support/test_loop.h"

namespace tern::test {
namespace {

using namespace std::chrono_literals;

class PendingCallsTest : public testing::Test {
 protected:
  call::StartedCall call(Clock::TimePoint deadline = Clock::TimePoint::max()) {
    call::StartedCall started;
    started.call = CallRef(new CallStateOf<int>());
    started.deadline = deadline;
    return started;
  }
  void insert(std::uint64_t id, Clock::TimePoint deadline = Clock::TimePoint::max()) {
    calls.reserve();
    calls.insert(id, call(deadline), 10 * id);
  }

  TestLoop loop;
  std::vector<std::uint64_t> expired;
  call::PendingCalls calls{loop.loop(), [this](std::uint64_t id) { expired.push_back(id); }};
};

TEST_F(PendingCallsTest, GiveACallOutOnce) {
  insert(7);
  call::PendingCalls::Call taken;
  ASSERT_TRUE(calls.take(7, taken));
  EXPECT_TRUE(taken.started.call);
  EXPECT_EQ(taken.request_end, 70u);
  EXPECT_FALSE(calls.take(7, taken));
  EXPECT_EQ(calls.size(), 0u);
}

TEST_F(PendingCallsTest, KnowWhichIdsWereGivenOut) {
  EXPECT_FALSE(calls.given_out(0));
  EXPECT_FALSE(calls.given_out(1));
  insert(5);
  insert(6);
  call::PendingCalls::Call taken;
  EXPECT_TRUE(calls.take(5, taken));
  EXPECT_FALSE(calls.given_out(4));
  EXPECT_TRUE(calls.given_out(5));
  EXPECT_TRUE(calls.given_out(6));
  EXPECT_FALSE(calls.given_out(7));
  EXPECT_FALSE(calls.take(0, taken));
}

// A call that waits for the connection goes out behind calls that are younger.
TEST_F(PendingCallsTest, KnowIdsThatCameOutOfOrder) {
  for (std::uint64_t id : {9, 12, 3, 7}) insert(id);
  call::PendingCalls::Call taken;
  EXPECT_TRUE(calls.take(12, taken));
  EXPECT_TRUE(calls.given_out(12));
  EXPECT_TRUE(calls.given_out(3));
  EXPECT_FALSE(calls.given_out(2));
  EXPECT_FALSE(calls.given_out(13));
}

TEST_F(PendingCallsTest, KnowHowManyWereSentBehindOne) {
  for (std::uint64_t id : {9, 12, 3, 7}) insert(id);
  call::PendingCalls::Call taken;
  EXPECT_TRUE(calls.take(12, taken));
  EXPECT_EQ(calls.sent_after(taken.place), 2u);
  EXPECT_TRUE(calls.take(7, taken));
  EXPECT_EQ(calls.sent_after(taken.place), 0u);
  EXPECT_TRUE(calls.take(9, taken));
  EXPECT_EQ(calls.sent_after(taken.place), 1u) << "at most: others have ended";
}

TEST_F(PendingCallsTest, GiveAllOutInTheOrderOfTheirIds) {
  for (std::uint64_t id = 1; id <= 100; ++id) insert(id);
  std::vector<call::PendingCalls::Call> all = calls.take_all();
  ASSERT_EQ(all.size(), 100u);
  for (std::size_t i = 0; i < all.size(); ++i) EXPECT_EQ(all[i].request_end, 10 * (i + 1));
  EXPECT_TRUE(calls.take_all().empty());
  EXPECT_EQ(calls.size(), 0u);
}

// One call waits for ever while millions come and go: ids lie far apart.
TEST_F(PendingCallsTest, StayTheSameAsAMapWhateverHappens) {
  std::minstd_rand random(1);
  std::map<std::uint64_t, bool> model;
  std::uint64_t next = 1;
  insert(next);
  model[next++] = true;
  for (int step = 0; step < 200'000; ++step) {
    bool grow = model.size() < 2 || (model.size() < 700 && random() % 2 == 0);
    if (grow) {
      next += random() % 3 == 0 ? random() % 1000 : 0;
      insert(next);
      model[next++] = true;
    } else {
      auto place = std::next(model.begin(), static_cast<long>(1 + random() % (model.size() - 1)));
      call::PendingCalls::Call taken;
      ASSERT_TRUE(calls.take(place->first, taken));
      EXPECT_EQ(taken.request_end, 10 * place->first);
      ASSERT_FALSE(calls.take(place->first, taken));
      model.erase(place);
    }
    ASSERT_EQ(calls.size(), model.size());
  }
  for (const auto& [id, there] : model) {
    call::PendingCalls::Call taken;
    ASSERT_TRUE(calls.take(id, taken)) << id;
  }
}

TEST_F(PendingCallsTest, WatchDeadlinesWhenTold) {
  insert(1, loop.clock().now() + 1s);
  insert(2, loop.clock().now() + 2s);
  insert(3);
  EXPECT_TRUE(calls.has_unwatched());
  EXPECT_EQ(loop.loop().timer_count(), 0u);
  calls.start_deadlines();
  EXPECT_FALSE(calls.has_unwatched());
  EXPECT_EQ(calls.timers(), 2u);
  EXPECT_EQ(loop.loop().timer_count(), 2u);
  loop.advance(1s);
  EXPECT_EQ(expired, std::vector<std::uint64_t>{1});
  call::PendingCalls::Call taken;
  EXPECT_TRUE(calls.take(1, taken));
  EXPECT_TRUE(calls.take(2, taken));
  EXPECT_EQ(calls.timers(), 0u);
  EXPECT_EQ(loop.loop().timer_count(), 0u);
}

// A reply can come before the loop has got to the deadline, and the memory can be in use again.
TEST_F(PendingCallsTest, DoNotWatchACallThatHasLeft) {
  insert(1, loop.clock().now() + 1s);
  call::PendingCalls::Call taken;
  EXPECT_TRUE(calls.take(1, taken));
  insert(2);
  calls.start_deadlines();
  EXPECT_EQ(loop.loop().timer_count(), 0u);
  loop.advance(1h);
  EXPECT_TRUE(expired.empty());
}

TEST_F(PendingCallsTest, TellAttemptsOnceThatTheyAreWritten) {
  struct Attempt final : call::CallAttempt {
    void on_queued(std::uint64_t, ByteView) override {}
    void on_written(Clock::TimePoint now) noexcept override { written.push_back(now); }
    void on_end(CallRef, Status) noexcept override {}
    std::vector<Clock::TimePoint> written;
  };
  Attempt answered;
  Attempt waiting;
  for (std::uint64_t id : {1, 2, 3}) {
    call::StartedCall started = call();
    if (id != 2) started.attempt = id == 1 ? &answered : &waiting;
    calls.reserve();
    calls.insert(id, std::move(started), 10 * id);
  }
  call::PendingCalls::Call taken;
  ASSERT_TRUE(calls.take(1, taken));
  ASSERT_TRUE(calls.has_unwritten());
  calls.tell_written(loop.loop().now());
  EXPECT_FALSE(calls.has_unwritten());
  EXPECT_TRUE(answered.written.empty());
  EXPECT_EQ(waiting.written, std::vector<Clock::TimePoint>{loop.loop().now()});
}

TEST_F(PendingCallsTest, UseTheSameMemoryAgain) {
  for (std::uint64_t id = 1; id < 10'000; ++id) {
    insert(id, loop.clock().now() + 1h);
    calls.start_deadlines();
    call::PendingCalls::Call taken;
    ASSERT_TRUE(calls.take(id, taken));
    ASSERT_EQ(loop.loop().timer_count(), 0u);
  }
  loop.advance(2h);
  EXPECT_TRUE(expired.empty());
}

}  // namespace
}  // namespace tern::test
