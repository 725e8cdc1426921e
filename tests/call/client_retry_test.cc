// The timers of a client between its attempts to connect.
#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "call/client_fixture.h"

namespace tern::test {
namespace {

class ClientRetry : public ClientTest {};

TEST_F(ClientRetry, LeavesOnlyTheBackOffsTimerAfterAFailure) {
  dialer->fail_next(Status(Code::kUnavailable, "refused"));
  multiply(6, 7);
  loop.settle();
  EXPECT_EQ(loop.loop().timer_count(), 1u);
  loop.advance(1s);
  EXPECT_EQ(loop.loop().timer_count(), 0u);
  EXPECT_EQ(dialer->attempts(), 1u);  // nobody waits
}

TEST_F(ClientRetry, ConnectDuringABackOffTriesAtOnceAndEndsIt) {
  dialer->fail_next(Status(Code::kUnavailable, "refused"));
  multiply(6, 7);
  loop.settle();
  std::atomic<bool> connected = false;
  std::thread caller([&] {
    EXPECT_TRUE(client().connect().ok());
    connected = true;
  });
  while (dialer->streams() == 0) loop.settle();
  server().accept();
  while (!connected) loop.settle();
  caller.join();
  EXPECT_EQ(dialer->attempts(), 2u);
  EXPECT_EQ(loop.loop().timer_count(), 0u);
}

}  // namespace
}  // namespace tern::test
