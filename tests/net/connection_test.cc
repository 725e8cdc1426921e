#include "net/connection.h"

#include <gtest/gtest.h>

#include <new>
#include <string>
#include <vector>

#include "support/memory_stream.h"
#include "support/test_loop.h"

namespace tern {
namespace {

constexpr Clock::Duration kGatherLimit = std::chrono::milliseconds(1);

// Messages are lines. Keeps what comes, and answers each line if it is told to.
class LineUser final : public net::ConnectionUser {
 public:
  Consumed on_bytes(ByteView bytes) override {
    ++offers;
    if (throws_when_read) throw std::bad_alloc();
    std::string_view text = as_text(bytes);
    std::size_t used = 0;
    for (;;) {
      std::size_t end = text.find('\n', used);
      if (end == std::string_view::npos || connection->paused()) break;
      lines.emplace_back(text.substr(used, end - used));
      used = end + 1;
      if (echo) queue(lines.back() + "\n");
      if (pause_after == lines.size()) connection->pause_reading();
      if (gather > 0) connection->gather(gather, kGatherLimit);
      if (close_after == lines.size()) connection->close(Status(Code::kAborted, "enough"));
    }
    closed_in_turn = closed;
    return {used, wanted};
  }
  void take_outgoing(Buffer& out) override {
    if (throws_when_written) throw std::bad_alloc();
    std::swap(out, outgoing);
  }
  bool on_end() override {
    ended = true;
    return stays_open;
  }
  void on_drained() override { ++drained; }
  void on_closed(const Status& status) override {
    ++closed;
    why = status;
  }

  void queue(std::string_view text) { outgoing.append(text); }

  std::shared_ptr<net::Connection> connection;
  Buffer outgoing;
  std::vector<std::string> lines;
  std::size_t wanted = 0;
  std::size_t pause_after = 0;
  std::size_t close_after = 0;
  std::size_t gather = 0;
  bool echo = false;
  bool stays_open = false;
  bool throws_when_read = false;
  bool throws_when_written = false;
  bool ended = false;
  int offers = 0;
  int drained = 0;
  int closed = 0;
  int closed_in_turn = 0;
  Status why;
};

class ConnectionTest : public testing::Test {
 protected:
  ConnectionTest() { open({}); }
  ~ConnectionTest() override {
    if (user_.connection) user_.connection->close(Status(Code::kCancelled, "test ends"));
    test_.settle();
  }

  void open(const test::StreamFaults& faults) {
    link_ = std::make_unique<test::MemoryLink>();
    link_->left().set_faults(faults);
    user_.connection = std::make_shared<net::Connection>(
        test_.loop(), link_->left().open(test_.loop()), user_, net::ConnectionOptions());
    user_.connection->start();
  }
  net::Connection& connection() { return *user_.connection; }
  test::MemoryEnd& peer() { return link_->right(); }
  void peer_sends(std::string_view text) {
    peer().send(text);
    test_.settle();
  }
  void send(std::string_view text) {
    user_.queue(text);
    connection().flush();
    test_.settle();
  }

