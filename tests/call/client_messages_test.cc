// Interceptors of a client that see the messages of streams.
#include <fmt/format.h>
#include <gmock/gmock.h>

#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "call/client_fixture.h"
#include "call/relay.h"
#include "support/message_log.h"

namespace tern::test {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using wire::FrameKind;

class ClientMessages : public ClientTest {
 protected:
  using Watching = ServerStream<std::string>;

  explicit ClientMessages(std::string_view address = kAddress) : ClientTest(address) {
    options.interceptors = {seeing_};
  }

  relay::RelayStub relay() { return relay::RelayStub(client()); }
  // What the interceptors were told since the last call.
  Lines told() { return std::exchange(*log_, {}); }
  // Connects, by a call that the server answers.
  void connect() {
    OutcomePtr<std::int64_t> first = multiply(1, 1);
    loop.settle();
    wire::PeerTerms terms;
    terms.stream_window = 64 * 1024;
    server().read_option();
    server().accept(terms);
    server().reply(server().read().at(0).id, 1);
    loop.settle();
    ASSERT_TRUE(first->ok()) << first->message();
    told();
  }
  // The id of the stream that has been opened last.
  std::uint64_t opened() {
    loop.settle();
    std::vector<SentFrame> sent = server().read(FrameKind::kRequest);
    EXPECT_EQ(sent.size(), 1u);
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

  std::shared_ptr<Lines> log_ = std::make_shared<Lines>();
  std::shared_ptr<MessageLog> seeing_ = std::make_shared<MessageLog>("a", log_, text_of);
};

TEST_F(ClientMessages, AreSeenOnceEachBetweenStartAndFinish) {
  connect();
  auto chat = relay().Chat();
  const std::uint64_t id = opened();
  EXPECT_TRUE(chat.try_write("one"));
  loop.settle();
  EXPECT_THAT(told(), ElementsAre("a start Chat", "a sent one"));
  server().message(id, "two");
  server().message(id, "three");
  server().end(id);
  loop.settle();
  EXPECT_THAT(told(), ElementsAre("a received two", "a received three", "a finish ok"));
  EXPECT_EQ(next(chat), "two");
  EXPECT_EQ(next(chat), "three");
  EXPECT_EQ(next(chat), "none");
  EXPECT_TRUE(chat.status().ok());
  EXPECT_THAT(told(), IsEmpty());
}

TEST_F(ClientMessages, GoThroughInterceptorsInOrderToThePeerAndBack) {
  options.interceptors.push_back(std::make_shared<Interceptor>());
  options.interceptors.push_back(std::make_shared<MessageLog>("b", log_, text_of));
  auto chat = relay().Chat();
  loop.settle();
  wire::PeerTerms terms;
  terms.stream_window = 64 * 1024;
  server().read_option();
  server().accept(terms);
  const std::uint64_t id = opened();
  EXPECT_TRUE(chat.try_write("one"));
  loop.settle();
  server().message(id, "two");
  loop.settle();
  EXPECT_THAT(told(), ElementsAre("a start Chat", "b start Chat", "a sent one", "b sent one",
                                  "b received two", "a received two"));
}

TEST_F(ClientMessages, ThatWereWrittenLeaveBeforeTheHalfClose) {
  connect();
  auto upload = relay().Upload();
  opened();
  EXPECT_TRUE(upload.try_write("one"));
  EXPECT_TRUE(upload.try_write("two"));
  upload.finish_then([](const Result<std::int64_t>&) {});
  loop.settle();
  EXPECT_THAT(told(), ElementsAre("a start Upload", "a sent one", "a sent two"));
  std::vector<SentFrame> sent = server().read();
  ASSERT_EQ(sent.size(), 3u);
  EXPECT_THAT(sent[1].body, testing::HasSubstr("two"));
  EXPECT_TRUE(sent[2].ends_side);
}

TEST_F(ClientMessages, OfAStreamThatEndsBeforeAreNotSeen) {
  connect();
  auto chat = relay().Chat();
  const std::uint64_t id = opened();
  told();
  EXPECT_TRUE(chat.try_write("one"));
  chat.cancel();
  server().message(id, "two");
  loop.settle();
  EXPECT_THAT(log_->back(), "a finish cancelled");
  EXPECT_EQ(log_->size(), 1u);
}

// --- What an interceptor may do ---

TEST_F(ClientMessages, ThatAreRefusedEndTheStreamBehindThoseBefore) {
  connect();
  seeing_->then = [](InterceptedCall& call, const InterceptedMessage& message) {
    EXPECT_EQ(call.side, InterceptedCall::Side::kClient);
    EXPECT_EQ(call.peer, kAddress);
    return is(message, "two") ? Status(Code::kResourceExhausted, "one is enough") : Status();
  };
  Watching watching = relay().Watch("all");
  const std::uint64_t id = opened();
  server().message(id, "one");
  server().message(id, "two");
  server().message(id, "three");
  loop.settle();
  EXPECT_THAT(kinds(), ElementsAre(FrameKind::kCancel));
  EXPECT_EQ(next(watching), "one");
  EXPECT_EQ(next(watching), "none");
  EXPECT_EQ(watching.status().code(), Code::kResourceExhausted);
  EXPECT_EQ(watching.status().message(), "one is enough");
  EXPECT_EQ(watching.status().handler_ran(), HandlerRan::kYes);
  EXPECT_THAT(told(), ElementsAre("a start Watch", "a received one", "a received two",
                                  "a finish resource_exhausted"));
  EXPECT_EQ(client().stats().calls_pending, 0u);
}

TEST_F(ClientMessages, ThatAreRefusedDoNotLeave) {
  connect();
  seeing_->then = [](InterceptedCall&, const InterceptedMessage& message) {
    return is(message, "two") ? Status(Code::kInvalidArgument, "not that") : Status();
  };
  auto chat = relay().Chat();
  opened();
  EXPECT_TRUE(chat.try_write("one"));
  loop.settle();
  EXPECT_TRUE(chat.try_write("two"));
  EXPECT_TRUE(chat.try_write("three"));
  loop.settle();
  EXPECT_THAT(kinds(), ElementsAre(FrameKind::kRequestStreamData, FrameKind::kCancel));
  EXPECT_FALSE(chat.try_write("four"));
  EXPECT_EQ(chat.status().message(), "not that");
  EXPECT_THAT(told(),
              ElementsAre("a start Chat", "a sent one", "a sent two", "a finish invalid_argument"));
}

TEST_F(ClientMessages, WhoseInterceptorThrowsEndTheirStream) {
  connect();
  seeing_->then = [](InterceptedCall&, const InterceptedMessage&) -> Status {
    throw std::runtime_error("no more");
  };
  Watching watching = relay().Watch("all");
  server().message(opened(), "one");
  loop.settle();
  EXPECT_EQ(next(watching), "none");
  EXPECT_EQ(watching.status().code(), Code::kInternal);
  EXPECT_EQ(watching.status().message(), "interceptor: no more");
}

TEST_F(ClientMessages, EndWithACancelInsideTheInterceptor) {
  connect();
  std::optional<BidiStream<std::string, std::string>> chat;
  seeing_->then = [&](InterceptedCall&, const InterceptedMessage&) {
    chat->cancel();
    return Status();
  };
  chat.emplace(relay().Chat());
  const std::uint64_t id = opened();
  EXPECT_TRUE(chat->try_write("one"));
  EXPECT_TRUE(chat->try_write("two"));
  server().message(id, "three");
  server().message(id, "four");
  loop.settle();
  EXPECT_EQ(chat->status().code(), Code::kCancelled);
  EXPECT_EQ(client().stats().calls_pending, 0u);
  EXPECT_EQ(log_->back(), "a finish cancelled");
  EXPECT_EQ(kinds().back(), FrameKind::kCancel);
}

TEST_F(ClientMessages, EndWithADropInsideTheInterceptor) {
  connect();
  std::optional<Watching> watching;
  seeing_->then = [&](InterceptedCall&, const InterceptedMessage&) {
    watching.reset();
    return Status();
  };
  watching.emplace(relay().Watch("all"));
  const std::uint64_t id = opened();
  server().message(id, "one");
  server().message(id, "two");
  loop.settle();
  EXPECT_EQ(client().stats().calls_pending, 0u);
  EXPECT_EQ(log_->back(), "a finish cancelled");
  EXPECT_EQ(kinds().back(), FrameKind::kCancel);
}

TEST_F(ClientMessages, EndWithTheClientThatIsClosedInsideTheInterceptor) {
  options.interceptors.push_back(std::make_shared<MessageLog>("b", log_, text_of));
  connect();
  seeing_->then = [&](InterceptedCall& call, const InterceptedMessage& message) {
    client().close();
    EXPECT_EQ(call.method.name, "Chat");
    EXPECT_EQ(text_of(message), "one");
    return Status();
  };
  auto chat = relay().Chat();
  const std::uint64_t id = opened();
  told();
  EXPECT_TRUE(chat.try_write("one"));
  EXPECT_TRUE(chat.try_write("two"));
  loop.settle();
  server().message(id, "three");
  loop.settle();
  EXPECT_EQ(chat.status().code(), Code::kCancelled);
  EXPECT_THAT(told(), ElementsAre("a sent one", "b finish cancelled", "a finish cancelled"));
}

TEST_F(ClientMessages, EndWithTheClientThatIsDestroyedInsideTheInterceptor) {
  connect();
  seeing_->then = [&](InterceptedCall&, const InterceptedMessage&) {
    destroy_client();
    return Status();
  };
  Watching watching = relay().Watch("all");
  const std::uint64_t id = opened();
  told();
  server().message(id, "one");
  server().message(id, "two");
  loop.settle();
  EXPECT_FALSE(watching.status().ok());
  EXPECT_THAT(told(), ElementsAre("a received one", "a finish cancelled"));
}

TEST_F(ClientMessages, MayBeFollowedByACallInsideTheInterceptor) {
  connect();
  OutcomePtr<std::int64_t> product;
  seeing_->then = [&](InterceptedCall&, const InterceptedMessage&) {
    product = multiply(6, 7);
    return Status();
  };
  Watching watching = relay().Watch("all");
  server().message(opened(), "one");
  loop.settle();
  server().reply(server().read(FrameKind::kRequest).at(0).id, 42);
  loop.settle();
  ASSERT_TRUE(product->ok()) << product->message();
  EXPECT_EQ(next(watching), "one");
}

TEST_F(ClientMessages, AreKeptForTheReaderWhenTheirServerIsLost) {
  connect();
  Watching watching = relay().Watch("all");
  server().message(opened(), "one");
  dialer->server(0).close();
  loop.settle();
  EXPECT_THAT(told(), ElementsAre("a start Watch", "a received one", "a finish unavailable"));
  EXPECT_EQ(next(watching), "one");
  EXPECT_EQ(next(watching), "none");
}

// --- Unary calls ---

TEST_F(ClientMessages, OfUnaryCallsAreNoneAndTheirMetadataIsSeenAtTheEnd) {
  class Reads final : public StreamInterceptor {
   public:
    Status on_message(InterceptedCall&, const InterceptedMessage&) override {
      ++messages;
      return {};
    }
    void on_finish(InterceptedCall& call, const Status&) noexcept override {
      said = call.reply_metadata.get("took");
    }
    int messages = 0;
    std::string said;
  };
  auto reads = std::make_shared<Reads>();
  options.interceptors = {reads};
  multiply(6, 7);
  loop.settle();
  server().read_option();
  server().accept();
  Metadata metadata;
  metadata.add("took", "3ms");
  const std::int64_t product = 42;
  server().reply(server().read().at(0).id, type_ops<std::int64_t>(), &product, metadata);
  loop.settle();
  EXPECT_EQ(reads->said, "3ms");
  EXPECT_EQ(reads->messages, 0);
}

// --- HTTP ---

class ClientConnectMessages : public ClientMessages {
 protected:
  ClientConnectMessages() : ClientMessages("connect+http@127.0.0.1:7") {}

