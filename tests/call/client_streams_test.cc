// Streams of a client: how they begin, what is read of them and written to them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <asio/co_spawn.hpp>
#include <asio/detached.hpp>
#include <optional>
#include <string>
#include <vector>

#include "call/client_streams_fixture.h"

namespace tern::test {
namespace {

using testing::HasSubstr;
using wire::FrameKind;

// --- Opening ---

TEST_F(ClientStreams, WaitForTheServersAnswerToTheHandshake) {
  Watching watching = relay().Watch("all");
  loop.settle();
  EXPECT_THAT(server().read_option(), HasSubstr("\"StreamWindow\":65536"));
  EXPECT_TRUE(server().read().empty());
  EXPECT_EQ(client().stats().streams, 1u);
  server().accept(terms());
  loop.settle();
  std::vector<SentFrame> sent = server().read();
  ASSERT_EQ(sent.size(), 1u);
  EXPECT_EQ(sent[0].kind, FrameKind::kRequest);
  EXPECT_TRUE(sent[0].opens_stream);
  EXPECT_EQ(sent[0].method_id, relay::methods()[relay::kWatch].id);
  EXPECT_THAT(sent[0].body, HasSubstr("all"));
}

TEST_F(ClientStreams, OfWhichTheCallerWritesHaveNoArgument) {
  connect();
  auto upload = relay().Upload();
  loop.settle();
  std::vector<SentFrame> sent = server().read();
  ASSERT_EQ(sent.size(), 1u);
  EXPECT_TRUE(sent[0].opens_stream);
  EXPECT_EQ(sent[0].body, "");
}

TEST_F(ClientStreams, FailWithAServerThatHasNone) {
  Watching watching = relay().Watch("all");
  loop.settle();
  server().read_option();
  server().accept();
  loop.settle();
  EXPECT_EQ(watching.status().code(), Code::kUnimplemented);
  EXPECT_EQ(watching.status().handler_ran(), HandlerRan::kNo);
  EXPECT_THAT(std::string(watching.status().message()), HasSubstr("has no StreamWindow"));
  EXPECT_EQ(client().stats().calls_pending, 0u);
}

TEST_F(ClientStreams, FailIfTheClientsLimitsAllowNone) {
  options.limits.streams = 0;
  Watching watching = relay().Watch("all");
  EXPECT_EQ(watching.status().code(), Code::kUnimplemented);
  EXPECT_EQ(dialer->attempts(), 0u);
}

class NetRpcStreams : public ClientStreams {
 protected:
  NetRpcStreams() : ClientStreams("netrpc+tcp@127.0.0.1:7") {}
};

TEST_F(NetRpcStreams, FailInAProtocolThatHasNone) {
  Watching watching = relay().Watch("all");
  loop.settle();
  EXPECT_EQ(watching.status().code(), Code::kUnimplemented);
  EXPECT_EQ(watching.status().handler_ran(), HandlerRan::kNo);
  EXPECT_THAT(std::string(watching.status().message()), HasSubstr("protocol has no streams"));
}

TEST_F(ClientStreams, AreAsManyAsTheServerTakes) {
  connect(terms(kWindow, 2));
  std::vector<Watching> watching;
  for (int i = 0; i < 3; ++i) watching.push_back(relay().Watch("all"));
  loop.settle();
  EXPECT_TRUE(watching[0].status().ok());
  EXPECT_TRUE(watching[1].status().ok());
  EXPECT_EQ(watching[2].status().code(), Code::kResourceExhausted);
  EXPECT_EQ(watching[2].status().handler_ran(), HandlerRan::kNo);
  EXPECT_THAT(std::string(watching[2].status().message()),
              HasSubstr("2 streams are open on the connection; the limit is 2"));
  // Beside calls, and again when one has ended.
  auto call = multiply(2, 3);
  server().end(server().read().at(0).id);
  loop.settle();
  watching.push_back(relay().Watch("all"));
  loop.settle();
  EXPECT_TRUE(watching.back().status().ok());
  EXPECT_EQ(client().stats().streams, 2u);
}

TEST_F(ClientStreams, AreAsManyAsTheLimitWhileTheyWaitForAConnection) {
  options.limits.streams = 1;
  Watching first = relay().Watch("all");
  Watching second = relay().Watch("all");
  EXPECT_TRUE(first.status().ok());
  EXPECT_EQ(second.status().code(), Code::kResourceExhausted);
  EXPECT_EQ(multiply(1, 1)->ends, 0);
}

TEST_F(ClientStreams, EndWithTheAttemptToConnect) {
  dialer->fail_next(Status(Code::kUnavailable, "connection refused", HandlerRan::kNo));
  Watching watching = relay().Watch("all");
  loop.settle();
  EXPECT_EQ(watching.status().code(), Code::kUnavailable);
  EXPECT_EQ(watching.status().handler_ran(), HandlerRan::kNo);
}

// --- Reading ---

TEST_F(ClientStreams, GiveWhatTheServerSendsAndItsEnd) {
  connect();
  Watching watching = relay().Watch("all");
  const std::uint64_t id = opened();
  Metadata ahead;
  ahead.add("a", "1");
  Metadata behind;
  behind.add("b", "2");
  server().initial_metadata(id, ahead);
  server().message(id, "one");
  server().message(id, "two");
  server().end(id, behind);
  loop.settle();
  EXPECT_EQ(watching.initial_metadata(), ahead);
  EXPECT_EQ(next(watching), "one");
  EXPECT_EQ(next(watching), "two");
  EXPECT_EQ(next(watching), "none");
  EXPECT_TRUE(watching.status().ok()) << watching.status().to_string();
  EXPECT_EQ(watching.trailing_metadata(), behind);
  EXPECT_EQ(client().stats().calls_pending, 0u);
}

TEST_F(ClientStreams, GiveWhatCameBeforeAnError) {
  connect();
  Watching watching = relay().Watch("all");
  const std::uint64_t id = opened();
  server().message(id, "one");
  server().fail(id, Status(Code::kNotFound, "gone"));
  loop.settle();
  EXPECT_EQ(next(watching), "one");
  EXPECT_EQ(next(watching), "none");
  EXPECT_EQ(watching.status().code(), Code::kNotFound);
}

TEST_F(ClientStreams, GrantWhatHasBeenRead) {
  connect();
  Watching watching = relay().Watch("all");
  const std::uint64_t id = opened();
  for (int i = 0; i < 3; ++i) server().message(id, std::string(10'000, 'x'));
  loop.settle();
  EXPECT_TRUE(server().read(FrameKind::kReplyCredit).empty());
  for (int i = 0; i < 3; ++i) EXPECT_EQ(next(watching).size(), 10'000u);
  loop.settle();
  std::uint64_t granted = 0;
  for (const SentFrame& frame : server().read(FrameKind::kReplyCredit)) granted += frame.credit;
  EXPECT_GT(granted, 20'000u);
  EXPECT_LE(granted, 31'000u);
}

TEST_F(ClientStreams, EndIfTheReplyComesInTheMiddleOfAMessage) {
  connect();
  Watching watching = relay().Watch("all");
  const std::uint64_t id = opened();
  wire::StreamPiece piece;
  piece.id = id;
  piece.bytes = as_bytes(std::string_view("begin"));
  piece.whole = 100;
  piece.continues = true;
  server().data(piece);
  server().end(id);
  loop.settle();
  EXPECT_EQ(watching.status().code(), Code::kInternal);
  EXPECT_THAT(std::string(watching.status().message()), HasSubstr("in the middle of a message"));
}

TEST_F(ClientStreams, EndIfTheServerSendsMoreThanItWasGranted) {
  connect();
  Watching watching = relay().Watch("all");
  const std::uint64_t id = opened();
  Watching other = relay().Watch("other");
  const std::uint64_t other_id = opened();
  for (int i = 0; i < 7; ++i) server().message(id, std::string(10'000, 'x'));
  server().message(other_id, "fine");
  loop.settle();
  for (int i = 0; i < 6; ++i) EXPECT_EQ(next(watching).size(), 10'000u);
  EXPECT_EQ(next(watching), "none");
  EXPECT_EQ(watching.status().code(), Code::kInternal);
  EXPECT_THAT(std::string(watching.status().message()), HasSubstr("of what was granted"));
  std::vector<SentFrame> cancelled = server().read(FrameKind::kCancel);
  ASSERT_EQ(cancelled.size(), 1u);
  EXPECT_EQ(cancelled[0].id, id);
  EXPECT_EQ(next(other), "fine");
}

TEST_F(ClientStreams, EndIfTheServerGrantsMoreThanAWindowCanHave) {
  connect();
  Chatting chat = relay().Chat();
  const std::uint64_t id = opened();
  server().credit(id, ~std::uint64_t{0});
  loop.settle();
  EXPECT_EQ(chat.status().code(), Code::kInternal);
  EXPECT_THAT(std::string(chat.status().message()), HasSubstr("more credit"));
}

TEST_F(ClientStreams, DropWhatComesForOneThatHasEnded) {
  connect();
  Watching watching = relay().Watch("all");
  const std::uint64_t id = opened();
  watching.cancel();
  loop.settle();
  server().message(id, "late");
  server().credit(id, 10);
  loop.settle();
  EXPECT_EQ(client().stats().late_replies, 2u);
  auto call = multiply(2, 3);
  loop.settle();
  server().reply(server().read(FrameKind::kRequest).at(0).id, 6);
  loop.settle();
  EXPECT_TRUE(call->ok());
}

TEST_F(ClientStreams, OfAnIdThatNeverWasEndTheConnection) {
  connect();
  Watching watching = relay().Watch("all");
  opened();
  server().message(1000, "who?");
  loop.settle();
  EXPECT_EQ(watching.status().code(), Code::kUnavailable);
  EXPECT_THAT(std::string(watching.status().message()),
              HasSubstr("data came for call 1000, which has opened no stream"));
}

TEST_F(ClientStreams, OfAUnaryCallEndTheConnection) {
  connect();
  auto call = multiply(2, 3);
  loop.settle();
  server().message(server().read().at(0).id, "what?");
  loop.settle();
  EXPECT_EQ(call->code(), Code::kUnavailable);
  EXPECT_THAT(call->message(), HasSubstr("which has opened no stream"));
}

TEST_F(ClientStreams, InitialMetadataComesForUnaryCallsToo) {
  connect();
  Call<std::int64_t> call = stub().Multiply({2, 3});
  EXPECT_TRUE(call.initial_metadata().empty());
  loop.settle();
  const std::uint64_t id = server().read().at(0).id;
  Metadata ahead;
  ahead.add("a", "1");
  server().initial_metadata(id, ahead);
  server().reply(id, 6);
  loop.settle();
  ASSERT_TRUE(call.done());
  EXPECT_EQ(call.initial_metadata(), ahead);
}

// --- Writing ---

TEST_F(ClientStreams, SendMessagesAsTheServerGrantsThem) {
  connect(terms(1024));
  Chatting chat = relay().Chat();
  const std::uint64_t id = opened();
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(chat.try_write(std::string(500, 'x')));
  loop.settle();
  std::vector<SentFrame> sent = server().read(FrameKind::kRequestStreamData);
  std::uint64_t cost = 0;
  for (const SentFrame& frame : sent) cost += frame.body.size() + (frame.whole > 0 ? 32 : 0);
  EXPECT_LE(cost, 1024u);
  EXPECT_GT(cost, 900u);
  server().credit(id, 10'000);
  chat.end_writing();
  loop.settle();
  sent = server().read(FrameKind::kRequestStreamData);
  ASSERT_FALSE(sent.empty());
  EXPECT_TRUE(sent.back().ends_side);
  EXPECT_EQ(sent.back().body, "");
}

asio::awaitable<void> flush(BidiStream<std::string, std::string>& chat, bool& flushed) {
  flushed = co_await chat.flushed();
}

TEST_F(ClientStreams, AreFlushedWhenTheKernelHasWhatWasWritten) {
  connect();
  Chatting chat = relay().Chat();
  opened();
  dialer->client(0).block_writes(true);
  EXPECT_TRUE(chat.try_write("one"));
  bool flushed = false;
  asio::co_spawn(loop.io(), flush(chat, flushed), asio::detached);
  loop.settle();
  EXPECT_FALSE(flushed);
  dialer->client(0).block_writes(false);
  loop.settle();
  EXPECT_TRUE(flushed);
}

TEST_F(ClientStreams, UploadsHaveAResult) {
  connect();
  auto upload = relay().Upload();
  const std::uint64_t id = opened();
  EXPECT_TRUE(upload.try_write("one"));
  std::optional<Result<std::int64_t>> result;
  upload.finish_then([&](Result<std::int64_t> sum) { result.emplace(std::move(sum)); });
  loop.settle();
  EXPECT_EQ(server().read(FrameKind::kRequestStreamData).size(), 2u);
  server().reply(id, 1);
  loop.settle();
  ASSERT_TRUE(result && result->ok());
  EXPECT_EQ(**result, 1);
  EXPECT_FALSE(upload.try_write("two"));
}

// A half-close, too, waits for the connection.
TEST_F(ClientStreams, MayBeClosedBeforeTheyAreOpened) {
  auto upload = relay().Upload();
  std::optional<Result<std::int64_t>> result;
  upload.finish_then([&](Result<std::int64_t> sum) { result.emplace(std::move(sum)); });
  loop.settle();
  server().read_option();
  server().accept(terms());
  loop.settle();
  std::vector<SentFrame> sent = server().read();
  ASSERT_EQ(sent.size(), 2u);
  EXPECT_TRUE(sent[1].ends_side);
  server().reply(sent[0].id, 0);
  loop.settle();
  EXPECT_TRUE(result && result->ok());
}

}  // namespace
}  // namespace tern::test
