// The end of a client's stream, whoever ends it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <asio/co_spawn.hpp>
#include <asio/detached.hpp>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "call/client_streams_fixture.h"

namespace tern::test {
namespace {

using testing::HasSubstr;
using wire::FrameKind;

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

// Its request has not even left.
TEST_F(ClientStreams, OfTwoWritersAtATimeDoNotSayThatTheHandlerRan) {
  Chatting chatting = relay().Chat();
  int done = 0;
  const std::string message = "one";
  chatting.write_then(message, [&](bool) { ++done; });
  chatting.write_then(message, [&](bool) { ++done; });
  loop.settle();
  EXPECT_EQ(done, 2);
  EXPECT_EQ(chatting.status().code(), Code::kFailedPrecondition);
  EXPECT_NE(chatting.status().handler_ran(), HandlerRan::kYes);
}

// Our own codec, under another name.
class OwnCodec final : public Codec {
 public:
  std::string_view name() const noexcept override { return "application/x-own"; }
  Status encode(const TypeOps& type, const void* value, Buffer& out) const override {
    return native_codec().encode(type, value, out);
  }
  Status decode(const TypeOps& type, ByteView in, void* value,
                const DecodeLimits& limits) const override {
    return native_codec().decode(type, in, value, limits);
  }
};

// What has come is read with the codec, and after the client, too.
TEST_F(ClientStreams, KeepTheCodecOfAClientThatIsGone) {
  auto made = std::make_shared<OwnCodec>();
  const std::weak_ptr<OwnCodec> codec = made;
  options.codecs.add(std::move(made));
  options.codec = "application/x-own";
  connect();
  {
    Watching watching = relay().Watch("all");
    server().message(opened(), "here");
    loop.settle();
    destroy_client();
    options = ClientOptions();
    loop.settle();
    EXPECT_FALSE(codec.expired());
    EXPECT_EQ(next(watching), "here");
  }
  loop.settle();
  EXPECT_TRUE(codec.expired());
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

}  // namespace
}  // namespace tern::test
