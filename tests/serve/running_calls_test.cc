// The calls of a session whose ids fall together: chained, and each still found.
#include <gtest/gtest.h>

#include <string>

#include "serve/gate.h"
#include "serve/server_fixture.h"

namespace tern::test {
namespace {

class RunningCallsOfOneBucket : public ServerFixture {
 protected:
  static constexpr std::uint64_t kCalls = 100;

  RunningCallsOfOneBucket() {
    service().on_echo([this](ServerContext&, std::string text) { return behind(gate, text); });
    peer = connect();
    std::string bytes;
    for (std::uint64_t i = 0; i < kCalls; ++i) bytes += peer->request(id(i), "x");
    peer->send(bytes);
    settle();
  }
  // However far the table grows, the low bits are all alike.
  static std::uint64_t id(std::uint64_t i) { return i << 32; }

  Gate gate;
  std::unique_ptr<Peer> peer;
};

TEST_F(RunningCallsOfOneBucket, AllEndWithTheirConnection) {
  peer->end().reset();
  settle();
  EXPECT_EQ(gate.cancelled(), static_cast<int>(kCalls));
  EXPECT_EQ(server().stats().calls_running, 0u);
}

TEST_F(RunningCallsOfOneBucket, AreFoundByTheirCancelWhereverTheyStand) {
  int cancelled = 0;
  for (std::uint64_t i = 0; i < kCalls; ++i) {
    std::uint64_t any = i * 37 % kCalls;  // the first, the last, and those between
    peer->send(peer->cancel(id(any)));
    settle();
    EXPECT_EQ(gate.cancelled(), ++cancelled) << any;
  }
  EXPECT_EQ(server().stats().calls_running, 0u);
}

TEST_F(RunningCallsOfOneBucket, KeepTheirIdsToThemselves) {
  for (std::uint64_t i = 0; i < kCalls; ++i) {
    peer->send(peer->request(id(i), "y"));
    settle();
    EXPECT_EQ(peer->answer().code, Code::kInvalidArgument) << i;
  }
  EXPECT_EQ(gate.waiting(), static_cast<int>(kCalls));
}

}  // namespace
}  // namespace tern::test