  static std::string envelope(std::string_view message, int flags = 0) {
    std::string text(1, static_cast<char>(flags));
    for (int shift : {24, 16, 8, 0}) text += static_cast<char>(message.size() >> shift & 0xff);
    return text.append(message);
  }
  static std::string chunk(std::string_view bytes) {
    return fmt::format("{:x}\r\n{}\r\n", bytes.size(), bytes);
  }
  static std::string head() {
    return "HTTP/1.1 200 OK\r\nContent-Type: application/connect+json\r\n"
           "Transfer-Encoding: chunked\r\n\r\n";
  }
};

TEST_F(ClientConnectMessages, AreSeenAlike) {
  std::string codec;
  seeing_->then = [&](InterceptedCall&, const InterceptedMessage& message) {
    codec = message.codec.name();
    return is(message, "bad") ? Status(Code::kInvalidArgument, "not that") : Status();
  };
  Watching watching = relay().Watch("all");
  loop.settle();
  dialer->server(0).send(head() + chunk(envelope("\"one\"")) + chunk(envelope("\"bad\"")));
  loop.settle();
  EXPECT_EQ(codec, "application/json");
  EXPECT_EQ(next(watching), "one");
  EXPECT_EQ(watching.status().message(), "not that");
  EXPECT_THAT(told(), ElementsAre("a start Watch", "a received one", "a received bad",
                                  "a finish invalid_argument"));
  EXPECT_TRUE(dialer->server(0).end_received());

  auto upload = relay().Upload();
  loop.settle();
  EXPECT_TRUE(upload.try_write("two"));
  loop.settle();
  EXPECT_THAT(told(), ElementsAre("a start Upload", "a sent two"));
  EXPECT_THAT(dialer->server(1).take_received(), testing::EndsWith(chunk(envelope("\"two\""))));
}

}  // namespace
}  // namespace tern::test
