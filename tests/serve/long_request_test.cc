// Requests that come to a server in chunks.
#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

#include "serve/server_core.h"
#include "serve/server_fixture.h"
#include "wire/native/chunks.h"
#include "wire/native/frames.h"

namespace tern::test {
namespace {

using namespace std::chrono_literals;

class LongRequest : public ServerFixture {
 protected:
  LongRequest() {
    service().on_echo([this](ServerContext&, std::string text) -> Reply<std::string> {
      ++runs;
      return std::to_string(text.size());
    });
  }

  // A request as frames: all but the last of them are chunks.
  static std::vector<std::string> chunks(const std::string& request) {
    std::vector<std::string> cut;
    for (std::size_t taken = 0; taken < request.size();) {
      Buffer out;
      taken += wire::native::write_next_chunk(
          wire::FrameKind::kRequest, wire::FrameKind::kRequestData, as_bytes(request), taken, out);
      cut.emplace_back(as_text(out.view()));
    }
    return cut;
  }

  int runs = 0;
};

TEST_F(LongRequest, RunsWhenItIsCompleteAndLetsOthersPass) {
  auto peer = connect();
  EXPECT_EQ(peer->option_reply()->chunked_bytes, Limits().chunked_bytes);
  const std::vector<std::string> parts = chunks(peer->request(1, std::string(40'000, 'x')));
  ASSERT_EQ(parts.size(), 3u);
  peer->send(parts[0] + peer->request(2, "short"));
  settle();
  EXPECT_EQ(peer->answer().text, "5");
  peer->send(parts[1]);
  settle();
  EXPECT_EQ(runs, 1);
  peer->send(parts[2]);
  settle();
  EXPECT_EQ(peer->answer().text, "40000");
}

TEST_F(LongRequest, OverTheLimitFailsAloneAndDoesNotRun) {
  options().limits.message_bytes = 20'000;
  auto peer = connect();
  for (const std::string& part : chunks(peer->request(1, std::string(40'000, 'x')))) {
    peer->send(part);
  }
  settle();
  const Answer answer = peer->answer();
  EXPECT_EQ(answer.code, Code::kResourceExhausted);
  EXPECT_EQ(answer.ran, HandlerRan::kNo);
  EXPECT_EQ(runs, 0);
  EXPECT_EQ(refused("message too large"), 1u);
  peer->send(peer->request(2, "short"));
  settle();
  EXPECT_EQ(peer->answer().text, "5");
}

TEST_F(LongRequest, ThatIsCancelledMidwayIsNeitherRunNorAnswered) {
  auto peer = connect();
  const std::vector<std::string> parts = chunks(peer->request(1, std::string(40'000, 'x')));
  peer->send(parts[0] + parts[1] + peer->cancel(1) + peer->request(2, "short"));
  settle();
  const Answer answer = peer->answer();
  EXPECT_EQ(answer.id, 2u);
  EXPECT_EQ(runs, 1);
}

TEST_F(LongRequest, ThatStopsMidwayEndsTheConnection) {
  auto peer = connect();
  peer->send(chunks(peer->request(1, std::string(40'000, 'x')))[0]);
  settle();
  advance(29s);
  EXPECT_FALSE(peer->end().end_received());
  advance(1s);
  EXPECT_TRUE(peer->end().end_received());
  EXPECT_EQ(refused("message timeout"), 1u);
}

// As on the connection of a client that serves: its Option was said to the other half.
TEST_F(LongRequest, IsAnsweredInChunksWithoutAHandshakeIfThePeerIsKnownToReadThem) {
  service().on_echo([](ServerContext&, std::string text) -> Reply<std::string> {
    return std::string(text.size(), 'y');
  });
  for (std::uint64_t chunked_bytes : {0, 1'000'000}) {
    wire::PeerTerms peer;
    peer.chunked_bytes = chunked_bytes;
    Peer far;
    ASSERT_TRUE(serve::ServerCore::of(server())
                    .serve_frames(loop().loop(), far.server_end().open(loop().loop(), "the test"),
                                  native_codec(), peer)
                    .ok());
    settle();
    far.send(far.request(1, std::string(40'000, 'x')));
    settle();
    const std::string answer = far.end().take_received();
    ASSERT_GT(answer.size(), 40'000u);
    EXPECT_EQ(static_cast<wire::FrameKind>(answer[4]),
              chunked_bytes > 0 ? wire::FrameKind::kReplyData : wire::FrameKind::kReply);
  }
}

}  // namespace
}  // namespace tern::test
