// Streams of a client, whose server is the test's hand.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <asio/co_spawn.hpp>
#include <asio/detached.hpp>
#include <asio/post.hpp>
#include <optional>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "call/client_fixture.h"
#include "call/relay.h"
#include "wire/native/frames.h"

namespace tern::test {
namespace {

using testing::HasSubstr;
using wire::FrameKind;

constexpr std::uint64_t kWindow = 64 * 1024;

class ClientStreams : public ClientTest {
 protected:
  using ClientTest::ClientTest;
  using Watching = ServerStream<std::string>;
  using Chatting = BidiStream<std::string, std::string>;

  relay::RelayStub relay() { return relay::RelayStub(client()); }

  static wire::PeerTerms terms(std::uint64_t window = kWindow, std::uint64_t streams = 0) {
    wire::PeerTerms made;
    made.stream_window = window;
    made.max_streams = streams;
    made.chunked_bytes = 1024 * 1024;
    return made;
  }
  // Connects, by a call that the server answers.
  void connect(const wire::PeerTerms& peer = terms()) {
    OutcomePtr<std::int64_t> first = multiply(1, 1);
    loop.settle();
    WickedServer& here = server(dialer->streams() - 1);
    here.read_option();
    here.accept(peer);
    here.reply(here.read().at(0).id, 1);
    loop.settle();
    ASSERT_TRUE(first->ok()) << first->message();
  }
  // The id of the stream that has been opened last.
  std::uint64_t opened() {
    loop.settle();
    std::vector<SentFrame> sent = server().read(FrameKind::kRequest);
    EXPECT_EQ(sent.size(), 1u);
    EXPECT_TRUE(!sent.empty() && sent[0].opens_stream);
    return sent.empty() ? 0 : sent[0].id;
  }
  std::vector<FrameKind> kinds() {
    std::vector<FrameKind> made;
    for (const SentFrame& frame : server().read()) made.push_back(frame.kind);
    return made;
  }
  template <typename Stream>
  static std::string next(Stream& stream) {
    std::string message;
    return stream.try_read(message) ? message : "none";
  }
};

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

// --- The end ---

TEST_F(ClientStreams, ThatAreDroppedAreCancelled) {
  connect();
  std::uint64_t id = 0;
  {
    Watching watching = relay().Watch("all");
    id = opened();
    server().message(id, "unread");
    loop.settle();
  }
  loop.settle();
  std::vector<SentFrame> sent = server().read();
  ASSERT_EQ(sent.size(), 1u);
  EXPECT_EQ(sent[0].kind, FrameKind::kCancel);
  EXPECT_EQ(sent[0].id, id);
  EXPECT_EQ(client().stats().calls_pending, 0u);
}

TEST_F(ClientStreams, AreCancelledFromAnyThread) {
  connect();
  Watching watching = relay().Watch("all");
  opened();
  std::optional<bool> done;
  std::string message;
  watching.then(message, [&](bool more) { done = more; });
  loop.settle();
  std::thread([&] { watching.cancel(); }).join();
  loop.settle();
  ASSERT_TRUE(done.has_value());
  EXPECT_FALSE(*done);
  EXPECT_EQ(watching.status().code(), Code::kCancelled);
  EXPECT_EQ(kinds(), std::vector<FrameKind>{FrameKind::kCancel});
}

TEST_F(ClientStreams, AreCancelledWhileTheyWaitForAConnection) {
  Watching watching = relay().Watch("all", wait_for_ready());
  loop.settle();
  watching.cancel();
  loop.settle();
  EXPECT_EQ(watching.status().code(), Code::kCancelled);
  EXPECT_EQ(watching.status().handler_ran(), HandlerRan::kNo);
  server().read_option();
  server().accept(terms());
  loop.settle();
  EXPECT_TRUE(server().read().empty());
}

TEST_F(ClientStreams, AreBoundByTheirTimeoutAndNotByTheDefault) {
  options.default_timeout = 1s;
  connect();
  Watching bound = relay().Watch("bound", within(5s));
  const std::uint64_t id = opened();
  Watching free = relay().Watch("free");
  opened();
  server().message(id, "one");
  loop.settle();
  loop.advance(5s);
  EXPECT_TRUE(free.status().ok());
  EXPECT_EQ(next(bound), "one");
  EXPECT_EQ(next(bound), "none");
  EXPECT_EQ(bound.status().code(), Code::kDeadlineExceeded);
  std::vector<SentFrame> cancelled = server().read(FrameKind::kCancel);
  ASSERT_EQ(cancelled.size(), 1u);
  EXPECT_EQ(cancelled[0].id, id);
}

TEST_F(ClientStreams, HaveTheirTimeoutWhileTheyWaitForAConnection) {
  dialer->hang_next();
  Watching watching = relay().Watch("all", within(1s));
  loop.settle();
  loop.advance(1s);
  EXPECT_EQ(watching.status().code(), Code::kDeadlineExceeded);
  EXPECT_EQ(watching.status().handler_ran(), HandlerRan::kNo);
  EXPECT_EQ(client().stats().streams, 0u);
}

TEST_F(ClientStreams, EndWhenTheyAreSilentForTooLong) {
  connect();
  Chatting chat = relay().Chat();
  const std::uint64_t id = opened();
  loop.advance(29s);
  server().message(id, "here");
  loop.settle();
  loop.advance(29s);
  EXPECT_TRUE(chat.try_write("there"));
  loop.settle();
  loop.advance(29s);
  EXPECT_TRUE(chat.status().ok());
  EXPECT_EQ(next(chat), "here");
  server().read();
  loop.advance(1s);
  EXPECT_EQ(chat.status().code(), Code::kDeadlineExceeded);
  EXPECT_THAT(std::string(chat.status().message()), HasSubstr("no message for 30"));
  EXPECT_EQ(kinds(), std::vector<FrameKind>{FrameKind::kCancel});
}

TEST_F(ClientStreams, MayBeSilentAsLongAsTheCallerSays) {
  connect();
  CallOptions patient;
  patient.message_timeout = 0ns;
  Chatting chat = relay().Chat(patient);
  opened();
  CallOptions impatient;
  impatient.message_timeout = 1s;
  Watching watching = relay().Watch("all", impatient);
  opened();
  loop.advance(60s);
  EXPECT_TRUE(chat.status().ok());
  EXPECT_EQ(watching.status().code(), Code::kDeadlineExceeded);
}

TEST_F(ClientStreams, EndWithTheConnectionAndSayWhetherTheHandlerRan) {
  connect();
  Watching sent = relay().Watch("all");
  const std::uint64_t id = opened();
  server().message(id, "one");
  loop.settle();
  dialer->client(0).block_writes(true);
  Watching unsent = relay().Watch("all");
  loop.settle();
  dialer->server(0).close();
  loop.settle();
  EXPECT_EQ(next(sent), "one");
  EXPECT_EQ(next(sent), "none");
  EXPECT_EQ(sent.status().code(), Code::kUnavailable);
  EXPECT_EQ(sent.status().handler_ran(), HandlerRan::kUnknown);
  EXPECT_EQ(unsent.status().code(), Code::kUnavailable);
  EXPECT_EQ(unsent.status().handler_ran(), HandlerRan::kNo);
}

TEST_F(ClientStreams, OutliveTheirClient) {
  connect();
  Chatting chat = relay().Chat();
  const std::uint64_t id = opened();
  server().message(id, "one");
  loop.settle();
  destroy_client();
  loop.settle();
  EXPECT_EQ(next(chat), "one");
  EXPECT_EQ(next(chat), "none");
  EXPECT_FALSE(chat.try_write("two"));
  EXPECT_EQ(chat.status().code(), Code::kCancelled);
}

asio::awaitable<void> read_all(ServerStream<std::string>& stream, std::vector<std::string>& read,
                               bool& ended) {
  std::string message;
  while (co_await stream.read(message)) read.push_back(message);
  ended = true;
}

TEST_F(ClientStreams, WakeTheirReadersWhenTheClientCloses) {
  connect();
  Watching watching = relay().Watch("all");
  const std::uint64_t id = opened();
  std::vector<std::string> read;
  bool ended = false;
  asio::co_spawn(loop.io(), read_all(watching, read, ended), asio::detached);
  loop.settle();
  server().message(id, "one");
  loop.settle();
  EXPECT_EQ(read, std::vector<std::string>{"one"});
  EXPECT_FALSE(ended);
  destroy_client();
  loop.settle();
  EXPECT_TRUE(ended);
  EXPECT_EQ(watching.status().code(), Code::kCancelled);
}

TEST_F(ClientStreams, AreNotWaitedForOnALoopsThread) {
  connect();
  Watching watching = relay().Watch("all");
  opened();
  bool read = true;
  loop.loop().post([&] {
    std::string message;
    read = watching.get(message);
  });
  loop.settle();
  EXPECT_FALSE(read);
  EXPECT_EQ(watching.status().code(), Code::kFailedPrecondition);
  EXPECT_EQ(kinds(), std::vector<FrameKind>{FrameKind::kCancel});
  EXPECT_EQ(client().stats().calls_pending, 0u);
}

// One that is given up before there is a connection is not opened.
TEST_F(ClientStreams, GivenUpBeforeTheyAreOpenedAreNotSent) {
  Watching watching = relay().Watch("all");
  loop.loop().post([&] {
    std::string message;
    watching.get(message);
  });
  loop.settle();
  server().read_option();
  server().accept(terms());
  loop.settle();
  EXPECT_TRUE(server().read().empty());
  EXPECT_EQ(watching.status().code(), Code::kFailedPrecondition);
  EXPECT_EQ(client().stats().calls_pending, 0u);
}

TEST_F(ClientStreams, ExceptionsOfCallbacksAreLoggedAndEndNothing) {
  std::vector<std::string> lines;
  options.log = [&](std::string_view line) { lines.emplace_back(line); };
  connect();
  Watching watching = relay().Watch("all");
  const std::uint64_t id = opened();
  std::string message;
  watching.then(message, [](bool) { throw std::runtime_error("oops"); });
  server().message(id, "one");
  loop.settle();
  server().message(id, "two");
  loop.settle();
  ASSERT_EQ(lines.size(), 1u);
  EXPECT_THAT(lines[0], HasSubstr("oops"));
  loop.advance(2s);
  watching.then(message, [](bool) { throw std::runtime_error("again"); });
  loop.settle();
  ASSERT_EQ(lines.size(), 2u);
  EXPECT_THAT(lines[1], HasSubstr("again"));
  EXPECT_EQ(message, "two");
  EXPECT_TRUE(watching.status().ok());
}

TEST_F(ClientStreams, MayBeDroppedByTheCallbackThatReadsThem) {
  connect();
  auto watching = std::make_unique<Watching>(relay().Watch("all"));
  const std::uint64_t id = opened();
  std::string message;
  watching->then(message, [&](bool) { watching.reset(); });
  server().message(id, "one");
  loop.settle();
  EXPECT_EQ(message, "one");
  EXPECT_EQ(kinds(), std::vector<FrameKind>{FrameKind::kCancel});
}

TEST_F(ClientStreams, TheirClientMayBeDestroyedByTheCallbackThatReadsThem) {
  connect();
  Watching watching = relay().Watch("all");
  const std::uint64_t id = opened();
  std::string message;
  watching.then(message, [&](bool) { destroy_client(); });
  server().message(id, "one");
  loop.settle();
  EXPECT_EQ(message, "one");
  EXPECT_EQ(watching.status().code(), Code::kCancelled);
}

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
