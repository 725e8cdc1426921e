#include "http2/message_windows.h"

#include <gtest/gtest.h>
#include <nghttp2/nghttp2.h>

#include <algorithm>
#include <cstdint>
#include <map>
#include <random>
#include <string>
#include <vector>

#include "http2/server_session.h"
#include "wire/grpc/http2_client.h"

namespace tern::http2 {
namespace {

constexpr std::size_t kFirstWindow = 64 * 1024;
constexpr std::size_t kMessage = 1024 * 1024;
constexpr std::size_t kPadding = 256;  // beside each grant
constexpr std::size_t kBudget = 4 * kMessage;

// A server that keeps what comes of each stream until that has ended, and knows the lengths that
// the test has told it.
class Keeper final : public SessionUser {
 public:
  Keeper() : session(settings(), *this), windows(session, kBudget) {}

  void on_head(StreamId, Head) override {}
  void on_data(StreamId stream, ByteView bytes) override {
    std::size_t& have = kept[stream];
    have += bytes.size();
    windows.add(stream, bytes.size(), have, to_come(stream));
  }
  void on_end(StreamId stream) override { drop(stream); }
  void on_window(StreamId, std::uint64_t) override {}
  void on_initial_window(std::int64_t) override {}
  void on_close(StreamId stream, std::uint32_t) override { drop(stream); }

  std::optional<std::size_t> to_come(StreamId stream) {
    auto found = lengths.find(stream);
    if (found == lengths.end()) return std::nullopt;
    return found->second - kept[stream];
  }
  void drop(StreamId stream) {
    windows.end(stream);
    kept.erase(stream);
  }
  // All that is kept, and all that may come besides.
  std::size_t most() {
    std::size_t sum = 0;
    for (const auto& [stream, bytes] : kept) sum += bytes + session.window(stream);
    return sum;
  }

  static Settings settings() {
    Settings result;
    result.stream_window = kFirstWindow;
    result.connection_window = 1 << 30;
    return result;
  }

  ServerSession session;
  MessageWindows windows;
  std::map<StreamId, std::size_t> lengths;
  std::map<StreamId, std::size_t> kept;
};

class MessageWindowsTest : public testing::Test {
 protected:
  MessageWindowsTest() {
    round();
    round();
  }
  // What the client may send, and the answer to it. How many bytes of the answer were for windows.
  std::size_t round() {
    const std::string bytes = client_.take_bytes();
    const std::size_t most = byte_by_byte_ ? 1 : bytes.size();
    Buffer out;
    for (std::size_t at = 0; at < bytes.size(); at += most) {
      EXPECT_TRUE(keeper_.session.receive(as_bytes(bytes).subspan(at, most)).ok());
    }
    keeper_.session.write(out);
    client_.receive(as_text(out.view()));
    return bytes.size();
  }
  void until_quiet() {
    while (round() > 0) {
    }
  }
  // A message of `length`, of which `sent` bytes are there; all: the end is, too.
  StreamId begin(std::size_t length, std::size_t sent) {
    const StreamId stream = client_.begin(test::grpc_head("/"));
    keeper_.lengths[stream] = length;
    client_.send(stream, std::string(sent, 'x'), sent == length);
    return stream;
  }
  StreamId begin_of_unknown_length(std::size_t sent) {
    const StreamId stream = client_.begin(test::grpc_head("/"));
    client_.send(stream, std::string(sent, 'x'), false);
    return stream;
  }
  std::size_t window(StreamId stream) { return keeper_.session.window(stream); }

