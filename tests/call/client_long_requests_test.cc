// Long requests of a client leave in chunks, beside all else.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "call/client_streams_fixture.h"

namespace tern::test {
namespace {

using wire::FrameKind;

// --- Long requests ---

class ClientLongRequests : public ClientStreams {
 protected:
  static constexpr std::size_t kLong = 300 * 1024;
  OutcomePtr<std::string> echo(std::size_t bytes) {
    return watch(stub().Echo(std::string(bytes, 'x')));
  }
  static std::size_t chunks(const std::vector<SentFrame>& sent) {
    std::size_t count = 0;
    for (const SentFrame& frame : sent) count += frame.kind == FrameKind::kRequestData;
    return count;
  }
};

TEST_F(ClientLongRequests, LeaveInChunksBehindShortOnes) {
  connect();
  dialer->client(0).block_writes(true);
  auto first = echo(kLong);
  loop.settle();
  auto second = multiply(2, 3);
  loop.settle();
  dialer->client(0).block_writes(false);
  loop.settle();
  std::vector<SentFrame> sent = server().read();
  EXPECT_GT(chunks(sent), 10u);
  ASSERT_GE(sent.size(), 3u);
  EXPECT_EQ(sent.back().kind, FrameKind::kRequest);
  EXPECT_EQ(sent.back().body.size(), kLong);
  std::size_t short_at = 0;
  while (short_at < sent.size() && sent[short_at].kind != FrameKind::kRequest) ++short_at;
  EXPECT_LT(short_at, sent.size() - 1) << "the short request left behind the long one";
}

TEST_F(ClientLongRequests, LeaveWholeBeforeTheServersAnswer) {
  auto call = echo(kLong);
  loop.settle();
  server().read_option();
  std::vector<SentFrame> sent = server().read();
  EXPECT_EQ(chunks(sent), 0u);
  ASSERT_EQ(sent.size(), 1u);
  EXPECT_EQ(sent[0].body.size(), kLong);
}

// What the server has is a part of a request, which it does not act on.
TEST_F(ClientLongRequests, OfWhichAPartHasLeftHaveNotRun) {
  connect();
  StreamFaults faults;
  faults.capacity = kLong / 2;
  dialer->client(0).set_faults(faults);
  auto call = echo(kLong);
  loop.settle();
  EXPECT_GT(client().stats().unsent_bytes, kLong / 4);
  dialer->server(0).close();
  loop.settle();
  EXPECT_EQ(call->code(), Code::kUnavailable);
  EXPECT_EQ(call->ran(), HandlerRan::kNo);
}

TEST_F(ClientLongRequests, ThatAreCancelledHalfwayLeaveNoFurther) {
  connect();
  StreamFaults faults;
  faults.capacity = kLong / 2;
  dialer->client(0).set_faults(faults);
  auto stopped = stub().Echo(std::string(kLong, 'x'));
  loop.settle();
  stopped.cancel();
  OutcomePtr<std::string> outcome = watch(std::move(stopped));
  loop.settle();
  EXPECT_EQ(outcome->code(), Code::kCancelled);
  EXPECT_EQ(outcome->ran(), HandlerRan::kNo);
  dialer->client(0).set_faults(StreamFaults());
  std::vector<SentFrame> sent = server().read();
  loop.settle();
  for (SentFrame& frame : server().read()) sent.push_back(std::move(frame));
  ASSERT_FALSE(sent.empty());
  EXPECT_EQ(sent.back().kind, FrameKind::kCancel);
  for (const SentFrame& frame : sent) EXPECT_NE(frame.kind, FrameKind::kRequest);
  EXPECT_EQ(client().stats().unsent_bytes, 0u);
}

TEST_F(ClientLongRequests, OfWhichNothingHasLeftAreCancelledWithoutAWord) {
  connect();
  dialer->client(0).block_writes(true);
  auto first = multiply(1, 1);
  loop.settle();
  auto stopped = stub().Echo(std::string(kLong, 'x'));
  loop.settle();
  stopped.cancel();
  OutcomePtr<std::string> outcome = watch(std::move(stopped));
  loop.settle();
  EXPECT_EQ(outcome->ran(), HandlerRan::kNo);
  dialer->client(0).block_writes(false);
  loop.settle();
  EXPECT_EQ(kinds(), std::vector<FrameKind>{FrameKind::kRequest});
}

TEST_F(ClientLongRequests, LeaveInTurnWithStreams) {
  connect();
  Chatting chat = relay().Chat();
  opened();
  dialer->client(0).block_writes(true);
  auto call = echo(kLong);
  loop.settle();
  EXPECT_TRUE(chat.try_write(std::string(40'000, 'y')));
  loop.settle();
  dialer->client(0).block_writes(false);
  loop.settle();
  std::vector<SentFrame> sent = server().read();
  std::size_t last_data = 0;
  for (std::size_t i = 0; i < sent.size(); ++i) {
    if (sent[i].kind == FrameKind::kRequestStreamData) last_data = i;
  }
  EXPECT_GT(last_data, 0u);
  EXPECT_LT(last_data, sent.size() - 1) << "the stream waited for the long request";
}

}  // namespace
}  // namespace tern::test
