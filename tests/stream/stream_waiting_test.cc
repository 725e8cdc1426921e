// The ways to wait for a stream: coroutines, callbacks, batches, and threads that block.
#include <gtest/gtest.h>
#include <asio/bind_cancellation_slot.hpp>
#include <asio/cancellation_signal.hpp>
#include <asio/co_spawn.hpp>

#include <atomic>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "stream/make_stream.h"
#include "stream/stream_pair.h"
#include "tern/codegen/elements.h"

namespace tern::test {
namespace {

using Text = std::string;

using StreamWaiting = StreamPair;

TEST_F(StreamWaiting, ResumesACoroutineThatWaitsForAMessage) {
  Opened opened = open(MethodKind::kServerStream);
  Writer<Text> writer(opened.handler);
  Reader<Text> reader(opened.caller);
  std::vector<Text> got;
  std::optional<Status> end;
  spawn([&]() -> asio::awaitable<void> {
    Text one;
    while (co_await reader.read(one)) got.push_back(one);
    end = reader.status();
  });
  EXPECT_TRUE(got.empty());
  EXPECT_TRUE(writer.try_write("a"));
  settle();
  EXPECT_EQ(got, std::vector<Text>{"a"});
  EXPECT_TRUE(writer.try_write("b"));
  handler_.reply(1, Status());
  settle();
  EXPECT_EQ(got, (std::vector<Text>{"a", "b"}));
  ASSERT_TRUE(end);
  EXPECT_TRUE(end->ok());
}

TEST_F(StreamWaiting, WakesEverybodyWhenThePeerCancels) {
  Opened opened = open(MethodKind::kBidiStream);
  Writer<Text> writer(opened.handler);
  Reader<Text> reader(opened.handler);
  std::optional<Status> read;
  std::optional<Status> written;
  spawn([&]() -> asio::awaitable<void> {
    Text one;
    while (co_await reader.read(one)) {
    }
    read = reader.status();
  });
  const Text message(10'000, 'x');
  spawn([&]() -> asio::awaitable<void> {
    while (co_await writer.write(message)) {
    }
    written = writer.status();
  });
  settle();
  EXPECT_FALSE(read);
  EXPECT_FALSE(written);
  opened.caller->cancel(Status(Code::kCancelled, "enough"));
  settle();
  ASSERT_TRUE(read && written);
  EXPECT_EQ(read->code(), Code::kCancelled);
  EXPECT_EQ(written->code(), Code::kCancelled);
  EXPECT_TRUE(handler_.streams.empty());
  EXPECT_TRUE(caller_.streams.empty());
}

// With the smallest window all of it may have been taken and not been told yet.
TEST_F(StreamWaiting, GrantsWhatWasTakenAlsoToAReaderThatOnlyWaits) {
  limits_.stream_window = 1024;
  Opened opened = open(MethodKind::kServerStream);
  Writer<Text> writer(opened.handler);
  Reader<Text> reader(opened.caller);
  const Text message(100, 'x');
  int written = 0;
  spawn([&]() -> asio::awaitable<void> {
    for (; written < 100; ++written) {
      if (!co_await writer.write(message)) co_return;
    }
  });
  settle();
  Text got;
  int read = 0;
  std::function<void(bool)> take = [&](bool more) {
    if (!more) return;
    ++read;
    reader.then(got, take);
  };
  reader.then(got, take);
  settle();
  EXPECT_EQ(written, 100);
  EXPECT_EQ(read, 100);
  // The last read waits still.
  opened.caller->cancel(Status(Code::kCancelled, "enough"));
  settle();
}

// What a wait has ended for may be gone when the program looks.
class HesitantStream final : public stream::Stream {
 public:
  using Stream::Stream;
  Read try_read(const TypeOps& type, void* message) override {
    return ++tries % 3 != 0 ? Read::kWait : Stream::try_read(type, message);
  }
  int tries = 0;
};

TEST_F(StreamWaiting, IsWaitedForAgainWhenAWaitHasEndedEarly) {
  Method method;
  method.kind = MethodKind::kServerStream;
  auto stream = std::make_shared<HesitantStream>(
      loop_.loop().shared_from_this(), stream::setup_of(method, limits_, stream::Role::kCaller));
  stream->end_with_call(Status(Code::kAborted, "its end"), Metadata());
  Reader<Text> reader(stream);
  Text got;
  int seen = 0;
  reader.then(got, [&](bool more) {
    ++seen;
    EXPECT_FALSE(more);
  });
  settle();
  EXPECT_EQ(seen, 1);
  EXPECT_EQ(stream->tries, 3);
  spawn([&]() -> asio::awaitable<void> {
    ++seen;
    EXPECT_FALSE(co_await reader.read(got));
    EXPECT_EQ(reader.status().code(), Code::kAborted);
    ++seen;
  });
  settle();
  EXPECT_EQ(seen, 3);
  EXPECT_EQ(stream->tries, 6);
  std::thread([&] { EXPECT_FALSE(reader.get(got)); }).join();
  EXPECT_EQ(stream->tries, 9);
}

TEST_F(StreamWaiting, IsWellWhenATryFindsNothing) {
  Opened opened = open(MethodKind::kServerStream);
  Writer<Text> writer(opened.handler);
  Reader<Text> reader(opened.caller);
  Text got;
  EXPECT_FALSE(reader.try_read(got));
  EXPECT_TRUE(reader.status().ok()) << reader.status().to_string();
}

TEST_F(StreamWaiting, LosesNoMessageToAReadThatIsCancelled) {
  Opened opened = open(MethodKind::kServerStream);
  Writer<Text> writer(opened.handler);
  Reader<Text> reader(opened.caller);
  asio::cancellation_signal signal;
  std::optional<bool> first;
  Text got;
  asio::co_spawn(loop_.io(), reader.read(got),
                 asio::bind_cancellation_slot(
                     signal.slot(), [&](std::exception_ptr, bool more) { first = more; }));
  loop_.settle();
  EXPECT_FALSE(first);
  signal.emit(asio::cancellation_type::terminal);
  settle();
  ASSERT_TRUE(first);
  EXPECT_FALSE(*first);
  EXPECT_EQ(reader.status().message(), "the read was cancelled; the stream goes on");
  EXPECT_TRUE(writer.try_write("still here"));
  settle();
  EXPECT_TRUE(reader.try_read(got));
  EXPECT_EQ(got, "still here");
  EXPECT_TRUE(reader.status().ok());
}

TEST_F(StreamWaiting, EndsAtASecondReadAtTheSameTime) {
  Opened opened = open(MethodKind::kServerStream);
  Reader<Text> reader(opened.caller);
  Text a;
  Text b;
  int ended = 0;
  auto read = [&](Text& into) {
    spawn([&]() -> asio::awaitable<void> {
      while (co_await reader.read(into)) {
      }
      ++ended;
    });
  };
  read(a);
  read(b);
  settle();
  EXPECT_EQ(ended, 2);
  EXPECT_EQ(reader.status().code(), Code::kFailedPrecondition);
  EXPECT_EQ(reader.status().message(), "two reads of one stream at the same time");
  EXPECT_TRUE(handler_.streams.empty());
}

TEST_F(StreamWaiting, RunsACallbackOnTheLoopAndNotWithinTheCallThatLeftIt) {
  Opened opened = open(MethodKind::kServerStream);
  Writer<Text> writer(opened.handler);
  Reader<Text> reader(opened.caller);
  EXPECT_TRUE(writer.try_write("a"));
  EXPECT_TRUE(writer.try_write("b"));
  settle();
  std::vector<Text> got;
  Text one;
  bool within = true;
  std::function<void(bool)> next = [&](bool more) {
    EXPECT_FALSE(within);
    if (!more) return;
    got.push_back(one);
    within = true;
    reader.then(one, next);
    within = false;
  };
  reader.then(one, next);
  within = false;
  settle();
  EXPECT_EQ(got, (std::vector<Text>{"a", "b"}));
  handler_.reply(1, Status());
  settle();
}

TEST_F(StreamWaiting, ReadsABatchOfWhatIsHere) {
  Opened opened = open(MethodKind::kServerStream);
  Writer<Text> writer(opened.handler);
  Reader<Text> reader(opened.caller);
  for (int i = 0; i < 5; ++i) EXPECT_TRUE(writer.try_write(std::to_string(i)));
  settle();
  std::vector<Text> batch;
  std::vector<std::size_t> sizes;
  spawn([&]() -> asio::awaitable<void> {
    while (co_await reader.read_batch(batch, 3)) sizes.push_back(batch.size());
    sizes.push_back(batch.size());
  });
  settle();
  EXPECT_EQ(sizes, (std::vector<std::size_t>{3, 2}));
  handler_.reply(1, Status());
  settle();
  EXPECT_EQ(sizes, (std::vector<std::size_t>{3, 2, 0}));
}

TEST_F(StreamWaiting, BlocksAThreadUntilThereIsAMessageOrTheEnd) {
  Opened opened = open(MethodKind::kServerStream);
  Writer<Text> writer(opened.handler);
  std::vector<Text> got;
  std::atomic<bool> done = false;
  std::thread thread([&] {
    Reader<Text> reader(opened.caller);
    Text one;
    while (reader.get(one)) got.push_back(one);
    done = true;
  });
  EXPECT_TRUE(writer.try_write("a"));
  settle();
  EXPECT_TRUE(writer.try_write("b"));
  handler_.reply(1, Status());
  while (!done) settle();
  thread.join();
  EXPECT_EQ(got, (std::vector<Text>{"a", "b"}));
}

TEST_F(StreamWaiting, WaitsUntilWhatWasWrittenHasLeft) {
  Opened opened = open(MethodKind::kServerStream);
  Writer<Text> writer(opened.handler);
  EXPECT_TRUE(writer.try_write("a"));
  handler_.hold_data = true;
  std::optional<bool> flushed;
  spawn([&]() -> asio::awaitable<void> { flushed = co_await writer.flushed(); });
  settle();
  EXPECT_FALSE(flushed);
  handler_.hold_data = false;
  settle();
  ASSERT_TRUE(flushed);
  EXPECT_TRUE(*flushed);
}

}  // namespace
}  // namespace tern::test