  Keeper keeper_;
  test::Http2Client client_;
  bool byte_by_byte_ = false;
};

TEST_F(MessageWindowsTest, ALongMessageTakesOneRoundTripBeyondItsFirstWindow) {
  const StreamId stream = begin(kMessage, kMessage);
  EXPECT_LT(round(), kFirstWindow + 1000);
  EXPECT_EQ(window(stream), kMessage - kFirstWindow + kPadding);
  EXPECT_GT(round(), kMessage - kFirstWindow);
  EXPECT_TRUE(keeper_.kept.empty());  // it has ended
  EXPECT_EQ(keeper_.windows.used(), 0u);
}

TEST_F(MessageWindowsTest, WhatFitsIntoTheFirstWindowIsGrantedNothing) {
  const StreamId stream = begin(kFirstWindow - kPadding, kFirstWindow - kPadding - 1);
  until_quiet();
  EXPECT_EQ(window(stream), kPadding + 1);
  EXPECT_EQ(keeper_.windows.used(), 0u);
}

TEST_F(MessageWindowsTest, TheNextStreamHasTheFirstWindowAgain) {
  begin(kMessage, kMessage);
  until_quiet();
  const StreamId next = begin(10 * kMessage, 0);
  until_quiet();
  EXPECT_EQ(window(next), kFirstWindow);
}

TEST_F(MessageWindowsTest, OneByteOfALongMessageTakesItsPlaceInTheBudget) {
  std::vector<StreamId> streams;
  for (int i = 0; i < 10; ++i) streams.push_back(begin(kMessage, 1));
  until_quiet();
  // Three quarters of the budget, and one message beside it.
  const auto granted = std::count_if(streams.begin(), streams.end(), [this](StreamId stream) {
    return window(stream) >= kMessage - 1;
  });
  EXPECT_EQ(granted, 3 + 1);
  EXPECT_LE(keeper_.windows.used(), kBudget / 4 * 3 + 10);
  EXPECT_LE(keeper_.most(), kBudget + kMessage + 10 * (kFirstWindow + kPadding));
}

TEST_F(MessageWindowsTest, WithoutRoomForTheirRestMessagesComeByTheirFirstWindows) {
  for (int i = 0; i < 4; ++i) begin(kMessage, 1);
  until_quiet();
  const StreamId other = begin(kMessage, kMessage / 2);
  until_quiet();
  EXPECT_EQ(keeper_.kept[other], kMessage / 2);
  EXPECT_LE(window(other), kFirstWindow);
}

TEST_F(MessageWindowsTest, MessagesWaitWhileAllHaveTheBudget) {
  std::vector<StreamId> streams;
  for (int i = 0; i < 10; ++i) streams.push_back(begin(kMessage, kMessage - 1));
  until_quiet();
  std::size_t kept = 0;
  for (StreamId stream : streams) kept += keeper_.kept[stream];
  EXPECT_GT(kept, kBudget);
  EXPECT_LE(kept, kBudget + kMessage + 10 * kFirstWindow);
  for (StreamId stream : streams) client_.send(stream, "x", true);
  until_quiet();
  EXPECT_TRUE(keeper_.kept.empty());
  EXPECT_EQ(keeper_.windows.used(), 0u);
}

TEST_F(MessageWindowsTest, AStreamThatIsResetGivesItsRoomToOneThatWaits) {
  std::vector<StreamId> streams;
  for (int i = 0; i < 5; ++i) streams.push_back(begin(kBudget, kBudget - 1));
  until_quiet();
  const auto waits = std::find_if(streams.begin(), streams.end(), [this](StreamId stream) {
    return keeper_.kept[stream] < kBudget - 1;
  });
  ASSERT_NE(waits, streams.end());
  for (StreamId stream : streams) {
    if (stream != *waits) client_.reset(stream, NGHTTP2_CANCEL);
  }
  until_quiet();
  EXPECT_EQ(keeper_.kept[*waits], kBudget - 1);
  client_.reset(*waits, NGHTTP2_CANCEL);
  until_quiet();
  EXPECT_EQ(keeper_.windows.used(), 0u);
}

TEST_F(MessageWindowsTest, AMessageLongerThanTheBudgetComesAlone) {
  begin(3 * kBudget, 3 * kBudget);
  begin(3 * kBudget, 3 * kBudget);
  until_quiet();
  EXPECT_TRUE(keeper_.kept.empty());
}

TEST_F(MessageWindowsTest, AMessageWhoseLengthIsNotKnownComesByItsFirstWindow) {
  const StreamId stream = begin_of_unknown_length(kMessage);
  until_quiet();
  EXPECT_EQ(keeper_.kept[stream], kMessage);
  EXPECT_LE(window(stream), kFirstWindow);
  EXPECT_EQ(keeper_.windows.used(), kMessage);
  std::vector<StreamId> others;
  for (int i = 0; i < 9; ++i) others.push_back(begin_of_unknown_length(kMessage));
  until_quiet();
  EXPECT_LE(keeper_.most(), kBudget + kMessage + 10 * kFirstWindow);
  client_.reset(stream, NGHTTP2_CANCEL);
  for (StreamId other : others) client_.send(other, "", true);
  until_quiet();
  EXPECT_TRUE(keeper_.kept.empty());
  EXPECT_EQ(keeper_.windows.used(), 0u);
}

// What a frame's padding takes of the window may come when its data has been looked at.
TEST_F(MessageWindowsTest, PaddingTakesNoRoomFromTheMessage) {
  constexpr std::size_t kLength = kFirstWindow + 3000;
  client_.pad(kPadding);
  byte_by_byte_ = true;
  for (std::size_t part : {std::size_t{100}, std::size_t{1000}, std::size_t{15'000}}) {
    const StreamId stream = begin(kLength, 0);
    bool to_come_is_granted = false;
    for (std::size_t sent = 0; sent < kLength; sent += part) {
      const std::size_t size = std::min(part, kLength - sent);
      client_.send(stream, std::string(size, 'x'), false);
      round();
      if (to_come_is_granted) {
        EXPECT_EQ(keeper_.kept[stream], sent + size) << part;
      }
      to_come_is_granted = window(stream) >= kLength - sent - size;
    }
    EXPECT_EQ(keeper_.kept[stream], kLength) << part;
  }
}

// Streams begin, send, end and are reset as chance has it, and bytes come in pieces.
class MessageWindowsAtRandom : public MessageWindowsTest, public testing::WithParamInterface<int> {
 protected:
  std::size_t below(std::size_t limit) { return random_() % limit; }

  std::minstd_rand random_{static_cast<std::uint32_t>(GetParam())};
};

TEST_P(MessageWindowsAtRandom, KeepTheBudgetAndComeToNothing) {
  std::map<StreamId, std::size_t> to_send;
  for (int step = 0; step < 400; ++step) {
    if (to_send.size() < 50 && below(2) == 0) {
      const std::size_t length = 1 + below(below(4) == 0 ? 2 * kMessage : 2 * kFirstWindow);
      const StreamId stream = below(4) == 0 ? begin_of_unknown_length(0) : begin(length, 0);
      to_send[stream] = length;
    }
    if (to_send.empty()) continue;
    auto one = std::next(to_send.begin(), static_cast<std::ptrdiff_t>(below(to_send.size())));
    const std::size_t size = std::min<std::size_t>(one->second, below(kMessage));
    one->second -= size;
    client_.send(one->first, std::string(size, 'x'), one->second == 0);
    const bool is_reset = below(10) == 0;
    if (is_reset) client_.reset(one->first, NGHTTP2_CANCEL);
    if (is_reset || one->second == 0) to_send.erase(one);
    if (below(3) == 0) round();
    // All keep less than the budget, the one that does not count, and what no budget has.
    ASSERT_LE(keeper_.most(), kBudget + 2 * kMessage + 60 * (kFirstWindow + kPadding));
  }
  for (const auto& [stream, rest] : to_send) client_.send(stream, std::string(rest, 'x'), true);
  until_quiet();
  EXPECT_TRUE(keeper_.kept.empty());
  EXPECT_EQ(keeper_.windows.used(), 0u);
}

INSTANTIATE_TEST_SUITE_P(Seeds, MessageWindowsAtRandom, testing::Range(0, 20));

}  // namespace
}  // namespace tern::http2
