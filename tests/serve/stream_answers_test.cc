// Handlers that answer while an interceptor is told of a message.
#include <gmock/gmock.h>

#include <asio/async_result.hpp>
#include <asio/awaitable.hpp>
#include <asio/use_awaitable.hpp>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "serve/stream_messages.h"

namespace tern::test {
namespace {

using testing::ElementsAre;
using testing::EndsWith;
using testing::IsEmpty;

// Resumes its coroutine right where it is asked to.
class Latch {
 public:
  asio::awaitable<void> wait() {
    auto leave = [this](auto handler) {
      resume_ = [kept = std::move(handler)]() mutable { std::move(kept)(); };
    };
    co_await asio::async_initiate<const asio::use_awaitable_t<>, void()>(leave,
                                                                         asio::use_awaitable);
  }
  void open() { std::exchange(resume_, {})(); }

 private:
  UniqueFunction<void()> resume_;
};

// Writes some when it is let go, and answers.
struct Answer {
  static asio::awaitable<Result<void>> behind(Latch& latch, Writer<std::string> out,
                                              std::vector<std::string> texts, Status end) {
    for (const std::string& text : texts) EXPECT_TRUE(out.try_write(text));
    co_await latch.wait();
    EXPECT_TRUE(out.try_write("last"));
    if (!end.ok()) co_return end;
    co_return Result<void>();
  }
};

TEST_F(StreamMessages, AreAllSeenBeforeTheReplyOfAHandlerThatAnswersInsideTheInterceptor) {
  auto inner = std::make_shared<MessageLog>("b", log_, text_of);
  options().interceptors.push_back(inner);
  Latch latch;
  feed().watch = [&](ServerContext&, std::string, Writer<std::string> out) -> Reply<void> {
    return Answer::behind(latch, std::move(out), {"one", "two"}, Status());
  };
  inner->then = [&](InterceptedCall&, const InterceptedMessage& message) {
    if (is(message, "one")) latch.open();
    return Status();
  };
  auto peer = connect_streams();
  EXPECT_EQ(say(*peer, peer->open(1, FeedService::kWatch)),
            "data 1 'one'; data 1 'two'; data 1 'last'; reply 1");
  EXPECT_THAT(told(), ElementsAre("a start Watch", "b start Watch", "b sent one", "a sent one",
                                  "b sent two", "a sent two", "b sent last", "a sent last",
                                  "b finish ok", "a finish ok"));
  EXPECT_EQ(streams_open(), 0u);
}

TEST_F(StreamMessages, AreAllSeenBeforeTheErrorOfAHandlerThatFailsInsideTheInterceptor) {
  Latch latch;
  std::optional<Reader<std::string>> reader;
  feed().chat = [&](ServerContext& context, Reader<std::string> in,
                    Writer<std::string> out) -> Reply<void> {
    context.reply_metadata().add("took", "3ms");
    reader.emplace(std::move(in));
    return Answer::behind(latch, std::move(out), {}, Status(Code::kNotFound, "no such room"));
  };
  bool inside = false;
  seeing_->then = [&](InterceptedCall&, const InterceptedMessage& message) {
    EXPECT_FALSE(std::exchange(inside, true)) << "one after the other";
    if (is(message, "one")) latch.open();
    inside = false;
    return Status();
  };
  auto peer = connect_streams();
  say(*peer, peer->open(1, FeedService::kChat));
  peer->send(peer->message(1, "one"));
  settle();
  const std::vector<Got> got = peer->got();
  ASSERT_EQ(got.size(), 2u);
  EXPECT_EQ(StreamPeer::decode(got[0].body), "last");
  EXPECT_EQ(got[1].code, Code::kNotFound);
  EXPECT_EQ(got[1].text, "no such room");
  EXPECT_EQ(got[1].metadata.get("took"), "3ms");
  EXPECT_THAT(told(),
              ElementsAre("a start Chat", "a received one", "a sent last", "a finish not_found"));
  EXPECT_EQ(streams_open(), 0u);
}

TEST_F(StreamMessages, EndAtOnceWithTheResultOfAHandlerThatAnswersInsideTheInterceptor) {
  options().interceptors.push_back(std::make_shared<MessageLog>("b", log_, text_of));
  Latch latch;
  std::optional<Reader<std::string>> reader;
  feed().upload = [&](ServerContext&, Reader<std::string> in) -> Reply<std::string> {
    struct Wait {
      static asio::awaitable<Result<std::string>> at(Latch& where) {
        co_await where.wait();
        co_return std::string("enough");
      }
    };
    reader.emplace(std::move(in));
    return Wait::at(latch);
  };
  seeing_->then = [&](InterceptedCall&, const InterceptedMessage&) {
    latch.open();
    return Status();
  };
  auto peer = connect_streams();
  say(*peer, peer->open(1, FeedService::kUpload));
  told();
  EXPECT_EQ(say(*peer, peer->message(1, "one") + peer->message(1, "two")), "reply 1 'enough'");
  EXPECT_THAT(told(), ElementsAre("a received one", "b finish ok", "a finish ok"));
  std::string text;
  EXPECT_FALSE(reader->try_read(text));
}

// The reply waits for credit, and the program has kept its Reader.
TEST_F(StreamMessages, ThatComeBehindTheOutcomeAreNobodys) {
  std::optional<Reader<std::string>> reader;
  std::optional<Writer<std::string>> writer;
  feed().chat = [&](ServerContext&, Reader<std::string> in,
                    Writer<std::string> out) -> Reply<void> {
    EXPECT_TRUE(out.try_write(std::string(100, 'x')));
    Reply<void> reply = kept(out);
    reader.emplace(std::move(in));
    writer.emplace(std::move(out));
    return reply;
  };
  auto peer = connect_streams(40);
  say(*peer, peer->open(1, FeedService::kChat) + peer->message(1, "before"));
  writer->finish();
  settle();
  EXPECT_THAT(told(), ElementsAre("a start Chat", "a received before", "a sent 100 letters",
                                  "a finish ok"));
  say(*peer, peer->message(1, "behind"));
  EXPECT_THAT(told(), IsEmpty());
  std::string text;
  EXPECT_TRUE(reader->try_read(text));
  EXPECT_EQ(text, "before");
  EXPECT_FALSE(reader->try_read(text)) << text;
  EXPECT_THAT(say(*peer, peer->credit(1, 1000)), EndsWith("reply 1"));
  EXPECT_THAT(told(), IsEmpty());
}

}  // namespace
}  // namespace tern::test
