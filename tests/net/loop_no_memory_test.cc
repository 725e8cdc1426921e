// A loop that has no memory for a moment.
#include <gtest/gtest.h>

#include <asio/io_context.hpp>
#include <chrono>

#include "integration/no_memory/failing_allocation.h"
#include "net/loop.h"
#include "tern/io_pool.h"

namespace tern::test {
namespace {

using namespace std::chrono_literals;

TEST(LoopWithoutMemory, StillRunsItsTimers) {
  asio::io_context io(1);
  IoPool pool(io);
  Loop& loop = pool.loop(0);
  bool ran = false;
  base::Timer timer([&ran] { ran = true; });
  fail_allocation(1);
  count_allocations(true);
  loop.start_timer(timer, 1ms);
  count_allocations(false);
  EXPECT_EQ(counted_allocations(), 1u);
  while (!ran && io.run_one_for(10s) > 0) {
  }
  EXPECT_TRUE(ran);
}

}  // namespace
}  // namespace tern::test
