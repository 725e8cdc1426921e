// Replies that come to a client in chunks.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "call/client_fixture.h"
#include "wire/native/frames.h"

namespace tern::test {
namespace {

class ClientChunks : public ClientTest {
 protected:
  // The reply of `id` in two: what a server of the future would never cut so short.
  static std::string first_part(std::uint64_t id, std::int64_t value) {
    std::string whole =
        WickedServer::reply_bytes(id, value).substr(wire::native::Frames::kHeaderBytes);
    Buffer out;
    wire::native::Frames::write_chunk(wire::FrameKind::kReplyData, id, whole.size(),
                                      as_bytes(std::string_view(whole).substr(0, 1)), out);
    return std::string(as_text(out.view()));
  }
  static std::string last_part(std::uint64_t id, std::int64_t value) {
    std::string frame = WickedServer::reply_bytes(id, value);
    frame.erase(wire::native::Frames::kHeaderBytes, 1);
    frame[0] = static_cast<char>(frame[0] - 1);
    return frame;
  }
  std::uint64_t sent_id() { return server().read(wire::FrameKind::kRequest).at(0).id; }
};

TEST_F(ClientChunks, AreAskedForInTheOption) {
  auto call = multiply(1, 1);
  loop.settle();
  EXPECT_THAT(server().read_option(), testing::HasSubstr("\"ChunkedBytes\":16777216"));
}

TEST_F(ClientChunks, AreNotAskedForIfTheLimitIsZero) {
  options.limits.chunked_bytes = 0;
  auto call = multiply(1, 1);
  loop.settle();
  EXPECT_EQ(server().read_option().find("ChunkedBytes"), std::string::npos);
}

TEST_F(ClientChunks, MakeAReplyWhole) {
  connect();
  auto call = multiply(1000, 1000);
  auto other = multiply(2, 3);
  loop.settle();
  std::vector<SentFrame> sent = server().read();
  server().send(first_part(sent[0].id, 1'000'000));
  server().reply(sent[1].id, 6);
  loop.settle();
  EXPECT_EQ(other->value(), 6);
  EXPECT_EQ(call->ends, 0);
  server().send(last_part(sent[0].id, 1'000'000));
  loop.settle();
  ASSERT_TRUE(call->ok()) << call->message();
  EXPECT_EQ(call->value(), 1'000'000);
}

// The call ends between its chunks; or before the first of them.
TEST_F(ClientChunks, OfACallThatHasEndedAreDroppedAndCounted) {
  for (bool between : {true, false}) {
    SCOPED_TRACE(between);
    if (between) connect();
    auto call = multiply(1000, 1000, within(1s));
    loop.settle();
    std::uint64_t id = sent_id();
    std::uint64_t late = client().stats().late_replies;
    if (between) server().send(first_part(id, 1'000'000));
    loop.settle();
    loop.advance(1s);
    EXPECT_EQ(call->code(), Code::kDeadlineExceeded);
    if (!between) server().send(first_part(id, 1'000'000));
    server().send(last_part(id, 1'000'000));
    loop.settle();
    EXPECT_EQ(call->ends, 1);
    EXPECT_EQ(client().stats().late_replies, late + 1);
  }
  auto next = multiply(2, 3);
  loop.settle();
  server().reply(sent_id(), 6);
  loop.settle();
  EXPECT_EQ(next->value(), 6);
  EXPECT_EQ(dialer->streams(), 1u);
}

TEST_F(ClientChunks, OfACallThatNeverWasAreDroppedAndCounted) {
  connect();
  server().send(first_part(1000, 1) + last_part(1000, 1));
  loop.settle();
  EXPECT_EQ(client().stats().unknown_replies, 1u);
  EXPECT_EQ(dialer->streams(), 1u);
}

TEST_F(ClientChunks, ThatLieEndTheConnectionAndItsCalls) {
  connect();
  auto call = multiply(1000, 1000);
  loop.settle();
  std::uint64_t id = sent_id();
  server().send(first_part(id, 1'000'000) + first_part(id, 1'000'000));
  loop.settle();
  EXPECT_EQ(call->code(), Code::kUnavailable);
  EXPECT_THAT(call->message(), testing::HasSubstr("says its length twice"));
}

TEST_F(ClientChunks, OfWhichTheLastIsMissingEndWithTheConnection) {
  connect();
  auto call = multiply(1000, 1000);
  loop.settle();
  server().send(first_part(sent_id(), 1'000'000));
  loop.settle();
  dialer->server(0).close();
  loop.settle();
  EXPECT_EQ(call->code(), Code::kUnavailable);
  EXPECT_EQ(call->ran(), HandlerRan::kUnknown);
}

}  // namespace
}  // namespace tern::test
