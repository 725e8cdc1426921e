// What readers and writers see of one stream.
#include <gtest/gtest.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "stream/make_stream.h"
#include "stream/stream_pair.h"
#include "tern/codegen/elements.h"

namespace tern::test {
namespace {

using Text = std::string;

using StreamTest = StreamPair;

TEST_F(StreamTest, GivesMessagesToTheReaderInTheirOrder) {
  Opened opened = open(MethodKind::kServerStream);
  Writer<Text> writer(opened.handler);
  Reader<Text> reader(opened.caller);
  EXPECT_TRUE(writer.try_write("one"));
  EXPECT_TRUE(writer.try_write(""));
  EXPECT_TRUE(writer.try_write("three"));
  Text got;
  EXPECT_FALSE(reader.try_read(got));
  settle();
  EXPECT_TRUE(reader.try_read(got));
  EXPECT_EQ(got, "one");
  EXPECT_TRUE(reader.try_read(got));
  EXPECT_EQ(got, "");
  EXPECT_TRUE(reader.try_read(got));
  EXPECT_EQ(got, "three");
  EXPECT_FALSE(reader.try_read(got));
}

TEST_F(StreamTest, GivesWhatWasWrittenBeforeAnErrorBeforeTheError) {
  Opened opened = open(MethodKind::kServerStream);
  Writer<Text> writer(opened.handler);
  Reader<Text> reader(opened.caller);
  EXPECT_TRUE(writer.try_write("last words"));
  handler_.reply(1, Status(Code::kAborted, "enough"));
  settle();
  Text got;
  EXPECT_TRUE(reader.try_read(got));
  EXPECT_EQ(got, "last words");
  EXPECT_FALSE(reader.try_read(got));
  EXPECT_EQ(reader.status().message(), "enough");
  EXPECT_TRUE(caller_.streams.empty());
  EXPECT_TRUE(handler_.streams.empty());
}

// What is written as a text is no number.
TEST_F(StreamTest, EndsWithAMessageThatCannotBeRead) {
  Opened opened = open(MethodKind::kServerStream);
  Writer<Text> writer(opened.handler);
  Reader<std::int64_t> reader(opened.caller);
  EXPECT_TRUE(writer.try_write("one"));
  EXPECT_TRUE(writer.try_write("two"));
  settle();
  std::int64_t got = 0;
  EXPECT_FALSE(reader.try_read(got));
  EXPECT_EQ(reader.status().code(), Code::kInternal);
  EXPECT_NE(reader.status().message().find("a message of the stream cannot be read: "),
            std::string::npos)
      << reader.status().message();
  EXPECT_EQ(reader.status().handler_ran(), HandlerRan::kYes);
  EXPECT_FALSE(reader.try_read(got));
  settle();
  EXPECT_TRUE(handler_.streams.empty());
}

// The outcome comes with the messages, before they are read.
TEST_F(StreamTest, SaysThatAMessageCannotBeReadWhateverItsOutcomeSays) {
  for (const Status& outcome : {Status(), Status(Code::kUnavailable, "gone")}) {
    Opened opened = open(MethodKind::kServerStream);
    Writer<Text> writer(opened.handler);
    Reader<std::int64_t> reader(opened.caller);
    EXPECT_TRUE(writer.try_write("one"));
    EXPECT_TRUE(writer.try_write("two"));
    handler_.reply(next_id_ - 1, outcome);
    settle();
    EXPECT_TRUE(opened.caller->ended());
    std::int64_t got = 0;
    EXPECT_FALSE(reader.try_read(got));
    EXPECT_EQ(reader.status().code(), Code::kInternal) << reader.status().to_string();
    EXPECT_FALSE(reader.try_read(got));
    EXPECT_FALSE(opened.caller->has_message());
    EXPECT_EQ(reader.status().code(), Code::kInternal) << reader.status().to_string();
  }
}

TEST_F(StreamTest, MakesAWriterWaitForAReaderAndHoldsABoundedAmountMeanwhile) {
  Opened opened = open(MethodKind::kServerStream);
  Writer<Text> writer(opened.handler);
  Reader<Text> reader(opened.caller);
  const Text message(1000, 'x');
  int written = 0;
  spawn([&]() -> asio::awaitable<void> {
    for (; written < 1000; ++written) {
      if (!co_await writer.write(message)) co_return;
    }
  });
  settle();
  // A window there and what may be queued here, and a message each.
  EXPECT_GT(written, 100);
  EXPECT_LT(written, 2 * 65536 / 1036 + 4);
  Text got;
  int read = 0;
  for (int i = 0; i < 1000; ++i) {
    while (reader.try_read(got)) ++read;
    settle();
  }
  EXPECT_EQ(read, 1000);
  EXPECT_EQ(written, 1000);
}

TEST_F(StreamTest, CarriesAMessageThatIsLongerThanItsWindow) {
  Opened opened = open(MethodKind::kServerStream);
  Writer<Text> writer(opened.handler);
  Reader<Text> reader(opened.caller);
  const Text message(900'000, 'y');
  EXPECT_TRUE(writer.try_write(message));
  EXPECT_FALSE(writer.try_write("no room"));
  settle();
  Text got;
  ASSERT_TRUE(reader.try_read(got));
  EXPECT_EQ(got, message);
  settle();
  EXPECT_EQ(caller_.streams.budget().taken(), 0u);
  EXPECT_TRUE(writer.try_write("again"));
}

TEST_F(StreamTest, ClosesTheCallersSideBehindItsMessages) {
  Opened opened = open(MethodKind::kClientStream);
  Writer<Text> writer(opened.caller);
  Reader<Text> reader(opened.handler);
  std::vector<Text> got;
  bool ended = false;
  spawn([&]() -> asio::awaitable<void> {
    Text one;
    while (co_await reader.read(one)) got.push_back(one);
    ended = reader.status().ok();
  });
  EXPECT_TRUE(writer.try_write("a"));
  opened.caller->end_writing();
  EXPECT_FALSE(writer.try_write("too late"));
  settle();
  EXPECT_EQ(got, std::vector<Text>{"a"});
  EXPECT_TRUE(ended);
}

TEST_F(StreamTest, KeepsAStreamOpenBehindItsHandlerUntilItIsFinished) {
  Opened opened = open(MethodKind::kServerStream);
  std::optional<Writer<Text>> hub(std::in_place, opened.handler);
  opened.handler->keep();
  EXPECT_TRUE(hub->try_write("a"));
  settle();
  hub->finish(Status(Code::kUnavailable, "the hub closes"));
  EXPECT_FALSE(hub->try_write("b"));
  settle();
  Reader<Text> reader(opened.caller);
  Text got;
  EXPECT_TRUE(reader.try_read(got));
  EXPECT_FALSE(reader.try_read(got));
  EXPECT_EQ(reader.status().message(), "the hub closes");
}

TEST_F(StreamTest, EndsAKeptStreamWhoseWriterIsDropped) {
  Opened opened = open(MethodKind::kServerStream);
  std::optional<Writer<Text>> hub(std::in_place, opened.handler);
  opened.handler->keep();
  hub.reset();
  settle();
  Reader<Text> reader(opened.caller);
  Text got;
  EXPECT_FALSE(reader.try_read(got));
  EXPECT_EQ(reader.status().code(), Code::kInternal);
}

TEST_F(StreamTest, DropsWhatComesForAReaderThatTheHandlerHasLetGo) {
  Opened opened = open(MethodKind::kBidiStream);
  { Reader<Text> reader(opened.handler); }
  Writer<Text> writer(opened.caller);
  const Text message(1000, 'x');
  for (int i = 0; i < 1000; ++i) {
    if (!writer.try_write(message)) settle();
    EXPECT_TRUE(writer.status().ok());
  }
  EXPECT_TRUE(writer.try_write(message));
}

TEST_F(StreamTest, IsNotWritableBeforeThereIsAConnection) {
  Method method{};
  method.kind = MethodKind::kClientStream;
  auto stream = stream::make_stream(loop_.loop(), method, limits_, stream::Role::kCaller);
  Writer<Text> writer(stream);
  EXPECT_FALSE(writer.try_write("a"));
  std::optional<bool> written;
  spawn([&]() -> asio::awaitable<void> { written = co_await writer.write("b"); });
  EXPECT_FALSE(written);
  caller_.streams.add(stream, 7, native_codec(), 1000);
  settle();
  ASSERT_TRUE(written);
  EXPECT_TRUE(*written);
  caller_.streams.end_all(Status(Code::kUnavailable, "gone"), stream::Stream::Unread::kKept);
}

// Another thread may write while the connection ends, and its codec with it.
TEST_F(StreamTest, KeepsItsCodecAlsoIfItOnlyWrites) {
  for (const MethodKind kind :
       {MethodKind::kServerStream, MethodKind::kClientStream, MethodKind::kBidiStream}) {
    Method method{};
    method.kind = kind;
    auto stream = stream::make_stream(loop_.loop(), method, limits_, stream::Role::kHandler);
    auto owner = std::make_shared<int>(0);
    const std::weak_ptr<int> codec = owner;
    stream->keep_codec(std::move(owner));
    handler_.streams.add(stream, next_id_++, native_codec(), 1000);
    handler_.streams.end_all(Status(Code::kUnavailable, "gone"), stream::Stream::Unread::kKept);
    EXPECT_FALSE(codec.expired());
    stream.reset();
    loop_.settle();
    EXPECT_TRUE(codec.expired());
  }
}

}  // namespace
}  // namespace tern::test
