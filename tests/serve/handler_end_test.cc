// Handlers that are late, cancelled, or gone.
#include <gtest/gtest.h>

#include <asio/experimental/awaitable_operators.hpp>
#include <asio/post.hpp>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "serve/gate.h"
#include "serve/handlers_fixture.h"

namespace tern::test {
namespace {

using namespace std::chrono_literals;

TEST_F(Handlers, HaveNoTimeLimitWithoutOne) {
  service().on_echo([](ServerContext& context, std::string) -> Reply<std::string> {
    EXPECT_EQ(context.time_left(), std::nullopt);
    return std::string();
  });
  auto peer = connect();
  EXPECT_EQ(call(*peer, "x").kind, wire::FrameKind::kReply);
}

TEST_F(Handlers, ThatWaitAreCancelledByHandleTimeout) {
  Gate gate;
  service().on_echo(echo_behind(gate));
  auto peer = connect(native_codec(), 1s);
  EXPECT_TRUE(peer->answers().empty());
  peer->send(peer->request(1, "x"));
  settle();
  advance(999ms);
  EXPECT_TRUE(peer->answers().empty());
  advance(1ms);
  Answer answer = peer->answer();
  EXPECT_EQ(answer.code, Code::kDeadlineExceeded);
  EXPECT_EQ(answer.text, "rpc server: request handle timeout: expect within 1s");
  EXPECT_EQ(gate.cancelled(), 1);
  EXPECT_EQ(late_replies(), 1u);
}

// Calls are made once and used for many requests.
TEST_F(Handlers, AreNotHeldToTheTimeOfACallBeforeThem) {
  Gate first, second;
  service().on_echo([&](ServerContext&, std::string text) {
    return behind(text == "first" ? first : second, text);
  });
  auto peer = connect();
  RequestOptions options;
  options.timeout = 1s;
  peer->send(peer->request(1, "first", options));
  settle();
  first.open();
  settle();
  EXPECT_EQ(peer->answer().text, "first");
  peer->send(peer->request(2, "second"));
  settle();
  advance(1h);
  EXPECT_TRUE(peer->answers().empty());
  second.open();
  settle();
  EXPECT_EQ(peer->answer().text, "second");
}

TEST_F(Handlers, ThatBlockKeepTheirPlaceUntilTheyReturnAfterHandleTimeout) {
  options().handle_timeout = 250ms;
  options().limits.calls_in_flight = 1;
  std::mutex mutex;
  std::condition_variable changed;
  bool go = false;
  bool running = false;
  service().on_echo([&](ServerContext& context, std::string text) -> Reply<std::string> {
    if (text == "quick") return text;
    return blocking(context, [&] {
      std::unique_lock lock(mutex);
      running = true;
      changed.wait(lock, [&go] { return go; });
      return std::string("late");
    });
  });
  auto peer = connect();
  peer->send(peer->request(1, "block"));
  settle_until([&] {
    std::lock_guard lock(mutex);
    return running;
  });
  advance(250ms);
  EXPECT_EQ(peer->answer().text, "rpc server: request handle timeout: expect within 250ms");
  peer->send(peer->request(2, "quick"));
  settle();
  EXPECT_TRUE(peer->answers().empty());  // the one place is taken
  {
    std::lock_guard lock(mutex);
    go = true;
  }
  changed.notify_all();
  std::vector<Answer> answers;
  settle_until([&] { return !(answers = peer->answers()).empty(); });
  EXPECT_EQ(answers[0].id, 2u);
  EXPECT_EQ(late_replies(), 1u);
}

TEST_F(Handlers, ThatAnswerAtOnceButTooLateAnswerWithHandleTimeout) {
  options().handle_timeout = 90s;
  service().on_echo([this](ServerContext&, std::string text) -> Reply<std::string> {
    loop().clock().advance(90s);
    return text;
  });
  auto peer = connect();
  Answer answer = call(*peer, "x");
  EXPECT_EQ(answer.code, Code::kDeadlineExceeded);
  EXPECT_EQ(answer.text, "rpc server: request handle timeout: expect within 1m30s");
  EXPECT_EQ(answer.ran, HandlerRan::kYes);
  EXPECT_EQ(late_replies(), 1u);
}

TEST_F(Handlers, AreHeldToTheShortestOfAllTimeLimits) {
  struct Case {
    std::chrono::nanoseconds server, client, call, expected;
  };
  const Case cases[] = {{5s, 3s, 4s, 3s}, {2s, 3s, 4s, 2s}, {5s, 3s, 1s, 1s},
                        {0s, 3s, 0s, 3s}, {5s, 0s, 0s, 5s}, {0s, 0s, 7s, 7s}};
  for (const Case& one : cases) {
    TestLoop loop;
    ServerOptions options;
    options.handle_timeout = one.server;
    auto service = std::make_shared<ScriptedService>();
    std::optional<std::chrono::nanoseconds> left;
    service->on_echo([&left](ServerContext& context, std::string text) -> Reply<std::string> {
      left = context.time_left();
      return text;
    });
    Server server(loop.pool(), options);
    ASSERT_TRUE(server.add(service).ok());
    Peer peer;
    server.serve(loop.loop(), peer.server_end().open(loop.loop()));
    RequestOptions request;
    request.timeout = one.call;
    peer.send(peer.option(one.client) + peer.request(1, "x", request));
    loop.settle();
    EXPECT_EQ(left, one.expected);
    loop.io().stop();
  }
}

TEST_F(Handlers, AreCancelledWhenTheCallersTimeIsOver) {
  Gate gate;
  service().on_echo(echo_behind(gate));
  auto peer = connect();
  RequestOptions options;
  options.timeout = 20ms;
  peer->send(peer->request(1, "x", options));
  settle();
  advance(20ms);
  Answer answer = peer->answer();
  EXPECT_EQ(answer.code, Code::kDeadlineExceeded);
  EXPECT_EQ(answer.text,
            "sample.Sample.Echo: the caller's deadline of 20ms passed before the reply");
  EXPECT_EQ(gate.cancelled(), 1);
}

TEST_F(Handlers, OfATimeLimitWithoutEndDoNotOverflow) {
  auto peer = connect();
  RequestOptions options;
  options.timeout = std::chrono::nanoseconds::max();
  EXPECT_EQ(call(*peer, "x", options).kind, wire::FrameKind::kReply);
}

// One handler takes so long that the deadlines of those behind it pass.
TEST_F(Handlers, AreNotStartedAfterTheirDeadline) {
  service().on_echo([this](ServerContext&, std::string text) -> Reply<std::string> {
    if (text == "slow") loop().clock().advance(2s);
    return text;
  });
  auto peer = connect();
  RequestOptions options;
  options.timeout = 1s;
  peer->send(peer->request(1, "slow") + peer->request(2, "x", options) +
             peer->request(3, "x", options) + peer->request(4, "x"));
  settle();
  std::vector<Answer> answers = peer->answers();
  ASSERT_EQ(answers.size(), 4u);
  EXPECT_EQ(answers[1].code, Code::kDeadlineExceeded);
  EXPECT_EQ(answers[1].ran, HandlerRan::kNo);
  EXPECT_EQ(answers[2].code, Code::kDeadlineExceeded);
  EXPECT_EQ(answers[3].kind, wire::FrameKind::kReply);
  EXPECT_EQ(service().echoes(), 2);
  EXPECT_EQ(refused("deadline exceeded"), 2u);
}

TEST_F(Handlers, AreNotStartedAfterADeadlineThatPassedWhileReadingWasPaused) {
  options().limits.calls_in_flight = 1;
  Gate gate;
  service().on_echo([&gate](ServerContext&, std::string text) -> Reply<std::string> {
    if (text == "wait") return behind(gate, text);
    return text;
  });
  auto peer = connect();
  RequestOptions options;
  options.timeout = 1s;
  peer->send(peer->request(1, "wait") + peer->request(2, "x", options));
  settle();
  advance(1s);
  gate.open();
  settle();
  std::vector<Answer> answers = peer->answers();
  ASSERT_EQ(answers.size(), 2u);
  EXPECT_EQ(answers[1].code, Code::kDeadlineExceeded);
  EXPECT_EQ(answers[1].ran, HandlerRan::kNo);
  EXPECT_EQ(service().echoes(), 1);
}

TEST_F(Handlers, ThatWaitForWorkersAreNotRunOnceTheirTimeIsOver) {
  options().worker_threads = 1;
  std::mutex mutex;
  std::condition_variable changed;
  bool go = false;
  std::atomic<int> ran = 0;
  service().on_echo([&](ServerContext& context, std::string) -> Reply<std::string> {
    return blocking(context, [&] {
      ++ran;
      std::unique_lock lock(mutex);
      changed.wait(lock, [&go] { return go; });
      return std::string();
    });
  });
  auto peer = connect();
  RequestOptions options;
  options.timeout = 1s;
  peer->send(peer->request(1, "x"));
  settle_until([&] { return ran == 1; });
  peer->send(peer->request(2, "x", options));
  settle();
  advance(1s);
  EXPECT_EQ(peer->answer().code, Code::kDeadlineExceeded);
  {
    std::lock_guard lock(mutex);
    go = true;
  }
  changed.notify_all();
  std::vector<Answer> answers;
  settle_until([&] { return !(answers = peer->answers()).empty(); });
  settle_until([&] { return late_replies() == 1; });
  EXPECT_EQ(ran, 1);
}

TEST_F(Handlers, AreCancelledByThePeer) {
  Gate gate;
  service().on_echo(echo_behind(gate));
  auto peer = connect();
  peer->send(peer->request(1, "x") + peer->request(2, "y"));
  settle();
  peer->send(peer->cancel(1));
  settle();
  EXPECT_EQ(gate.cancelled(), 1);
  EXPECT_TRUE(peer->answers().empty());
  gate.open();
  settle();
  EXPECT_EQ(peer->answer().id, 2u);
  MethodStats stats = server().stats().methods[SampleService::kEcho];
  EXPECT_EQ(stats.running, 0u);
  EXPECT_EQ(stats.errors, 1u);
}

TEST_F(Handlers, DoNotMindACancelForACallThatIsOverOrNeverWas) {
  auto peer = connect();
  EXPECT_EQ(call(*peer, "x").kind, wire::FrameKind::kReply);
  peer->send(peer->cancel(1) + peer->cancel(99));
  EXPECT_EQ(call(*peer, "y").text, "y");
}

TEST_F(Handlers, AreToldOfACancel) {
  int told = 0;
  Gate gate;
  service().on_echo([&](ServerContext& context, std::string text) {
    context.on_cancel([&told] { ++told; });
    return behind(gate, text);
  });
  auto peer = connect();
  peer->send(peer->request(1, "x") + peer->request(2, "y"));
  settle();
  EXPECT_EQ(told, 0);
  peer->send(peer->cancel(2));
  settle();
  EXPECT_EQ(told, 1);
  gate.open();
  settle();
  EXPECT_EQ(told, 1);
}

asio::awaitable<Result<std::string>> listen_late(ServerContext& context, Gate& gate, int& told) {
  try {
    co_await gate.wait();
  } catch (const std::system_error&) {
    context.on_cancel([&told] { ++told; });
  }
  co_return std::string();
}

TEST_F(Handlers, AreToldAtOnceOfACancelThatCameBeforeTheyListened) {
  int told = 0;
  Gate gate;
  service().on_echo(
      [&](ServerContext& context, std::string) { return listen_late(context, gate, told); });
  auto peer = connect();
  peer->send(peer->request(1, "x"));
  settle();
  peer->send(peer->cancel(1));
  settle();
  EXPECT_EQ(told, 1);
}

asio::awaitable<Result<std::string>> wait_for_cancel(ServerContext& context, int& woken) {
  co_await context.wait_cancelled();
  ++woken;
  co_return std::string(context.cancelled() ? "cancelled" : "not");
}

TEST_F(Handlers, CanAwaitACancel) {
  int woken = 0;
  service().on_echo(
      [&woken](ServerContext& context, std::string) { return wait_for_cancel(context, woken); });
  auto peer = connect();
  peer->send(peer->request(1, "x"));
  settle();
  EXPECT_EQ(woken, 0);
  peer->send(peer->cancel(1));
  settle();
  EXPECT_EQ(woken, 1);
}

TEST_F(Handlers, AreCancelledWhenTheConnectionIsLost) {
  Gate gate;
  service().on_echo(echo_behind(gate));
  auto peer = connect();
  std::string bytes;
  for (std::uint64_t id = 0; id < 100; ++id) bytes += peer->request(id, "x");
  peer->send(bytes);
  settle();
  EXPECT_EQ(server().stats().calls_running, 100u);
  peer->end().reset();
  settle();
  EXPECT_EQ(gate.cancelled(), 100);
  ServerStats stats = server().stats();
  EXPECT_EQ(stats.calls_running, 0u);
  EXPECT_EQ(stats.connections, 0u);
}

// Waits for the gate or for the end of the call, whichever comes first.
asio::awaitable<Result<std::string>> wait_for_either(ServerContext& context, Gate& gate) {
  using asio::experimental::awaitable_operators::operator||;
  auto first = co_await (gate.wait() || context.wait_cancelled());
  co_return std::string(first.index() == 0 ? "gate" : "cancelled");
}

TEST_F(Handlers, CanAwaitACancelBesideSomethingElse) {
  Gate gate;
  service().on_echo(
      [&gate](ServerContext& context, std::string) { return wait_for_either(context, gate); });
  auto peer = connect();
  peer->send(peer->request(1, "x") + peer->request(2, "y"));
  settle();
  peer->send(peer->cancel(1));
  settle();
  EXPECT_EQ(server().stats().calls_running, 1u);
  gate.open();
  settle();
  Answer answer = peer->answer();
  EXPECT_EQ(answer.id, 2u);
  EXPECT_EQ(answer.text, "gate");
}

// An operation that forgets whom it should wake.
struct Forgetful {
  template <typename Handler>
  void operator()(Handler&&) const {}
};

asio::awaitable<Result<std::string>> forgotten() {
  co_await asio::async_initiate<const asio::use_awaitable_t<>, void()>(Forgetful(),
                                                                       asio::use_awaitable);
  co_return std::string();
}

TEST_F(Handlers, ThatAreForgottenFailTheirCallAtOnce) {
  service().on_echo([](ServerContext&, std::string) -> Reply<std::string> { return forgotten(); });
  auto peer = connect();
  Answer answer = call(*peer, "x");
  EXPECT_EQ(answer.code, Code::kInternal);
  EXPECT_EQ(answer.text, "the handler gave no reply");
}

}  // namespace
}  // namespace tern::test
