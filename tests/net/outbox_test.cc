#include "net/outbox.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <deque>
#include <map>
#include <random>
#include <string>
#include <string_view>
#include <utility>

#include "support/test_loop.h"

namespace tern {
namespace {

// Messages are a letter, repeated. A chunk has four of them, in brackets; the last one in angles.
class BracketCutter final : public base::MessageCutter {
 public:
  Rules rules() const noexcept override { return rules_; }
  std::size_t write_chunk(ByteView message, std::size_t taken, Buffer& out) override {
    std::size_t size = std::min<std::size_t>(4, message.size() - taken);
    bool last = taken + size == message.size();
    out.append(last ? std::string_view("<") : std::string_view("["));
    out.append(message.subspan(taken, size));
    out.append(last ? std::string_view(">") : std::string_view("]"));
    return size;
  }

  Rules rules_{.whole_bytes = 4, .begun_messages = 8, .begun_bytes = 10'000'000};
};

// What it is given leaves in pieces, one a turn.
class PieceSource final : public net::TurnSource {
 public:
  void add(std::string piece) { pieces_.push_back(std::move(piece)); }
  bool can_take() const noexcept override { return !pieces_.empty(); }
  void take(Buffer& out) override {
    out.append(pieces_.front());
    pieces_.pop_front();
  }

 private:
  std::deque<std::string> pieces_;
};

class OutboxTest : public testing::Test {
 protected:
  OutboxTest() { outbox_.set_cutter(&cutter_); }

  void write(std::uint64_t call, std::string_view text) {
    Buffer& out = outbox_.messages();
    std::size_t start = out.size();
    out.append(text);
    outbox_.end_message(call, start);
  }
  void write_long(std::uint64_t call, char letter, std::size_t size) {
    write(call, std::string(size, letter));
  }
  std::string take() {
    Buffer out;
    outbox_.take(out);
    return std::string(as_text(out.view()));
  }
  std::string take_all() {
    std::string all;
    for (std::string part = take(); !part.empty(); part = take()) all += part;
    return all;
  }