  test::TestLoop test_;
  std::unique_ptr<test::MemoryLink> link_;
  LineUser user_;
};

TEST_F(ConnectionTest, TakesManyMessagesFromOneReadAndAnswersThemWithOneWrite) {
  user_.echo = true;
  peer_sends("a\nb\nc\n");
  EXPECT_EQ(user_.lines, (std::vector<std::string>{"a", "b", "c"}));
  EXPECT_EQ(peer().take_received(), "a\nb\nc\n");
  EXPECT_EQ(link_->left().writes(), 1u);
}

TEST_F(ConnectionTest, LetsBytesGatherUntilThereAreSoMany) {
  user_.gather = 4;
  peer_sends("a\n");
  peer_sends("b\n");
  EXPECT_EQ(user_.lines, (std::vector<std::string>{"a"}));
  peer_sends("c\n");
  EXPECT_EQ(user_.lines, (std::vector<std::string>{"a", "b", "c"}));
  EXPECT_EQ(link_->left().reads(), 2u);
}

TEST_F(ConnectionTest, HoldsBytesBackNoLongerThanItMay) {
  user_.gather = 1000;
  peer_sends("a\n");
  test_.advance(kGatherLimit / 2);
  peer_sends("b\n");
  test_.advance(kGatherLimit / 2);
  EXPECT_EQ(user_.lines, (std::vector<std::string>{"a", "b"}));
}

TEST_F(ConnectionTest, GathersNothingAnyMoreWhenNothingCame) {
  user_.gather = 1000;
  peer_sends("a\n");
  test_.advance(kGatherLimit);
  EXPECT_EQ(test_.loop().timer_count(), 0u);
  user_.gather = 0;
  peer_sends("b\n");
  EXPECT_EQ(user_.lines, (std::vector<std::string>{"a", "b"}));
}

TEST_F(ConnectionTest, SeesTheEndWhileItGathers) {
  user_.gather = 1000;
  peer_sends("a\n");
  peer_sends("b\n");
  peer().shutdown_write();
  test_.settle();
  EXPECT_EQ(user_.lines, (std::vector<std::string>{"a", "b"}));
  EXPECT_EQ(user_.closed, 1);
  EXPECT_EQ(test_.loop().timer_count(), 0u);
}

TEST_F(ConnectionTest, KeepsAPartialMessageUntilTheRestComes) {
  peer_sends("one\ntw");
  EXPECT_EQ(user_.lines, (std::vector<std::string>{"one"}));
  EXPECT_EQ(connection().partial_bytes(), 2u);
  peer_sends("o\nthr");
  peer_sends("ee\n");
  EXPECT_EQ(user_.lines, (std::vector<std::string>{"one", "two", "three"}));
  EXPECT_EQ(connection().partial_bytes(), 0u);
}

TEST_F(ConnectionTest, DoesNotOfferAgainBeforeWhatIsWantedIsThere) {
  user_.wanted = 8;
  peer_sends("1234");
  int before = user_.offers;
  peer_sends("567");
  EXPECT_EQ(user_.offers, before);
  peer_sends("\n");
  EXPECT_EQ(user_.offers, before + 1);
  EXPECT_EQ(user_.lines, (std::vector<std::string>{"1234567"}));
}

TEST_F(ConnectionTest, LosesNothingHoweverTheBytesArrive) {
  std::string text;
  std::vector<std::string> expected;
  for (int i = 0; i < 300; ++i) {
    expected.push_back("line " + std::to_string(i) + std::string(static_cast<std::size_t>(i), '.'));
    text += expected.back() + "\n";
  }
  for (std::size_t size : {1u, 2u, 3u, 7u, 100u, 65536u}) {
    test::StreamFaults faults;
    faults.read_size = size;
    faults.gaps = true;
    user_.lines.clear();
    user_.connection->close(Status(Code::kCancelled, "next"));
    open(faults);
    peer_sends(text);
    EXPECT_EQ(user_.lines, expected) << size;
  }
}

TEST_F(ConnectionTest, MovesMessagesThatAreLargerThanItsScratchMemory) {
  std::string large(3 * 1024 * 1024, 'x');
  user_.echo = true;
  user_.wanted = large.size() + 1;
  peer_sends(large + "\n");
  ASSERT_EQ(user_.lines.size(), 1u);
  EXPECT_EQ(user_.lines[0].size(), large.size());
  EXPECT_EQ(peer().take_received().size(), large.size() + 1);
}

TEST_F(ConnectionTest, StopsReadingWhenPausedAndGoesOnWhereItWas) {
  user_.pause_after = 2;
  peer_sends("1\n2\n3\n4\n");
  EXPECT_EQ(user_.lines.size(), 2u);
  peer_sends("5\n");
  EXPECT_EQ(user_.lines.size(), 2u);
  EXPECT_GT(peer().unread() + connection().partial_bytes(), 0u);
  connection().resume_reading();
  test_.settle();
  EXPECT_EQ(user_.lines, (std::vector<std::string>{"1", "2", "3", "4", "5"}));
}

TEST_F(ConnectionTest, WritesTheRestWhenThePeerTakesMore) {
  link_->left().block_writes(true);
  send("hello");
  EXPECT_EQ(connection().unsent(), 5u);
  send(" world");
  link_->left().block_writes(false);
  test_.settle();
  EXPECT_EQ(peer().take_received(), "hello world");
  EXPECT_EQ(connection().unsent(), 0u);
  EXPECT_EQ(user_.drained, 1);
}

TEST_F(ConnectionTest, ClosesWhenThePeerTakesNothing) {
  link_->left().block_writes(true);
  send("hello");
  test_.advance(std::chrono::milliseconds(29999));
  EXPECT_EQ(user_.closed, 0);
  test_.advance(std::chrono::milliseconds(1));
  EXPECT_EQ(user_.closed, 1);
  EXPECT_NE(user_.why.message().find("took no byte for 30s while 5 bytes waited"),
            std::string_view::npos)
      << user_.why.message();
}

TEST_F(ConnectionTest, ReportsTheEndOnceAndSaysWhere) {
  peer_sends("half a lin");
  peer().close();
  test_.settle();
  EXPECT_EQ(user_.closed, 1);
  EXPECT_EQ(user_.why.code(), Code::kUnavailable);
  EXPECT_NE(user_.why.message().find("in the middle of a message, after 10 bytes"),
            std::string_view::npos)
      << user_.why.message();
}

TEST_F(ConnectionTest, StillWritesAfterTheEndIfTheUserSaysSo) {
  user_.stays_open = true;
  peer_sends("question\n");
  peer().shutdown_write();
  test_.settle();
  EXPECT_TRUE(user_.ended);
  EXPECT_EQ(user_.closed, 0);
  send("answer\n");
  EXPECT_EQ(peer().take_received(), "answer\n");
  connection().close_after_flush(Status(Code::kCancelled, "done"));
  test_.settle();
  EXPECT_EQ(user_.closed, 1);
  EXPECT_TRUE(peer().end_received());
}

TEST_F(ConnectionTest, ClosesAfterItsLastWordsHaveBeenRead) {
  send("last words");
  connection().close_after_flush(Status(Code::kInvalidArgument, "refused"));
  test_.settle();
  EXPECT_TRUE(peer().end_received());
  EXPECT_EQ(user_.closed, 0);
  peer_sends("bytes that nobody wants");
  peer().close();
  test_.settle();
  EXPECT_EQ(user_.closed, 1);
  EXPECT_EQ(user_.why.message(), "refused");
  EXPECT_TRUE(user_.lines.empty());
}

TEST_F(ConnectionTest, DoesNotLingerForEver) {
  connection().close_after_flush(Status(Code::kInvalidArgument, "refused"));
  test_.settle();
  test_.advance(std::chrono::seconds(2));
  EXPECT_EQ(user_.closed, 1);
  EXPECT_EQ(user_.why.message(), "refused");
}

TEST_F(ConnectionTest, MayBeClosedFromWithinATurn) {
  user_.close_after = 2;
  peer_sends("1\n2\n");
  EXPECT_EQ(user_.closed, 1);
  EXPECT_EQ(user_.why.message(), "enough");
  EXPECT_TRUE(link_->left().closed());
}

TEST_F(ConnectionTest, TellsOfACloseFromWithinATurnBehindTheTurn) {
  user_.close_after = 1;
  peer_sends("1\n2\n");
  EXPECT_EQ(user_.closed_in_turn, 0);
  EXPECT_EQ(user_.closed, 1);
}

TEST_F(ConnectionTest, EndsWhenAWriteFailsWhileReadingIsPaused) {
  test::StreamFaults faults;
  faults.fail_write = 1;
  link_->left().set_faults(faults);
  connection().pause_reading();
  send("x");
  EXPECT_EQ(user_.closed, 1);
}

TEST_F(ConnectionTest, KeepsAPeerThatHasTakenWhatWaitedForIt) {
  link_->left().block_writes(true);
  send("x");
  link_->left().block_writes(false);
  test_.settle();
  EXPECT_EQ(user_.drained, 1);
  test_.advance(std::chrono::hours(1));
  EXPECT_EQ(user_.closed, 0);
}

TEST_F(ConnectionTest, EveryFailingReadOrWriteEndsItOnce) {
  for (std::size_t k = 1; k <= 8; ++k) {
    for (bool reading : {true, false}) {
      user_.connection->close(Status(Code::kCancelled, "next"));
      user_.lines.clear();
      user_.closed = 0;
      user_.echo = true;
      test::StreamFaults faults;
      faults.read_size = 2;
      faults.write_size = 1;
      (reading ? faults.fail_read : faults.fail_write) = k;
      open(faults);
      peer_sends("a\nb\nc\nd\ne\n");
      EXPECT_LE(user_.closed, 1);
      if (reading ? k <= 5 : k <= 8) {
        EXPECT_EQ(user_.closed, 1) << k;
        EXPECT_NE(user_.why.message().find("reset"), std::string_view::npos);
      }
    }
  }
}

TEST_F(ConnectionTest, EndsAloneWhenThereIsNoMemoryForWhatComes) {
  peer_sends("part of a li");
  user_.throws_when_read = true;
  peer_sends("ne\n");
  EXPECT_EQ(user_.closed, 1);
  EXPECT_EQ(user_.closed_in_turn, 0);
  EXPECT_EQ(user_.why.code(), Code::kUnavailable);
  EXPECT_EQ(user_.why.message(), "connection with memory: closed: std::bad_alloc");
  EXPECT_TRUE(link_->left().closed());
}

TEST_F(ConnectionTest, EndsAloneWhenThereIsNoMemoryForWhatWasHeldBack) {
  user_.pause_after = 1;
  peer_sends("1\n2\n");
  user_.throws_when_read = true;
  connection().resume_reading();
  test_.settle();
  EXPECT_EQ(user_.closed, 1);
}

TEST_F(ConnectionTest, EndsAloneWhenThereIsNoMemoryForWhatIsWritten) {
  user_.throws_when_written = true;
  connection().flush();
  EXPECT_EQ(user_.closed, 1);
  EXPECT_EQ(user_.why.message(), "connection with memory: closed: std::bad_alloc");
}

TEST_F(ConnectionTest, KeepsNoMemoryWhenIdle) {
  user_.echo = true;
  peer_sends("hello\n");
  EXPECT_EQ(connection().partial_bytes(), 0u);
  EXPECT_EQ(connection().unsent(), 0u);
  // What it had to write with is back in the loop's hands.
  EXPECT_GT(test_.loop().take_buffer().capacity(), 0u);
}

}  // namespace
}  // namespace tern
