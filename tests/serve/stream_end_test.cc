// How streams that are served end: by their handlers, deadlines, peers, silence, and the server.
#include <gtest/gtest.h>

#include <asio/experimental/awaitable_operators.hpp>
#include <chrono>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "serve/gate.h"
#include "serve/stream_fixture.h"

namespace tern::test {
namespace {

using namespace std::chrono_literals;

// What became of a handler that reads or writes until it cannot.
struct Fate {
  int messages = 0;
  bool ended = false;
  Status status;
};

asio::awaitable<Result<void>> read_on(Reader<std::string> in, Fate& fate) {
  std::string text;
  while (co_await in.read(text)) ++fate.messages;
  fate.status = in.status();
  fate.ended = true;
  co_return fate.status;
}

asio::awaitable<Result<void>> write_on(Writer<std::string> out, Fate& fate) {
  const std::string text(1000, 'x');
  while (co_await out.write(text)) ++fate.messages;
  fate.status = out.status();
  fate.ended = true;
  co_return fate.status;
}

class StreamEnd : public StreamServer {
 protected:
  // Chat reads, Watch writes, until they cannot.
  StreamEnd() {
    feed().chat = [this](ServerContext&, Reader<std::string> in, Writer<std::string>) {
      return Reply<void>(read_on(std::move(in), reader_));
    };
    feed().watch = [this](ServerContext&, std::string, Writer<std::string> out) {
      return Reply<void>(write_on(std::move(out), writer_));
    };
  }
  void expect_both_ended(Code code) {
    EXPECT_TRUE(reader_.ended);
    EXPECT_EQ(reader_.status.code(), code) << reader_.status.to_string();
    EXPECT_TRUE(writer_.ended);
    EXPECT_EQ(writer_.status.code(), code) << writer_.status.to_string();
    EXPECT_EQ(streams_open(), 0u);
    EXPECT_EQ(server().stats().calls_running, 0u);
  }