  test::TestLoop loop_;
  BracketCutter cutter_;
  PieceSource source_;
  net::Outbox outbox_{loop_.loop()};
};

TEST_F(OutboxTest, GivesShortMessagesInOnePartWithoutACopy) {
  write(1, "a");
  const std::byte* where = outbox_.messages().data();
  write(2, "b");
  Buffer out;
  outbox_.take(out);
  EXPECT_EQ(as_text(out.view()), "ab");
  EXPECT_EQ(out.data(), where);
  EXPECT_EQ(outbox_.size(), 0u);
}

TEST_F(OutboxTest, SendsControlThenShortMessagesThenChunks) {
  write_long(1, 'x', 9);
  write(2, "a");
  outbox_.control().append(std::string_view("!"));
  write(3, "b");
  outbox_.control().append(std::string_view("?"));
  EXPECT_EQ(take_all(), "!?ab[xxxx][xxxx]<x>");
}

TEST_F(OutboxTest, LetsTheCallsTakeTurnsWithTheirChunks) {
  write_long(1, 'x', 9);
  write_long(2, 'y', 6);
  write_long(3, 'z', 12);
  EXPECT_EQ(take_all(), "[xxxx][yyyy][zzzz][xxxx]<yy>[zzzz]<x><zzzz>");
}

TEST_F(OutboxTest, CutsAMessageOnlyIfItIsLongerThanTheRuleSays) {
  write(1, "aaaa");
  write(2, "bbbbb");
  EXPECT_EQ(take_all(), "aaaa[bbbb]<b>");
}

TEST_F(OutboxTest, CutsAMessageOutOfTheMiddleOfShortOnes) {
  for (std::size_t size : {5u, 50u}) {  // shorter and longer than what stands before it
    write(1, "aaaa");
    write(2, "bbbb");
    write_long(3, 'x', size);
    write(4, "cccc");
    EXPECT_EQ(take_all().substr(0, 12), "aaaabbbbcccc");
  }
}

TEST_F(OutboxTest, SendsWhatCameMeanwhileBeforeTheRestOfALongMessage) {
  write_long(1, 'x', 1'000'000);
  std::string first = take();
  EXPECT_GT(first.size(), 60'000u);
  EXPECT_LT(first.size(), 70'000u);
  write(2, "a");
  outbox_.control().append(std::string_view("!"));
  EXPECT_EQ(take().substr(0, 3), "!a[");
}

// Else a client that is always answered shortly would never see its long reply.
TEST_F(OutboxTest, GivesAChunkWithEveryPartOfShortMessages) {
  write_long(1, 'x', 12);
  write(2, "a");
  EXPECT_EQ(take().substr(0, 7), "a[xxxx]");
  write_long(1, 'x', 200'000);
  std::string short_ones(4, 'b');
  for (int i = 0; i < 100'000; ++i) write(3, short_ones);
  int parts = 0;
  while (outbox_.size() > 0 && parts < 6) {
    std::string part = take();
    EXPECT_NE(part.find('x'), std::string::npos) << parts;
    EXPECT_LT(part.size(), 100'000u);
    ++parts;
  }
}

TEST_F(OutboxTest, GivesShortMessagesAPartAtATime) {
  std::string sent;
  for (int i = 0; i < 50'000; ++i) {
    std::string text = std::to_string(i % 1000);
    sent += text;
    write(1, text);
  }
  std::string all;
  for (std::string part = take(); !part.empty(); part = take()) {
    EXPECT_LE(part.size(), 65'536u + 4);
    all += part;
  }
  EXPECT_EQ(all, sent);
}

TEST_F(OutboxTest, SendsNoControlMessageBehindManyShortOnes) {
  for (int i = 0; i < 50'000; ++i) write(1, "aaaa");
  take();
  outbox_.control().append(std::string_view("!"));
  EXPECT_EQ(take(), "!");
  EXPECT_EQ(take().substr(0, 4), "aaaa");
}

TEST_F(OutboxTest, WithoutACutterKeepsTheOrderAndGivesEachMessageWhole) {
  net::Outbox plain(loop_.loop());
  plain.set_cutter(nullptr);
  std::string sent;
  for (std::size_t size : {3u, 300'000u, 2u}) {
    std::size_t start = plain.messages().size();
    plain.messages().append(std::string(size, 'x'));
    plain.end_message(1, start);
  }
  Buffer out;
  plain.take(out);
  EXPECT_EQ(out.size(), 300'005u);
  EXPECT_EQ(plain.size(), 0u);
}

TEST_F(OutboxTest, KeepsTheOrderOfOneCallsMessages) {
  write_long(1, 'x', 6);
  write(1, "a");
  write_long(1, 'y', 6);
  write(2, "b");
  EXPECT_EQ(take_all(), "b[xxxx]<xx>a[yyyy]<yy>");
}

// Its short ones too, that are in a later part of many short messages.
TEST_F(OutboxTest, KeepsTheOrderOfOneCallsMessagesBehindManyOthers) {
  for (int i = 0; i < 50'000; ++i) write(2, "bbbb");
  write(1, "a");
  write_long(1, 'x', 6);
  std::string all = take_all();
  EXPECT_LT(all.find('a'), all.find('x'));
  EXPECT_EQ(all.size(), 200'001u + 10u);
}

TEST_F(OutboxTest, DropsWhatHasNotBegunToLeave) {
  write_long(1, 'x', 100);
  write_long(2, 'y', 100);
  EXPECT_EQ(outbox_.drop(1), 100u);
  EXPECT_EQ(outbox_.size(), 100u);
  std::string rest = take_all();
  EXPECT_EQ(rest.find('x'), std::string::npos);
  EXPECT_EQ(std::count(rest.begin(), rest.end(), 'y'), 100);
  EXPECT_EQ(outbox_.drop(1), 0u);
}

TEST_F(OutboxTest, DropsNothingOfAMessageThatHasBegunToLeave) {
  write_long(1, 'x', 300'000);
  write_long(1, 'z', 10);
  std::string first = take();
  EXPECT_EQ(outbox_.drop(1), 10u);
  std::string all = first + take_all();
  EXPECT_EQ(std::count(all.begin(), all.end(), 'x'), 300'000);
  EXPECT_EQ(all.find('z'), std::string::npos);
  EXPECT_EQ(outbox_.size(), 0u);
}

// What the peer has begun to get, and nothing of a call that came later, goes first.
TEST_F(OutboxTest, BeginsNoMoreMessagesThanThePeerBears) {
  cutter_.rules_.begun_messages = 2;
  outbox_.set_cutter(&cutter_);
  write_long(1, 'x', 8);
  write_long(2, 'y', 8);
  write_long(3, 'z', 8);
  EXPECT_EQ(take_all(), "[xxxx][yyyy]<xxxx><yyyy>[zzzz]<zzzz>");
}

TEST_F(OutboxTest, BeginsNoMoreBytesThanThePeerBears) {
  cutter_.rules_.begun_bytes = 16;
  outbox_.set_cutter(&cutter_);
  write_long(1, 'x', 8);
  write_long(2, 'y', 9);
  write_long(3, 'z', 8);  // would fit beside the first, but came later
  EXPECT_EQ(take_all(), "[xxxx]<xxxx>[yyyy][yyyy]<y>[zzzz]<zzzz>");
  write_long(4, 'v', 20);  // longer than all together may be: alone
  write_long(5, 'w', 8);
  EXPECT_EQ(take_all(), "[vvvv][vvvv][vvvv][vvvv]<vvvv>[wwww]<wwww>");
}

TEST_F(OutboxTest, GivesTheRoomOfAMessageThatHasLeftToTheNext) {
  cutter_.rules_.begun_messages = 2;
  outbox_.set_cutter(&cutter_);
  write_long(1, 'x', 300'000);
  write_long(2, 'y', 300'000);
  take();
  write_long(3, 'z', 8);
  EXPECT_EQ(outbox_.drop(3), 8u);
  write_long(4, 'v', 8);
  EXPECT_EQ(take().find('v'), std::string::npos);
  std::string rest = take_all();
  EXPECT_EQ(std::count(rest.begin(), rest.end(), 'v'), 8);
}

TEST_F(OutboxTest, LetsTheSourceAndLongMessagesTakeTurnsBehindAllElse) {
  outbox_.set_source(&source_);
  for (const char* piece : {"1", "2", "3"}) source_.add(piece);
  write_long(1, 'x', 9);
  write(2, "a");
  outbox_.control().append(std::string_view("!"));
  EXPECT_EQ(outbox_.size(), 11u);
  EXPECT_EQ(take_all(), "!a[xxxx]1[xxxx]2<x>3");
}

TEST_F(OutboxTest, SendsWhatTheSourceHasAlone) {
  outbox_.set_source(&source_);
  EXPECT_EQ(take(), "");
  source_.add("1");
  source_.add("2");
  EXPECT_EQ(take_all(), "12");
  source_.add("");  // nothing after all
  EXPECT_EQ(take(), "");
  EXPECT_FALSE(source_.can_take());
}

// Neither the source nor a long message waits for ever, however many short ones come.
TEST_F(OutboxTest, GivesATurnWithEveryPartOfShortMessages) {
  outbox_.set_source(&source_);
  for (int i = 0; i < 4; ++i) source_.add("S");
  write_long(1, 'x', 16);
  std::string turns;
  for (int part = 0; part < 8; ++part) {
    for (int i = 0; i < 40'000; ++i) write(2, "bbbb");
    std::string sent = take();
    ASSERT_EQ(sent.substr(0, 4), "bbbb");
    turns += sent.substr(sent.find_last_of('b') + 1);
  }
  EXPECT_EQ(turns, "[xxxx]S[xxxx]S[xxxx]S<xxxx>S");
}

TEST_F(OutboxTest, SendsWhatCameMeanwhileBeforeTheNextPartOfTheSource) {
  outbox_.set_source(&source_);
  for (int i = 0; i < 10; ++i) source_.add(std::string(16 * 1024, 'S'));
  std::string first = take();
  EXPECT_EQ(first.size(), 64u * 1024);
  write(2, "a");
  EXPECT_EQ(take().substr(0, 2), "aS");
}

TEST_F(OutboxTest, GivesItsMemoryBackToTheLoopWhenEverythingHasLeft) {
  Buffer spare;
  spare.reserve(100);
  loop_.loop().give_buffer(std::move(spare));
  EXPECT_GE(outbox_.messages().capacity(), 100u);
  EXPECT_EQ(loop_.loop().take_buffer().capacity(), 0u);
  EXPECT_EQ(take(), "");
  EXPECT_GE(loop_.loop().take_buffer().capacity(), 100u);
}

#if !defined(__SANITIZE_ADDRESS__)
// What is kept of large buffers, the address sanitizer would not find wrong uses of.
TEST_F(OutboxTest, BehindALongMessageHasMemoryForAnotherOne) {
  constexpr std::size_t kLong = std::size_t{1024} * 1024;
  outbox_.set_cutter(nullptr);
  EXPECT_LT(outbox_.messages().capacity(), kLong);
  write(1, std::string(kLong, 'x'));
  take();
  EXPECT_GE(outbox_.messages().capacity(), kLong);
  // Behind a short one it has what is enough for that.
  write(1, "a");
  take();
  EXPECT_LT(outbox_.messages().capacity(), kLong);
}
#endif

TEST_F(OutboxTest, ForgetsEverythingWhenItIsCleared) {
  write_long(1, 'x', 300'000);
  take();
  write(2, "a");
  outbox_.clear();
  EXPECT_EQ(outbox_.size(), 0u);
  EXPECT_EQ(take(), "");
  write(2, "b");
  EXPECT_EQ(take_all(), "b");
}

// Whatever is written, dropped and taken, with and without a source: what leaves of a call is what
// was written for it, in its order and whole, and the count is exact at every step.
TEST_F(OutboxTest, LosesAndCrossesNothingWhateverIsDone) {
  std::mt19937 random(7);
  auto below = [&random](std::uint32_t n) { return random() % n; };
  cutter_.rules_ = {.whole_bytes = 40, .begun_messages = 3, .begun_bytes = 500};
  outbox_.set_cutter(&cutter_);
  std::string sent;
  std::map<char, std::size_t> written, dropped;
  for (int step = 0; step < 100'000; ++step) {
    char letter = static_cast<char>('a' + below(12));
    auto call = static_cast<std::uint64_t>(letter);
    switch (below(8)) {
      case 0:
        source_.add(std::string(below(20), 'S'));
        break;
      case 1:
        outbox_.set_source(below(2) == 0 ? nullptr : &source_);
        break;
      case 2: {
        std::size_t before = outbox_.size();
        std::size_t gone = outbox_.drop(call);
        dropped[letter] += gone;
        ASSERT_EQ(outbox_.size(), before - gone);
        break;
      }
      case 3:
        sent += take();
        break;
      default: {
        std::size_t before = outbox_.size();
        std::size_t size = 1 + below(below(10) == 0 ? 600 : 60);
        write_long(call, letter, size);
        written[letter] += size;
        ASSERT_EQ(outbox_.size(), before + size);
      }
    }
  }
  outbox_.set_source(&source_);
  sent += take_all();
  EXPECT_FALSE(source_.can_take());
  EXPECT_EQ(outbox_.size(), 0u);
  std::map<char, std::size_t> left;
  for (char letter : sent) ++left[letter];
  for (char letter = 'a'; letter < 'a' + 12; ++letter) {
    EXPECT_EQ(left[letter] + dropped[letter], written[letter]) << letter;
  }
}

}  // namespace
}  // namespace tern
