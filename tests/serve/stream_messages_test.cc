// Interceptors of a server that see the messages of streams.
#include <fmt/format.h>
#include <gmock/gmock.h>

#include <algorithm>
#include <asio/awaitable.hpp>
#include <chrono>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <thread>
#include <type_traits>
#include <utility>
#include <vector>

#include "serve/gate.h"
#include "serve/stream_messages.h"

namespace tern::test {
namespace {

using testing::ElementsAre;
using testing::EndsWith;
using testing::HasSubstr;
using testing::IsEmpty;

TEST_F(StreamMessages, AreSeenOnceEachBetweenStartAndFinish) {
  feed().chat = [](ServerContext&, Reader<std::string> in, Writer<std::string> out) {
    return echo(std::move(in), std::move(out));
  };
  auto peer = connect_streams();
  say(*peer, peer->open(1, FeedService::kChat));
  EXPECT_THAT(told(), ElementsAre("a start Chat"));
  EXPECT_EQ(say(*peer, peer->message(1, "one")), "data 1 'one'");
  EXPECT_THAT(told(), ElementsAre("a received one", "a sent one"));
  EXPECT_EQ(say(*peer, peer->message(1, "two", true)), "data 1 'two'; reply 1");
  EXPECT_THAT(told(), ElementsAre("a received two", "a sent two", "a finish ok"));
}

TEST_F(StreamMessages, GoThroughInterceptorsInOrderFromThePeerAndBack) {
  auto inner = std::make_shared<MessageLog>("b", log_, text_of);
  options().interceptors.push_back(std::make_shared<Interceptor>());
  options().interceptors.push_back(inner);
  feed().chat = [](ServerContext&, Reader<std::string> in, Writer<std::string> out) {
    return echo(std::move(in), std::move(out));
  };
  auto peer = connect_streams();
  say(*peer, peer->open(1, FeedService::kChat) + peer->message(1, "one", true));
  EXPECT_THAT(told(),
              ElementsAre("a start Chat", "b start Chat", "a received one", "b received one",
                          "b sent one", "a sent one", "b finish ok", "a finish ok"));
}

TEST_F(StreamMessages, HaveTheCallTheBytesAndTheCodec) {
  feed().upload = [](ServerContext&, Reader<std::string> in) { return join(std::move(in)); };
  int seen = 0;
  seeing_->then = [&](InterceptedCall& call, const InterceptedMessage& message) {
    ++seen;
    EXPECT_EQ(call.side, InterceptedCall::Side::kServer);
    EXPECT_EQ(call.method.name, "Upload");
    EXPECT_EQ(call.peer, "the test");
    EXPECT_EQ(as_text(message.bytes), StreamPeer::encode("one"));
    EXPECT_EQ(message.codec.name(), native_codec().name());
    return Status();
  };
  auto peer = connect_streams();
  say(*peer, peer->open(1, FeedService::kUpload) + peer->message(1, "one", true));
  EXPECT_EQ(seen, 1);
}

TEST_F(StreamMessages, ShareTheValuesOfTheirCall) {
  feed().upload = [](ServerContext& context, Reader<std::string> in) -> Reply<std::string> {
    context.values().set(40);
    return join(std::move(in));
  };
  std::vector<int> counts;
  seeing_->then = [&](InterceptedCall& call, const InterceptedMessage&) {
    counts.push_back(++*call.values.get<int>());
    return Status();
  };
  auto peer = connect_streams();
  say(*peer, peer->open(1, FeedService::kUpload));
  say(*peer, peer->message(1, "one") + peer->message(1, "two", true));
  EXPECT_THAT(counts, ElementsAre(41, 42));
}

TEST_F(StreamMessages, ThatComeAndLeaveInChunksAreSeenWhole) {
  feed().chat = [](ServerContext&, Reader<std::string> in, Writer<std::string> out) {
    return echo(std::move(in), std::move(out));
  };
  auto peer = connect_streams();
  say(*peer, peer->open(1, FeedService::kChat));
  told();
  const std::string text(40000, 'x');
  const std::string bytes = StreamPeer::encode(text);
  wire::StreamPiece piece;
  piece.id = 1;
  piece.first = piece.continues = true;
  piece.whole = bytes.size();
  piece.bytes = as_bytes(bytes).subspan(0, 16384);
  say(*peer, StreamPeer::piece(piece));
  EXPECT_THAT(told(), IsEmpty());
  piece.first = piece.continues = false;
  piece.whole = 0;
  piece.bytes = as_bytes(bytes).subspan(16384);
  say(*peer, StreamPeer::piece(piece));
  EXPECT_THAT(told(), ElementsAre("a received 40000 letters", "a sent 40000 letters"));
}

TEST_F(StreamMessages, AreSeenBeforeTheReplyThoughTheyWaitForCredit) {
  feed().watch = [](ServerContext&, std::string, Writer<std::string> out) {
    return write_many(std::move(out), 3, 3);
  };
  auto peer = connect_streams(40);
  EXPECT_EQ(say(*peer, peer->open(1, FeedService::kWatch)), "data 1 'aaa'");
  EXPECT_THAT(told(), ElementsAre("a start Watch", "a sent aaa", "a sent bbb", "a sent ccc",
                                  "a finish ok"));
  EXPECT_EQ(say(*peer, peer->credit(1, 1000)), "data 1 'bbb'; data 1 'ccc'; reply 1");
  EXPECT_THAT(told(), IsEmpty());
}

TEST_F(StreamMessages, AreAsManyAsTheirWriterMayQueue) {
  feed().watch = [](ServerContext&, std::string, Writer<std::string> out) -> Reply<void> {
    int queued = 0;
    while (out.try_write(std::string(1000, 'x'))) ++queued;
    EXPECT_EQ(queued, 64);  // 1,000 bytes, with what a message costs, in 64 KiB
    return {};
  };
  auto peer = connect_streams();
  say(*peer, peer->open(1, FeedService::kWatch));
  EXPECT_EQ(told().size(), 66u);
}

TEST_F(StreamMessages, OfAKeptStreamAreSeenBeforeItsEnd) {
  std::optional<Writer<std::string>> kept_one;
  feed().watch = [&](ServerContext&, std::string, Writer<std::string> out) -> Reply<void> {
    Reply<void> reply = kept(out);
    kept_one.emplace(std::move(out));
    return reply;
  };
  auto peer = connect_streams();
  say(*peer, peer->open(1, FeedService::kWatch));
  told();
  EXPECT_TRUE(kept_one->try_write("one"));
  kept_one->finish();
  EXPECT_EQ(say(*peer, ""), "data 1 'one'; reply 1");
  EXPECT_THAT(told(), ElementsAre("a sent one", "a finish ok"));
}

TEST_F(StreamMessages, AreNotSeenWhenTheHandlerHasLetGoOfItsReader) {
  Gate gate;
  feed().chat = [&](ServerContext&, Reader<std::string>, Writer<std::string>) -> Reply<void> {
    struct Wait {
      static asio::awaitable<Result<void>> at(Gate& where) {
        co_await where.wait();
        co_return Result<void>();
      }
    };
    return Wait::at(gate);
  };
  auto peer = connect_streams();
  say(*peer, peer->open(1, FeedService::kChat));
  told();
  say(*peer, peer->message(1, "one"));
  EXPECT_THAT(told(), IsEmpty());
}

// --- What an interceptor may do ---

TEST_F(StreamMessages, CanBeRefusedAsTheyCome) {
  std::vector<std::string> read;
  feed().upload = [&](ServerContext&, Reader<std::string> in) -> Reply<std::string> {
    struct Read {
      static asio::awaitable<Result<std::string>> all(Reader<std::string> from,
                                                      std::vector<std::string>& to) {
        std::string text;
        while (co_await from.read(text)) to.push_back(text);
        co_return from.status();
      }
    };
    return Read::all(std::move(in), read);
  };
  seeing_->then = [](InterceptedCall&, const InterceptedMessage& message) {
    return is(message, "two") ? Status(Code::kResourceExhausted, "one is enough") : Status();
  };
  auto peer = connect_streams();
  say(*peer, peer->open(1, FeedService::kUpload) + peer->message(1, "one"));
  EXPECT_EQ(say(*peer, peer->message(1, "two") + peer->message(1, "three")),
            "error 1 resource_exhausted 'one is enough'");
  EXPECT_THAT(read, ElementsAre("one"));
  EXPECT_THAT(told(), ElementsAre("a start Upload", "a received one", "a received two",
                                  "a finish resource_exhausted"));
  EXPECT_EQ(streams_open(), 0u);
}

TEST_F(StreamMessages, CanBeRefusedBeforeTheyLeave) {
  feed().watch = [](ServerContext&, std::string, Writer<std::string> out) {
    return write_many(std::move(out), 3, 3);
  };
  seeing_->then = [](InterceptedCall&, const InterceptedMessage& message) {
    return is(message, "bbb") ? Status(Code::kDataLoss, "not this one") : Status();
  };
  auto peer = connect_streams();
  EXPECT_THAT(say(*peer, peer->open(1, FeedService::kWatch)),
              EndsWith("error 1 data_loss 'not this one'"));
  EXPECT_THAT(told(),
              ElementsAre("a start Watch", "a sent aaa", "a sent bbb", "a finish data_loss"));
  EXPECT_EQ(streams_open(), 0u);
}

TEST_F(StreamMessages, WhoseInterceptorThrowsEndTheirStream) {
  std::vector<std::string> lines;
  options().log = [&](std::string_view line) { lines.emplace_back(line); };
  feed().upload = [](ServerContext&, Reader<std::string> in) { return join(std::move(in)); };
  seeing_->then = [](InterceptedCall&, const InterceptedMessage&) -> Status {
    throw std::runtime_error("no more");
  };
  auto peer = connect_streams();
  EXPECT_EQ(say(*peer, peer->open(1, FeedService::kUpload) + peer->message(1, "one")),
            "error 1 internal 'an interceptor threw an exception'");
  ASSERT_EQ(lines.size(), 1u);
  EXPECT_THAT(lines[0], HasSubstr("an interceptor"));
  EXPECT_THAT(lines[0], HasSubstr("no more"));
}

TEST_F(StreamMessages, CanBeAddedByAnInterceptorAndComeToItLater) {
  std::optional<Writer<std::string>> out;
  feed().watch = [&](ServerContext&, std::string, Writer<std::string> writer) -> Reply<void> {
    EXPECT_TRUE(writer.try_write("one"));
    Reply<void> reply = kept(writer);
    out.emplace(std::move(writer));
    return reply;
  };
  bool inside = false;
  seeing_->then = [&](InterceptedCall&, const InterceptedMessage& message) {
    EXPECT_FALSE(std::exchange(inside, true));
    if (is(message, "one")) {
      EXPECT_TRUE(out->try_write("more"));
    }
    inside = false;
    return Status();
  };
  auto peer = connect_streams();
  EXPECT_EQ(say(*peer, peer->open(1, FeedService::kWatch)), "data 1 'one'; data 1 'more'");
  EXPECT_THAT(told(), ElementsAre("a start Watch", "a sent one", "a sent more"));
}

// Its queue bounds it, and the window of the peer; a call of another connection has its turn.
TEST_F(StreamMessages, OfAnInterceptorThatAddsOneToEachAreBoundedAndHoldUpNobody) {
  std::optional<Writer<std::string>> out;
  feed().watch = [&](ServerContext&, std::string, Writer<std::string> writer) -> Reply<void> {
    EXPECT_TRUE(writer.try_write(std::string(1000, 'x')));
    Reply<void> reply = kept(writer);
    out.emplace(std::move(writer));
    return reply;
  };
  int seen = 0;
  seeing_->then = [&](InterceptedCall&, const InterceptedMessage&) {
    ++seen;
    for (int i = 0; i < 2; ++i) out->try_write(std::string(1000, 'x'));
    return Status();
  };
  auto peer = connect_streams();
  peer->send(peer->open(1, FeedService::kWatch));
  auto other = connect_streams();
  other->send(other->request(1, "x"));
  settle();
  EXPECT_EQ(other->seen(), "reply 1 'x'");
  // A window that has left, and a queue.
  EXPECT_GE(seen, 64);
  EXPECT_LE(seen, 3 * 64);
  peer->end().close();
  settle();
  EXPECT_EQ(streams_open(), 0u);
}

TEST_F(StreamMessages, CannotBeChangedByAnInterceptor) {
  static_assert(std::is_const_v<decltype(InterceptedMessage::bytes)::element_type>);
  feed().chat = [](ServerContext&, Reader<std::string> in, Writer<std::string> out) {
    return echo(std::move(in), std::move(out));
  };
  const std::string other = StreamPeer::encode("other");
  seeing_->then = [&](InterceptedCall&, const InterceptedMessage& message) {
    InterceptedMessage own = message;
    own.bytes = as_bytes(other);
    return text_of(own) == "other" ? Status() : Status(Code::kInternal, "?");
  };
  auto peer = connect_streams();
  say(*peer, peer->open(1, FeedService::kChat));
  EXPECT_EQ(say(*peer, peer->message(1, "one")), "data 1 'one'");
}

TEST_F(StreamMessages, EndWithTheServerThatIsStoppedInsideTheInterceptor) {
  options().interceptors.push_back(std::make_shared<MessageLog>("b", log_, text_of));
  feed().chat = [](ServerContext&, Reader<std::string> in, Writer<std::string> out) {
    return echo(std::move(in), std::move(out));
  };
  bool stopped = false;
  seeing_->then = [&](InterceptedCall&, const InterceptedMessage&) {
    server().async_stop(std::chrono::seconds(0), [&stopped] { stopped = true; });
    return Status();
  };
  auto peer = connect_streams();
  say(*peer, peer->open(1, FeedService::kChat));
  told();
  say(*peer, peer->message(1, "one") + peer->message(1, "two"));
  const Lines lines = told();
  EXPECT_EQ(lines.front(), "a received one");
  EXPECT_EQ(std::count(lines.begin(), lines.end(), "a finish unavailable"), 1);
  EXPECT_EQ(lines.back(), "a finish unavailable");
  EXPECT_EQ(streams_open(), 0u);
  peer->end().close();
  while (!stopped) {
    settle();
    std::this_thread::yield();
  }
}

TEST_F(StreamMessages, KeepTheirOrderIfAnInterceptorEndsTheStreamMidway) {
  std::optional<Writer<std::string>> out;
  feed().watch = [&](ServerContext&, std::string, Writer<std::string> writer) -> Reply<void> {
    for (const char* text : {"one", "two", "three"}) EXPECT_TRUE(writer.try_write(text));
    Reply<void> reply = kept(writer);
    out.emplace(std::move(writer));
    return reply;
  };
  seeing_->then = [&](InterceptedCall&, const InterceptedMessage& message) {
    if (is(message, "two")) out->finish();
    return Status();
  };
  auto peer = connect_streams();
  EXPECT_EQ(say(*peer, peer->open(1, FeedService::kWatch)),
            "data 1 'one'; data 1 'two'; data 1 'three'; reply 1");
  EXPECT_THAT(told(), ElementsAre("a start Watch", "a sent one", "a sent two", "a sent three",
                                  "a finish ok"));
}

// --- HTTP ---

TEST_F(StreamMessages, OverHttpAreSeenAlike) {
  connect_streams();  // which adds the service
  feed().watch = [](ServerContext&, std::string, Writer<std::string> out) {
    return write_many(std::move(out), 2, 3);
  };
  feed().upload = [](ServerContext&, Reader<std::string> in) { return join(std::move(in)); };
  std::string codec;
  seeing_->then = [&](InterceptedCall&, const InterceptedMessage& message) {
    codec = message.codec.name();
    return is(message, "bad") ? Status(Code::kInvalidArgument, "not that") : Status();
  };
  auto peer = connect_silent();
  auto post = [](std::string_view method, std::string_view body) {
    return fmt::format(
        "POST /feed.Feed/{} HTTP/1.1\r\nHost: here\r\nContent-Type: application/connect+json\r\n"
        "Content-Length: {}\r\n\r\n{}",
        method, body.size(), body);
  };
  auto message = [](std::string_view json) {
    return std::string(4, '\0') + static_cast<char>(json.size()) + std::string(json);
  };
  peer->send(post("Watch", message("\"all\"")));
  settle();
  EXPECT_THAT(told(), ElementsAre("a start Watch", "a sent aaa", "a sent bbb", "a finish ok"));
  EXPECT_EQ(codec, "application/json");
  peer->end().take_received();
  peer->send(post("Upload", message("\"one\"") + message("\"bad\"")));
  settle();
  EXPECT_THAT(told(), ElementsAre("a start Upload", "a received one", "a received bad",
                                  "a finish invalid_argument"));
  EXPECT_THAT(peer->end().take_received(), HasSubstr("not that"));
}

}  // namespace
}  // namespace tern::test
