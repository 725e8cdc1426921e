// Long replies: what else leaves while one does, and what becomes of it when its call does not want
// it.
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "serve/gate.h"
#include "serve/server_fixture.h"

namespace tern::test {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t kLong = 4 * 1024 * 1024 - 100;

class LongReply : public ServerFixture {
 protected:
  // Echo answers with so many bytes as the text says; or with the text.
  LongReply() {
    service().on_echo([](ServerContext&, std::string text) -> Reply<std::string> {
      if (text.empty() || text.find_first_not_of("0123456789") != std::string::npos) return text;
      return std::string(std::stoul(text), 'x');
    });
  }

  // A client that reads so many bytes of chunks at a time, over a stream that holds few bytes.
  std::unique_ptr<Peer> connect_reader(std::uint64_t chunked_bytes = 16 * 1024 * 1024) {
    auto peer = connect_silent();
    StreamFaults narrow;
    narrow.capacity = 64 * 1024;
    peer->server_end().set_faults(narrow);
    wire::Option option;
    option.version = wire::kProtocolVersion;
    option.chunked_bytes = chunked_bytes;
    peer->send(wire::to_line(option));
    settle();
    return peer;
  }
  // Reads on until nothing more comes; the frames in the order of their ends.
  std::vector<Answer> read_all(Peer& peer) {
    std::vector<Answer> all;
    for (bool more = true; more;) {
      settle();
      more = peer.end().unread() > 0;
      for (Answer& answer : peer.answers()) all.push_back(std::move(answer));
    }
    return all;
  }
  static std::string sizes(const std::vector<Answer>& answers) {
    std::string text;
    for (const Answer& answer : answers) {
      if (answer.kind == wire::FrameKind::kReplyData) continue;
      text += answer.kind == wire::FrameKind::kPong ? "pong "
                                                    : std::to_string(answer.text.size()) + " ";
    }
    return text;
  }
};

TEST_F(LongReply, LetsAPongAndAShortReplyPass) {
  auto peer = connect_reader();
  peer->send(peer->request(1, std::to_string(kLong)));
  settle();
  EXPECT_GT(server().stats().unsent_bytes, 3'900'000u);
  peer->send(peer->ping(77) + peer->request(2, "100"));
  settle();
  // Until both are there, no more of the long one came than was on its way before them.
  std::size_t read = 0;
  std::vector<Answer> seen;
  while (seen.size() < 3 && read < kLong) {
    settle();
    read += peer->end().unread();
    for (Answer& answer : peer->answers()) seen.push_back(std::move(answer));
  }
  EXPECT_EQ(sizes(seen), "pong 100 ");
  EXPECT_LT(read, 300'000u);
  EXPECT_EQ(sizes(read_all(*peer)), std::to_string(kLong) + " ");
  EXPECT_EQ(server().stats().unsent_bytes, 0u);
}

// An older client, which does not say that it reads chunks, is sent what it can read.
TEST_F(LongReply, IsWholeAndInItsOrderForAClientThatReadsNoChunks) {
  auto peer = connect_reader(0);
  peer->send(peer->request(1, std::to_string(kLong)));
  settle();
  peer->send(peer->ping(77) + peer->request(2, "100"));
  std::vector<Answer> all = read_all(*peer);
  EXPECT_EQ(sizes(all), std::to_string(kLong) + " pong 100 ");
  EXPECT_EQ(all.size(), 3u);
}

TEST_F(LongReply, TakesTurnsWithOthers) {
  auto peer = connect_reader();
  peer->send(peer->request(1, "1000000") + peer->request(2, "200000") + peer->request(3, "300000"));
  EXPECT_EQ(sizes(read_all(*peer)), "200000 300000 1000000 ");
}

TEST_F(LongReply, IsNotBegunWhileTheClientHasNoRoomForIt) {
  auto peer = connect_reader(500'000);
  peer->send(peer->request(1, "400000") + peer->request(2, "200000") + peer->request(3, "100"));
  EXPECT_EQ(sizes(read_all(*peer)), "100 400000 200000 ");
}

TEST_F(LongReply, IsDroppedIfItIsCancelledBeforeItLeaves) {
  auto peer = connect_reader();
  peer->send(peer->request(1, "1000000"));
  settle();
  std::uint64_t before = server().stats().unsent_bytes;
  peer->send(peer->request(2, "2000000"));
  settle();
  EXPECT_GT(server().stats().unsent_bytes, before + 2'000'000);
  peer->send(peer->cancel(2));
  settle();
  EXPECT_EQ(server().stats().unsent_bytes, before);
  EXPECT_EQ(sizes(read_all(*peer)), "1000000 ");
}

TEST_F(LongReply, ThatHasBegunToLeaveIsFinishedThoughItIsCancelled) {
  auto peer = connect_reader();
  peer->send(peer->request(1, "1000000"));
  settle();
  peer->send(peer->cancel(1));
  EXPECT_EQ(sizes(read_all(*peer)), "1000000 ");
}

// A client that uses an id again too early gets both answers, one after the other.
TEST_F(LongReply, LeavesBeforeWhatIsAnsweredToItsIdLater) {
  auto peer = connect_reader();
  peer->send(peer->request(1, "1000000"));
  settle();
  peer->send(peer->request(1, "1000") + peer->request(2, "100"));
  settle();
  peer->send(peer->request_by_name(1, "Sample.Nothing", ""));
  std::vector<Answer> all = read_all(*peer);
  EXPECT_EQ(sizes(all), "100 1000000 1000 " + std::to_string(all.back().text.size()) + " ");
  EXPECT_EQ(all.back().code, Code::kUnimplemented);
}

// A server that waits for its replies to be read reads no requests, but not until all are.
TEST_F(LongReply, StopsReadingOnlyWhileItIsOverTheLimit) {
  options().limits.unsent_bytes = 1'000'000;
  auto peer = connect_reader();
  peer->send(peer->request(1, "2000000"));
  settle();
  peer->send(peer->ping(77));
  std::size_t read = 0;
  std::vector<Answer> seen;
  while (sizes(seen).empty() && read < 2'000'000) {
    settle();
    read += peer->end().unread();
    for (Answer& answer : peer->answers()) seen.push_back(std::move(answer));
  }
  EXPECT_EQ(sizes(seen), "pong ");
  EXPECT_GT(read, 1'000'000u);
  EXPECT_LT(read, 1'400'000u);
  EXPECT_EQ(sizes(read_all(*peer)), "2000000 ");
}

TEST_F(LongReply, IsReadToItsEndBehindTheWordThatTheServerGoesAway) {
  auto peer = connect_reader();
  peer->send(peer->request(1, std::to_string(kLong)));
  settle();
  begin_drain(10s);
  std::vector<Answer> all = read_all(*peer);
  auto away = std::find_if(all.begin(), all.end(), [](const Answer& answer) {
    return answer.kind == wire::FrameKind::kGoingAway;
  });
  ASSERT_NE(away, all.end());
  EXPECT_EQ(all.back().text.size(), kLong);
  peer->end().close();
  finish_stop();
}

TEST_F(LongReply, ThatNobodyReadsEndsTheConnectionAtTheLimit) {
  options().limits.unsent_reply_bytes = 5'000'000;
  Gate gate;
  service().on_echo(
      [&gate](ServerContext&, std::string) { return behind(gate, std::string(2'000'000, 'x')); });
  auto peer = connect_reader();
  for (std::uint64_t id = 1; id <= 2; ++id) peer->send(peer->request(id, ""));
  settle();
  gate.open();
  settle();
  EXPECT_EQ(server().stats().connections, 1u);
  EXPECT_GT(server().stats().unsent_bytes, 3'900'000u);
  EXPECT_LT(server().stats().unsent_bytes, 4'000'100u);
  peer->send(peer->request(3, ""));
  settle();
  EXPECT_EQ(server().stats().connections, 0u);
  EXPECT_EQ(server().stats().unsent_bytes, 0u);
  EXPECT_EQ(refused("unsent replies"), 1u);
}

TEST_F(LongReply, IsNotForAClientToSendInChunks) {
  auto peer = connect();
  Buffer data;
  wire::native::Frames::write_chunk(wire::FrameKind::kReplyData, 1, 100,
                                    as_bytes(std::string_view("some")), data);
  peer->send(as_text(data.view()));
  settle();
  EXPECT_TRUE(peer->end().end_received());
  EXPECT_EQ(refused("unexpected frame"), 1u);
}

}  // namespace
}  // namespace tern::test
