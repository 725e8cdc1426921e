// Handshakes do not hold up what else a loop does.
#include "tls/handshake_turns.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "support/test_loop.h"

namespace tern::test {
namespace {

struct Step final : tls::Handshaking {
  explicit Step(int& made) : count(made) {}
  bool under_way() const noexcept override { return false; }
  void go_on() override { ++count; }
  int& count;
};

// Notes whose turn it was.
struct Named final : tls::Handshaking {
  Named(std::string& made, char letter, bool begun) : turns(made), name(letter), has_begun(begun) {}
  bool under_way() const noexcept override { return has_begun; }
  void go_on() override { turns += name; }
  std::string& turns;
  const char name;
  const bool has_begun;
};

TEST(HandshakeTurns, TakeOneStepBetweenTwoRoundsOfTheLoop) {
  TestLoop loop;
  auto turns = std::make_shared<tls::HandshakeTurns>(loop.loop());
  int steps = 0;
  std::vector<std::shared_ptr<Step>> waiting;
  for (int i = 0; i < 5000; ++i) {
    waiting.push_back(std::make_shared<Step>(steps));
    turns->add(waiting.back());
  }
  // A call that comes meanwhile waits for one of them, not for all.
  for (int round = 1; round <= 100; ++round) {
    bool ran = false;
    loop.loop().post([&] { ran = true; });
    while (!ran) loop.io().poll_one();
    EXPECT_LE(steps, 2 * round);
  }
  loop.settle();
  EXPECT_EQ(steps, 5000);
}

// So that few of them hold memory at a time; and those that drip do not keep others out.
TEST(HandshakeTurns, PreferThoseThatAreUnderWayAndLetNobodyWaitForEver) {
  TestLoop loop;
  auto turns = std::make_shared<tls::HandshakeTurns>(loop.loop());
  std::string order;
  const std::shared_ptr<Named> news = std::make_shared<Named>(order, 'n', false);
  const std::shared_ptr<Named> old = std::make_shared<Named>(order, 'b', true);
  for (int i = 0; i < 3; ++i) turns->add(news);
  for (int i = 0; i < 10; ++i) turns->add(old);
  loop.settle();
  EXPECT_EQ(order, "bbbbnbbbbnbbn");
}

TEST(HandshakeTurns, ForgetThoseThatAreGone) {
  TestLoop loop;
  auto turns = std::make_shared<tls::HandshakeTurns>(loop.loop());
  int steps = 0;
  auto gone = std::make_shared<Step>(steps);
  auto there = std::make_shared<Step>(steps);
  turns->add(gone);
  turns->add(there);
  gone.reset();
  loop.settle();
  EXPECT_EQ(steps, 1);
}

}  // namespace
}  // namespace tern::test
