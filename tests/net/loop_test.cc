#include "net/loop.h"

#include <gtest/gtest.h>

#include <future>
#include <stdexcept>

#include "support/test_loop.h"
#include "tern/io_pool.h"
#include "tern/loop_thread.h"

namespace tern {
namespace {

TEST(Loop, FiresTimersWhenTheClockIsTurned) {
  test::TestLoop test;
  int fired = 0;
  base::Timer timer([&] { ++fired; });
  test.loop().start_timer(timer, std::chrono::seconds(10));
  test.advance(std::chrono::milliseconds(9999));
  EXPECT_EQ(fired, 0);
  test.advance(std::chrono::milliseconds(1));
  EXPECT_EQ(fired, 1);
  EXPECT_EQ(test.loop().timer_count(), 0u);
}

TEST(Loop, SaysWhenTheNextTimerIsDue) {
  test::TestLoop test;
  Loop& loop = test.loop();
  EXPECT_EQ(loop.next_due(), std::nullopt);
  base::Timer later([] {});
  base::Timer sooner([] {});
  Clock::TimePoint start = loop.now();
  loop.start_timer(later, std::chrono::seconds(10));
  loop.start_timer(sooner, std::chrono::seconds(3));
  EXPECT_EQ(loop.next_due(), start + std::chrono::seconds(3));
  // Turned to what is due next, the clock is at each of them in turn.
  test.advance(*loop.next_due() - loop.now());
  EXPECT_EQ(loop.next_due(), start + std::chrono::seconds(10));
  loop.cancel_timer(later);
  EXPECT_EQ(loop.next_due(), std::nullopt);
}

TEST(Loop, FiresTimersOnTheSteadyClock) {
  std::promise<Clock::TimePoint> fired;
  base::Timer timer([&] { fired.set_value(steady_clock().now()); });
  base::Timer later([] {});
  IoPool pool(1);  // after the timers: they are its loop's until its thread has ended
  Clock::TimePoint start = steady_clock().now();
  pool.loop(0).post([&] {
    pool.loop(0).start_timer(later, std::chrono::hours(1));
    pool.loop(0).start_timer(timer, std::chrono::milliseconds(20));
  });
  EXPECT_GE(fired.get_future().get() - start, std::chrono::milliseconds(20));
}

TEST(Loop, FiresTimersOneAfterTheOther) {
  std::promise<void> fired;
  base::Timer first([] {});
  base::Timer second([&] { fired.set_value(); });
  IoPool pool(1);  // after the timers: they are its loop's until its thread has ended
  pool.loop(0).post([&] {
    pool.loop(0).start_timer(first, std::chrono::milliseconds(1));
    pool.loop(0).start_timer(second, std::chrono::milliseconds(20));
  });
  fired.get_future().get();
}

TEST(Loop, FiresTheOtherTimersAfterOneHasThrown) {
  asio::io_context io{1};
  IoPool pool(io);
  Loop& loop = pool.loop(0);
  int fired = 0;
  base::Timer throwing([] { throw std::runtime_error("a callback"); });
  base::Timer other([&] { ++fired; });
  Clock::TimePoint due = loop.now();
  loop.start_timer(throwing, due);
  loop.start_timer(other, due + std::chrono::nanoseconds(1));
  EXPECT_THROW(io.run(), std::runtime_error);
  EXPECT_EQ(fired, 0);
  io.run();
  EXPECT_EQ(fired, 1);
}

TEST(Loop, KnowsItsOwnThread) {
  IoPool pool(2);
  std::promise<bool> own, other, waits;
  pool.loop(0).post([&] {
    own.set_value(pool.loop(0).in_this_thread());
    other.set_value(pool.loop(1).in_this_thread());
    waits.set_value(on_loop_thread());
  });
  EXPECT_TRUE(own.get_future().get());
  EXPECT_FALSE(other.get_future().get());
  EXPECT_TRUE(waits.get_future().get());
  EXPECT_FALSE(on_loop_thread());
}

TEST(Loop, HandsBuffersAroundWithTheirMemory) {
  test::TestLoop test;
  Buffer buffer;
  buffer.append("0123456789");
  const std::byte* memory = buffer.data();
  test.loop().give_buffer(std::move(buffer));
  Buffer again = test.loop().take_buffer();
  EXPECT_TRUE(again.empty());
  EXPECT_EQ(again.data(), memory);
  EXPECT_EQ(test.loop().take_buffer().capacity(), 0u);
}

TEST(Loop, GivesWhoNeedsMuchNoSmallBuffer) {
  test::TestLoop test;
  Buffer large;
  large.grow(1024 * 1024);
  test.loop().give_buffer(std::move(large));
  EXPECT_EQ(test.loop().take_buffer().capacity(), 0u);
  Buffer small;
  small.grow(1024);
  test.loop().give_buffer(std::move(small));
  EXPECT_NE(test.loop().take_buffer(1024 * 1024).capacity(), 1024u);
  EXPECT_EQ(test.loop().take_buffer().capacity(), 1024u);
}

}  // namespace
}  // namespace tern
