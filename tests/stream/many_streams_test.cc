// Many streams of one connection.
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "stream/stream_pair.h"
#include "tern/codegen/elements.h"

namespace tern::test {
namespace {

using Text = std::string;

class StreamsTest : public StreamPair {};

TEST_F(StreamsTest, AStreamThatNobodyReadsHoldsUpNoOther) {
  Opened stalled = open(MethodKind::kServerStream);
  Writer<Text> never_read(stalled.handler);
  const Text message(5000, 'x');
  while (never_read.try_write(message)) {
  }
  settle();
  while (never_read.try_write(message)) {
  }
  std::vector<Opened> others;
  for (int i = 0; i < 1000; ++i) others.push_back(open(MethodKind::kServerStream));
  for (int round = 0; round < 3; ++round) {
    for (Opened& one : others) {
      Writer<Text> writer(one.handler);
      EXPECT_TRUE(writer.try_write(message));
    }
    settle();
    for (Opened& one : others) {
      Reader<Text> reader(one.caller);
      Text got;
      EXPECT_TRUE(reader.try_read(got));
    }
  }
}

TEST_F(StreamsTest, LongMessagesOfMoreStreamsThanTheBudgetHasRoomForComeOneAfterTheOther) {
  std::vector<Opened> opened;
  for (int i = 0; i < 8; ++i) {
    opened.push_back(open(MethodKind::kServerStream));
    Writer<Text> writer(opened.back().handler);
    EXPECT_TRUE(writer.try_write(Text(500'000, static_cast<char>('a' + i))));
  }
  settle();
  int read = 0;
  for (int round = 0; round < 20 && read < 8; ++round) {
    for (Opened& one : opened) {
      Reader<Text> reader(one.caller);
      Text got;
      if (reader.try_read(got)) ++read;
      EXPECT_LE(caller_.streams.budget().taken(), 1024u * 1024u);
    }
    settle();
  }
  EXPECT_EQ(read, 8);
  EXPECT_EQ(caller_.streams.budget().taken(), 0u);
}

TEST_F(StreamsTest, TakeTurns) {
  std::vector<Opened> opened;
  for (int i = 0; i < 4; ++i) {
    opened.push_back(open(MethodKind::kServerStream));
    Writer<Text> writer(opened.back().handler);
    EXPECT_TRUE(writer.try_write(Text(60'000, 'x')));
  }
  handler_.streams.process();
  std::vector<std::uint64_t> order;
  for (const StreamEnd::Sent& one : handler_.take_sent()) order.push_back(one.id);
  EXPECT_EQ(std::vector<std::uint64_t>(order.begin(), order.begin() + 8),
            (std::vector<std::uint64_t>{1, 2, 3, 4, 1, 2, 3, 4}));
}

// Round trips of a stream that has always something to write and is read at once.
class RoundTrips : public StreamPair {
 protected:
  // When the answer to an earlier probe comes.
  enum class Answer : std::uint8_t { kLast, kFirst };
  // All that the window has room for comes, and then the credit. `took`: how long that is, by how
  // much came. Returns how much came.
  template <typename F>
  std::size_t one(F&& took, Answer answer = Answer::kLast) {
    const int asked = caller_.probes;
    if (answer == Answer::kFirst) answer_one(asked);
    std::size_t came = 0;
    for (bool more = true; more;) {
      while (writer_.try_write(message_)) {
      }
      loop_.settle();
      std::deque<StreamEnd::Sent> sent = handler_.take_sent();
      more = !sent.empty();
      for (const StreamEnd::Sent& each : sent) {
        if (each.kind == StreamEnd::Sent::Kind::kData) came += each.bytes.size();
        caller_.receive(each);
      }
      while (reader_.try_read(got_)) {
      }
    }
    std::deque<StreamEnd::Sent> credit = caller_.take_sent();
    advance(took(came));
    if (answer == Answer::kLast) answer_one(asked);
    for (const StreamEnd::Sent& each : credit) handler_.receive(each);
    return came;
  }

  void answer_one(int asked) {
    if (asked == answered_) return;
    ++answered_;
    caller_.streams.end_probe();
  }

  const Text message_ = Text(8000, 'x');
  Text got_;
  int answered_ = 0;
  Opened opened_ = open(MethodKind::kServerStream);
  Writer<Text> writer_ = Writer<Text>(opened_.handler);
  Reader<Text> reader_ = Reader<Text>(opened_.caller);
};

// How much of a stream may be on its way, when its reader takes all.
TEST_F(RoundTrips, MakeAWindowGrowThatTheyUseUp) {
  std::vector<std::size_t> rounds;
  for (int round = 0; round < 20; ++round) {
    rounds.push_back(one([](std::size_t) { return std::chrono::milliseconds(50); }));
  }
  EXPECT_LT(rounds.front(), 80'000u);
  EXPECT_GT(rounds.back(), 900'000u);
  EXPECT_LT(rounds.back(), 1'200'000u);
  EXPECT_LE(caller_.probes, 20);
}

// What a window lets come may come all at once, just behind the answer to a probe.
TEST_F(RoundTrips, MakeAWindowGrowAlsoIfAllComesBehindTheAnswer) {
  std::size_t came = 0;
  for (int round = 0; round < 40; ++round) {
    came = one([](std::size_t) { return std::chrono::milliseconds(50); }, Answer::kFirst);
  }
  EXPECT_GT(came, 900'000u);
}

// Where reading is what takes the time, more on the way is only a longer queue.
TEST_F(RoundTrips, MakeNoWindowGrowThatBringsNoMore) {
  std::size_t most = 0;
  for (int round = 0; round < 40; ++round) {
    // A microsecond a byte, however much there is.
    most = std::max(most, one([](std::size_t came) { return std::chrono::microseconds(came); }));
  }
  EXPECT_GT(answered_, 1);
  EXPECT_LT(most, 5 * 65'536u);
}

// A round trip that was once shorter has a queue in it now, which a larger window would lengthen.
TEST_F(RoundTrips, MakeNoWindowGrowWhenTheyAreLongerThanTheShortest) {
  caller_.streams.note_round_trip(std::chrono::milliseconds(1));
  std::size_t most = 0;
  // Each is as long as before and brings twice as much.
  for (std::int64_t bytes_a_microsecond = 1; bytes_a_microsecond < 40; bytes_a_microsecond *= 2) {
    most = std::max(
        most, one([=](std::size_t came) {
          return std::chrono::microseconds(static_cast<std::int64_t>(came) / bytes_a_microsecond);
        }));
  }
  EXPECT_GT(answered_, 1);
  EXPECT_LT(most, 80'000u);
}

// A queue that its own data stands in becomes shorter, and the window larger again with the need.
TEST_F(RoundTrips, MakeAWindowSmallerWhileTheyHaveAQueueInThem) {
  caller_.streams.note_round_trip(std::chrono::milliseconds(1));
  std::size_t came = 0;
  for (int round = 0; round < 20; ++round) {
    came = one([](std::size_t bytes) { return std::chrono::microseconds(bytes); });
  }
  EXPECT_LT(came, 25'000u);
  for (int round = 0; round < 20; ++round) {
    // A probe is answered in the round after its own.
    came = one([](std::size_t) { return std::chrono::microseconds(500); });
  }
  EXPECT_GT(came, 900'000u);
}

// What is away for longer than before gets the window that it needs, once the old way is forgotten.
TEST_F(RoundTrips, MakeAWindowGrowAgainWhenTheWayHasBecomeLonger) {
  caller_.streams.note_round_trip(std::chrono::milliseconds(1));
  std::size_t came = 0;
  for (int round = 0; round < 20; ++round) {
    came = one([](std::size_t) { return std::chrono::milliseconds(100); });
  }
  EXPECT_LT(came, 25'000u);
  for (int round = 0; round < 250; ++round) {
    came = one([](std::size_t) { return std::chrono::milliseconds(100); });
  }
  EXPECT_GT(came, 900'000u);
}

TEST_F(StreamsTest, AStreamOfLittleAsksForNoProbe) {
  Opened opened = open(MethodKind::kServerStream);
  Writer<Text> writer(opened.handler);
  Reader<Text> reader(opened.caller);
  Text got;
  for (int i = 0; i < 20; ++i) {
    EXPECT_TRUE(writer.try_write("little"));
    settle();
    EXPECT_TRUE(reader.try_read(got));
  }
  EXPECT_EQ(caller_.probes, 0);
}

TEST_F(StreamsTest, AFaultEndsItsStreamAndNoOther) {
  Opened bad = open(MethodKind::kClientStream);
  Opened good = open(MethodKind::kClientStream);
  StreamEnd::Sent over;
  over.id = 1;
  over.number = 70'000;
  over.bytes = Text(70'000, 'x');
  handler_.receive(over);
  EXPECT_EQ(handler_.faults[1].message(),
            "a chunk that costs 70032 bytes of the window came; 65536 are left of what was "
            "granted");
  StreamEnd::Sent credit;
  credit.kind = StreamEnd::Sent::Kind::kCredit;
  credit.id = 2;
  credit.number = 5;
  handler_.receive(credit);
  Writer<Text> writer(good.caller);
  EXPECT_TRUE(writer.try_write("fine"));
  settle();
  Reader<Text> reader(good.handler);
  Text got;
  EXPECT_TRUE(reader.try_read(got));
  EXPECT_FALSE(Reader<Text>(bad.caller).status().ok());
}

TEST_F(StreamsTest, FaultsOfCreditAndEndsHaveTheirTexts) {
  for (int i = 0; i < 4; ++i) open(MethodKind::kClientStream);
  StreamEnd::Sent sent;
  sent.kind = StreamEnd::Sent::Kind::kCredit;
  sent.number = UINT64_MAX;
  sent.id = 1;
  handler_.receive(sent);
  EXPECT_EQ(handler_.faults[1].message(), "more credit came than a window can have");
  sent.kind = StreamEnd::Sent::Kind::kHalfClose;
  sent.id = 2;
  handler_.receive(sent);
  handler_.receive(sent);
  EXPECT_EQ(handler_.faults[2].message(), "the side of the stream ended twice");
  StreamEnd::Sent data;
  data.id = 3;
  data.number = 0;
  sent.id = 3;
  handler_.receive(sent);
  handler_.receive(data);
  EXPECT_EQ(handler_.faults[3].message(),
            "a message came behind the end of its side of the stream");
  data.id = 4;
  data.number = 10;
  data.continues = true;
  data.bytes = "12345";
  sent.id = 4;
  handler_.receive(data);
  handler_.receive(sent);
  EXPECT_EQ(handler_.faults[4].message(),
            "the side of the stream ended in the middle of a message");
}

// Whatever happens in whatever order: nothing is lost or given twice, each stream ends once, and
// in the end nothing is kept.
TEST_F(StreamsTest, LeaveNothingBehindAfterTensOfThousandsOfRandomSteps) {
  std::mt19937_64 random(20'261'129);
  auto below = [&](std::uint64_t bound) { return random() % bound; };
  struct Live {
    Opened ends;
    std::uint64_t id = 0;
    std::uint64_t written = 0;
    std::uint64_t read = 0;
    bool ends_soon = false;
  };
  std::vector<Live> live;
  std::uint64_t opened = 0;
  auto read_all = [&](Live& one) {
    Reader<Text> reader(one.ends.caller);
    Text got;
    while (reader.try_read(got)) {
      EXPECT_EQ(std::stoull(got), one.read);
      ++one.read;
    }
  };
  for (int step = 0; step < 30'000; ++step) {
    switch (below(10)) {
      case 0:
        if (live.size() > 40) break;
        live.push_back({open(MethodKind::kBidiStream), next_id_ - 1});
        ++opened;
        break;
      case 1:
      case 2:
      case 3:
      case 4:
        if (!live.empty()) {
          Live& one = live[below(live.size())];
          Writer<Text> writer(one.ends.handler);
          Text text = std::to_string(one.written);
          text.insert(0, below(50) == 0 ? below(200'000) : below(200), '0');
          if (writer.try_write(text)) ++one.written;
        }
        break;
      case 5:
      case 6:
        if (!live.empty()) read_all(live[below(live.size())]);
        break;
      case 7:
        turn();
        break;
      case 8:
        if (!live.empty() && below(3) == 0) {
          const std::size_t which = below(live.size());
          Live& one = live[which];
          if (below(2) == 0) {
            (below(2) == 0 ? one.ends.caller : one.ends.handler)
                ->cancel(Status(Code::kCancelled, "at random"));
          } else if (!one.ends_soon) {
            handler_.reply(one.id, Status());
            one.ends_soon = true;
          }
          if (below(2) == 0) {
            // Nobody looks at it any more.
            one.ends.caller->cancel(Status(Code::kCancelled, "let go"));
            live.erase(live.begin() + static_cast<std::ptrdiff_t>(which));
          }
        }
        break;
      default:
        if (!live.empty()) {
          Live& one = live[below(live.size())];
          one.ends.caller->end_writing();
        }
        break;
    }
    EXPECT_LE(caller_.streams.budget().taken(), 1024u * 1024u);
  }
  for (Live& one : live) handler_.reply(one.id, Status());
  for (int round = 0; round < 200; ++round) {
    settle();
    for (Live& one : live) read_all(one);
  }
  for (Live& one : live) {
    if (one.ends.caller->read_status().ok()) {
      EXPECT_EQ(one.read, one.written);
    }
  }
  EXPECT_GT(opened, 500u);
  EXPECT_TRUE(caller_.faults.empty());
  EXPECT_TRUE(handler_.faults.empty());
  EXPECT_TRUE(caller_.streams.empty());
  EXPECT_TRUE(handler_.streams.empty());
  EXPECT_EQ(caller_.streams.budget().taken(), 0u);
  EXPECT_EQ(handler_.streams.budget().taken(), 0u);
}

}  // namespace
}  // namespace tern::test
