// Loops, and their end.
#include "tern/io_pool.h"

#include <gtest/gtest.h>

#include <asio/io_context.hpp>
#include <future>
#include <memory>
#include <thread>

#include "net/loop.h"

namespace tern {
namespace {

struct Listener : LoopEndListener {
  void on_loop_end() override { ++ended; }
  int ended = 0;
};

TEST(IoPool, GivesItsLoopsInTurn) {
  IoPool pool(2);
  Loop& first = pool.next();
  Loop& second = pool.next();
  EXPECT_NE(&first, &second);
  EXPECT_EQ(&pool.next(), &first);
}

TEST(IoPool, RunsWhatIsQueuedBeforeItIsGone) {
  int ran = 0;
  auto pool = std::make_unique<IoPool>(1);
  Loop& loop = pool->loop(0);
  std::promise<void> blocked, go_on;
  loop.post([&] {
    blocked.set_value();
    go_on.get_future().wait();
  });
  blocked.get_future().wait();
  // Both are behind a task that is still at work when the pool begins to stop.
  loop.post([&] {
    ++ran;
    loop.post([&] { ++ran; });
  });
  std::thread destroying([&] { pool.reset(); });
  while (!loop.io().stopped()) std::this_thread::yield();
  go_on.set_value();
  destroying.join();
  EXPECT_EQ(ran, 2);
}

TEST(IoPool, DropsWhatIsPostedAfterItsEnd) {
  std::shared_ptr<Loop> held;
  {
    IoPool pool(1);
    held = pool.loop(0).shared_from_this();
  }
  auto kept = std::make_shared<int>();
  held->post([kept] { ADD_FAILURE() << "run"; });
  EXPECT_EQ(kept.use_count(), 1);
  base::Timer timer([] { ADD_FAILURE() << "fired"; });
  held->start_timer(timer, Clock::Duration(0));
}

TEST(IoPool, TellsThoseWhoOutliveIt) {
  auto listener = std::make_shared<Listener>();
  std::shared_ptr<Loop> loop;
  {
    IoPool pool(1);
    loop = pool.loop(0).shared_from_this();
    loop->add_end_listener(listener);
    EXPECT_EQ(listener->ended, 0);
  }
  EXPECT_EQ(listener->ended, 1);
  loop->add_end_listener(listener);
  EXPECT_EQ(listener->ended, 2) << "the end has been";
}

TEST(IoPool, OnAnIoContextOfTheUsersLeavesItsLoopToWhatIsQueued) {
  asio::io_context io;
  std::weak_ptr<Loop> left;
  bool there = false;
  {
    IoPool pool(io);
    left = pool.loop(0).weak_from_this();
    pool.loop(0).post([&] { there = !left.expired(); });
  }
  io.run();
  EXPECT_TRUE(there);
  EXPECT_TRUE(left.expired());
}

TEST(IoPool, OnAnIoContextOfTheUsersTellsThemOnItsThread) {
  asio::io_context io;
  auto listener = std::make_shared<Listener>();
  std::shared_ptr<Loop> loop;
  {
    IoPool pool(io);
    loop = pool.loop(0).shared_from_this();
    loop->add_end_listener(listener);
  }
  EXPECT_EQ(listener->ended, 0);
  io.run();
  EXPECT_EQ(listener->ended, 1);
}

}  // namespace
}  // namespace tern