  Fate reader_;
  Fate writer_;
};

TEST_F(StreamEnd, ByADeadlineWakesReadersAndWriters) {
  auto peer = connect_streams(1024);
  say(*peer,
      peer->open(1, FeedService::kChat, "", 1s) + peer->open(2, FeedService::kWatch, "", 1s));
  EXPECT_EQ(streams_open(), 2u);
  advance(999ms);
  EXPECT_FALSE(reader_.ended);
  advance(1ms);
  std::vector<Got> got = peer->got();
  ASSERT_EQ(got.size(), 2u);
  for (const Got& one : got) {
    EXPECT_EQ(one.kind, wire::FrameKind::kError);
    EXPECT_EQ(one.code, Code::kDeadlineExceeded);
  }
  expect_both_ended(Code::kDeadlineExceeded);
}

// The handler is done; its messages are not, and its client grants nothing.
TEST_F(StreamEnd, ByADeadlineComesAlsoWhileTheReplyWaitsForCredit) {
  feed().watch = [](ServerContext&, std::string, Writer<std::string> out) -> Reply<void> {
    EXPECT_TRUE(out.try_write(std::string(5000, 'x')));
    return {};
  };
  auto peer = connect_streams(1024);
  say(*peer, peer->open(1, FeedService::kWatch, "", 1s));
  EXPECT_EQ(streams_open(), 1u);
  advance(1s);
  EXPECT_EQ(peer->seen(),
            "error 1 deadline_exceeded 'feed.Feed.Watch: the caller's deadline of 1s passed before "
            "the reply'");
  EXPECT_EQ(streams_open(), 0u);
  EXPECT_EQ(stats("Watch").errors, 1u);
  EXPECT_EQ(say(*peer, peer->credit(1, 10'000)), "");
  EXPECT_EQ(server().stats().late_frames, 1u);
}

TEST_F(StreamEnd, IsNotBroughtAboutByTheHandleTimeout) {
  options().handle_timeout = 1s;
  auto peer = connect_streams();
  say(*peer, peer->open(1, FeedService::kChat));
  advance(1h);
  EXPECT_EQ(peer->seen(), "");
  EXPECT_EQ(streams_open(), 1u);
  // Its handler says how it has ended, which must not come after the test.
  say(*peer, peer->cancel(1));
  EXPECT_EQ(streams_open(), 0u);
}

TEST_F(StreamEnd, ByACancelIsNotAnswered) {
  auto peer = connect_streams(1024);
  say(*peer, peer->open(1, FeedService::kChat) + peer->open(2, FeedService::kWatch));
  EXPECT_EQ(say(*peer, peer->cancel(1) + peer->cancel(2) + peer->ping(3)), "pong 3");
  expect_both_ended(Code::kCancelled);
}

TEST_F(StreamEnd, ByACancelComesAlsoWhileTheReplyWaitsForCredit) {
  feed().watch = [](ServerContext&, std::string, Writer<std::string> out) -> Reply<void> {
    EXPECT_TRUE(out.try_write(std::string(5000, 'x')));
    return {};
  };
  auto peer = connect_streams(1024);
  say(*peer, peer->open(1, FeedService::kWatch));
  EXPECT_EQ(say(*peer, peer->cancel(1) + peer->credit(1, 10'000)), "");
  EXPECT_EQ(streams_open(), 0u);
  EXPECT_EQ(server().stats().calls_running, 0u);
}

TEST_F(StreamEnd, ByTheLossOfTheConnectionWakesReadersAndWriters) {
  auto peer = connect_streams(1024);
  say(*peer, peer->open(1, FeedService::kChat) + peer->open(2, FeedService::kWatch));
  peer->end().close();
  settle();
  expect_both_ended(Code::kUnavailable);
}

TEST_F(StreamEnd, ByAStopWakesReadersAndWritersAndTellsTheClient) {
  auto peer = connect_streams(1024);
  say(*peer, peer->open(1, FeedService::kChat) + peer->open(2, FeedService::kWatch));
  begin_stop(0s);
  while (!stopped()) {
    settle();
    advance(10ms);
  }
  finish_stop();
  int errors = 0;
  for (const Got& one : peer->got()) {
    if (one.kind != wire::FrameKind::kError) continue;
    EXPECT_EQ(one.code, Code::kUnavailable);
    ++errors;
  }
  EXPECT_EQ(errors, 2);
  expect_both_ended(Code::kUnavailable);
}

// The messages before it leave.
TEST_F(StreamEnd, OfAHandlerThatThrowsIsAnErrorBehindItsMessages) {
  feed().watch = [](ServerContext&, std::string, Writer<std::string> out) -> Reply<void> {
    EXPECT_TRUE(out.try_write("a"));
    throw std::runtime_error("no");
  };
  auto peer = connect_streams();
  EXPECT_EQ(say(*peer, peer->open(1, FeedService::kWatch)),
            "data 1 'a'; error 1 internal 'the handler threw an exception'");
}

TEST_F(StreamEnd, OfAHandlerThatReadsTwiceAtATimeIsAnError) {
  auto peer = connect_streams();
  feed().chat = [](ServerContext&, Reader<std::string> in, Writer<std::string>) -> Reply<void> {
    auto two_reads = [](Reader<std::string> from) -> asio::awaitable<Result<void>> {
      using asio::experimental::awaitable_operators::operator||;
      std::string a, b;
      co_await (from.read(a) || from.read(b));
      co_return from.status();
    };
    return two_reads(std::move(in));
  };
  EXPECT_EQ(say(*peer, peer->open(1, FeedService::kChat)),
            "error 1 failed_precondition 'two reads of one stream at the same time'");
  EXPECT_EQ(streams_open(), 0u);
}

TEST_F(StreamEnd, BySilenceComesAfterTheIdleTimeOfTheMethod) {
  Fate fate;
  feed().pause = [&](ServerContext&, std::string, Writer<std::string> out) {
    return Reply<void>(write_on(std::move(out), fate));
  };
  auto peer = connect_streams(2000);
  say(*peer, peer->open(1, FeedService::kPause));
  advance(20s);
  say(*peer, peer->credit(1, 1100));
  advance(29s);
  EXPECT_EQ(peer->seen(), "");
  advance(1s);
  EXPECT_EQ(peer->seen(), "error 1 deadline_exceeded 'no message for 30s'");
  EXPECT_TRUE(fate.ended);
  EXPECT_EQ(fate.status.code(), Code::kDeadlineExceeded);
  EXPECT_EQ(streams_open(), 0u);
}

TEST_F(StreamEnd, BySilenceComesAfterTheIdleTimeOfTheServer) {
  options().stream_idle_timeout = 10s;
  auto peer = connect_streams();
  say(*peer, peer->open(1, FeedService::kChat));
  advance(5s);
  say(*peer, peer->open(2, FeedService::kChat));
  advance(4s);
  say(*peer, peer->message(1, "x"));
  advance(6s);  // 6 s since the message of the first, 10 s since the second
  EXPECT_EQ(peer->seen(), "error 2 deadline_exceeded 'no message for 10s'");
  advance(4s);
  EXPECT_EQ(peer->seen(), "error 1 deadline_exceeded 'no message for 10s'");
}

// --- Drain ---

TEST_F(StreamEnd, OfADrainedServerIsItsHandlersAffair) {
  bool before = true;
  auto until_drain = [](ServerContext& context, Writer<std::string> out,
                        bool& was) -> asio::awaitable<Result<void>> {
    was = context.draining();
    co_await context.wait_draining();
    EXPECT_TRUE(context.draining());
    const std::string last = "bye";
    co_await out.write(last);
    co_return Status();
  };
  feed().watch = [&](ServerContext& context, std::string, Writer<std::string> out) {
    return Reply<void>(until_drain(context, std::move(out), before));
  };
  auto peer = connect_streams();
  EXPECT_EQ(say(*peer, peer->open(1, FeedService::kWatch)), "");
  EXPECT_FALSE(before);
  begin_drain(1h);
  settle();
  EXPECT_EQ(peer->seen().substr(0, 10), "going away");
  EXPECT_EQ(streams_open(), 0u);
  EXPECT_EQ(server().stats().calls_running, 0u);
  peer->end().close();
  finish_stop();
}

TEST_F(StreamEnd, OfADrainIsToldToCallbacksOfUnaryCallsToo) {
  Gate gate;
  int told = 0;
  service().on_echo([&](ServerContext& context, std::string text) {
    context.on_drain([&told] { ++told; });
    return behind(gate, text);
  });
  auto peer = connect_streams();
  say(*peer, peer->request(1, "x"));
  EXPECT_EQ(told, 0);
  begin_drain(1h);
  settle();
  EXPECT_EQ(told, 1);
  gate.open();
  settle();
  EXPECT_NE(peer->seen().find("reply 1 'x'"), std::string::npos);
  peer->end().close();
  finish_stop();
}

TEST_F(StreamEnd, OfACancelledCallEndsItsWaitForADrain) {
  bool done = false;
  auto wait = [](ServerContext& context, bool& ended) -> asio::awaitable<Result<void>> {
    struct AtEnd {
      explicit AtEnd(bool& flag) : ended(flag) {}
      ~AtEnd() { ended = true; }
      bool& ended;
    } at_end(ended);
    co_await context.wait_draining();
    co_return Status();
  };
  feed().watch = [&](ServerContext& context, std::string, Writer<std::string>) {
    return Reply<void>(wait(context, done));
  };
  auto peer = connect_streams();
  say(*peer, peer->open(1, FeedService::kWatch));
  EXPECT_FALSE(done);
  say(*peer, peer->cancel(1));
  EXPECT_TRUE(done);
}

// --- Interceptors ---

class CountingInterceptor final : public Interceptor {
 public:
  Status refuse_with;
  int starts = 0;
  std::vector<Code> finishes;

  Status on_start(InterceptedCall&) override {
    ++starts;
    return refuse_with;
  }
  void on_finish(InterceptedCall&, const Status& outcome) noexcept override {
    finishes.push_back(outcome.code());
  }
};

TEST_F(StreamEnd, IsToldToAnInterceptorOnce) {
  auto seen = std::make_shared<CountingInterceptor>();
  options().interceptors = {seen};
  feed().pause = [](ServerContext&, std::string, Writer<std::string> out) -> Reply<void> {
    EXPECT_TRUE(out.try_write(std::string(5000, 'x')));
    return {};
  };
  auto peer = connect_streams(1024);
  say(*peer, peer->open(1, FeedService::kPause));  // answered, and waits for credit
  EXPECT_EQ(seen->finishes, std::vector<Code>{Code::kOk});
  say(*peer, peer->cancel(1));
  EXPECT_EQ(seen->finishes, std::vector<Code>{Code::kOk});
  say(*peer, peer->open(2, FeedService::kChat));
  say(*peer, peer->cancel(2));
  EXPECT_EQ(seen->finishes, (std::vector<Code>{Code::kOk, Code::kCancelled}));
  EXPECT_EQ(seen->starts, 2);
  seen->refuse_with = Status(Code::kPermissionDenied, "not you");
  EXPECT_EQ(say(*peer, peer->open(3, FeedService::kChat)), "error 3 permission_denied 'not you'");
  EXPECT_EQ(streams_open(), 0u);
}

}  // namespace
}  // namespace tern::test
