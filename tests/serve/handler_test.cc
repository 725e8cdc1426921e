// What becomes of a call: errors, time limits, cancelling, and services of one connection.
#include <gtest/gtest.h>

#include <asio/post.hpp>
#include <asio/steady_timer.hpp>
#include <chrono>
#include <condition_variable>
#include <limits>
#include <mutex>
#include <new>
#include <stdexcept>
#include <string>

#include "serve/gate.h"
#include "serve/server_fixture.h"

namespace tern::test {
namespace {

using namespace std::chrono_literals;

class Handlers : public ServerFixture {
 protected:
  // Calls Echo and runs until nothing is left to do.
  Answer call(Peer& peer, std::string_view text, const RequestOptions& options = RequestOptions()) {
    peer.send(peer.request(next_id_++, text, options));
    settle();
    return peer.answer();
  }

  // Runs until `done`, which another thread brings about.
  template <typename Done>
  void settle_until(Done done) {
    while (!done()) {
      settle();
      std::this_thread::yield();
    }
  }

  std::uint64_t late_replies() { return server().stats().late_replies; }

 private:
  std::uint64_t next_id_ = 1;
};

// What handlers throw, and how they come to throw it.
enum class Thrown { kException, kInt, kBadAlloc };

void throw_it(Thrown what) {
  switch (what) {
    case Thrown::kException:
      throw std::runtime_error("boom");
    case Thrown::kInt:
      throw 7;
    case Thrown::kBadAlloc:
      throw std::bad_alloc();
  }
}

std::string text_of(Thrown what) {
  switch (what) {
    case Thrown::kException:
      return "the handler threw: boom";
    case Thrown::kInt:
      return "the handler threw: something that is no std::exception";
    case Thrown::kBadAlloc:
      return "the handler threw: std::bad_alloc";
  }
  return "";
}

asio::awaitable<Result<std::string>> throw_later(Thrown what) {
  co_await asio::post(asio::use_awaitable);
  throw_it(what);
  co_return std::string();
}

TEST_F(Handlers, ThatThrowAnswerWithAnErrorAndTheServerLives) {
  Thrown what = Thrown::kException;
  int way = 0;
  service().on_echo([&](ServerContext& context, std::string text) -> Reply<std::string> {
    if (text == "fine") return text;
    if (way == 0) throw_it(what);
    if (way == 1) return throw_later(what);
    return blocking(context, [what]() -> std::string {
      throw_it(what);
      return "";
    });
  });
  auto peer = connect();
  for (way = 0; way < 3; ++way) {
    for (Thrown one : {Thrown::kException, Thrown::kInt, Thrown::kBadAlloc}) {
      what = one;
      peer->send(peer->request(1, "throw"));
      std::vector<Answer> answers;
      settle_until([&] { return !(answers = peer->answers()).empty(); });
      EXPECT_EQ(answers[0].kind, FrameKind::kError);
      EXPECT_EQ(answers[0].code, Code::kInternal);
      EXPECT_EQ(answers[0].text, text_of(one)) << way;
      EXPECT_EQ(answers[0].ran, HandlerRan::kYes);
      EXPECT_EQ(call(*peer, "fine").text, "fine");
    }
  }
}

TEST_F(Handlers, KeepTheTextOfTheirExceptionsIfTold) {
  options().send_exception_text = false;
  service().on_echo([](ServerContext&, std::string) -> Reply<std::string> {
    throw std::runtime_error("the password is 1234");
  });
  auto peer = connect();
  EXPECT_EQ(call(*peer, "x").text, "the handler threw an exception");
}

TEST_F(Handlers, AnswerWithAStatusAsItIs) {
  service().on_echo([](ServerContext&, std::string) -> Reply<std::string> {
    return Status(Code::kNotFound, "no such thing");
  });
  auto peer = connect();
  Answer answer = call(*peer, "x");
  EXPECT_EQ(answer.code, Code::kNotFound);
  EXPECT_EQ(answer.text, "no such thing");
}

// A handler passes on the failure of a call of its own, which had not run: but it has itself.
TEST_F(Handlers, HaveRunEvenIfWhatTheyCalledHasNot) {
  service().on_echo([](ServerContext&, std::string) -> Reply<std::string> {
    return Status(Code::kUnavailable, "the next server is away", HandlerRan::kNo);
  });
  auto peer = connect();
  EXPECT_EQ(call(*peer, "x").ran, HandlerRan::kYes);
}

TEST_F(Handlers, CannotAnswerWithSuccessAndNoValue) {
  service().on_echo([](ServerContext&, std::string) -> Reply<std::string> { return Status(); });
  auto peer = connect();
  Answer answer = call(*peer, "x");
  EXPECT_EQ(answer.code, Code::kInternal);
  EXPECT_EQ(answer.text, "the handler answered with success but without a value");
}

TEST_F(Handlers, AnswerWithAnErrorWhenTheirValueCannotBeEncoded) {
  auto peer = connect(json_codec());
  peer->send(peer->request(1, "nan", RequestOptions(), SampleService::kMeasure) +
             peer->request(2, "2.5", RequestOptions(), SampleService::kMeasure));
  settle();
  std::vector<Answer> answers = peer->answers();
  ASSERT_EQ(answers.size(), 2u);
  EXPECT_EQ(answers[0].kind, FrameKind::kError);
  EXPECT_EQ(answers[0].id, 1u);
  EXPECT_EQ(answers[0].code, Code::kInternal);
  EXPECT_NE(answers[0].text.find("the reply of sample.Sample.Measure: "), std::string::npos);
  EXPECT_EQ(answers[1].kind, FrameKind::kReply);
  EXPECT_EQ(answers[1].text, "2.5");
}

TEST_F(Handlers, AreNotRunForAnArgumentThatCannotBeRead) {
  auto peer = connect(json_codec());
  std::string request = peer->request(1, "hello");
  std::size_t quote = request.find('"');
  request[quote] = '[';
  peer->send(request + peer->request(2, "x"));
  settle();
  std::vector<Answer> answers = peer->answers();
  ASSERT_EQ(answers.size(), 2u);
  EXPECT_EQ(answers[0].code, Code::kInvalidArgument);
  EXPECT_EQ(answers[0].ran, HandlerRan::kNo);
  EXPECT_NE(answers[0].text.find("the argument of sample.Sample.Echo: "), std::string::npos);
  EXPECT_EQ(answers[1].text, "x");
  EXPECT_EQ(refused("malformed argument"), 1u);
  EXPECT_EQ(service().echoes(), 1);
}

TEST_F(Handlers, SeeTheirCall) {
  std::string seen;
  service().on_echo([&seen](ServerContext& context, std::string) -> Reply<std::string> {
    seen = std::string(context.method().name) + " " + std::string(context.peer()) + " " +
           std::string(context.metadata().get("who")) + (context.cancelled() ? " cancelled" : "");
    context.reply_metadata().add("took", "long");
    EXPECT_EQ(context.time_left(), std::chrono::nanoseconds(5s));
    return std::string("done");
  });
  auto peer = connect();
  RequestOptions options;
  options.timeout = 5s;
  options.metadata.add("who", "me");
  Answer answer = call(*peer, "x", options);
  EXPECT_EQ(seen, "Echo the test me");
  EXPECT_EQ(answer.metadata.get("took"), "long");
}

TEST_F(Handlers, SendMetadataWithAnErrorToo) {
  service().on_echo([](ServerContext& context, std::string) -> Reply<std::string> {
    context.reply_metadata().add("hint", "later");
    return Status(Code::kUnavailable, "busy");
  });
  auto peer = connect();
  EXPECT_EQ(call(*peer, "x").metadata.get("hint"), "later");
  EXPECT_TRUE(call(*peer, "x", RequestOptions()).metadata.size() == 1);
}

TEST_F(Handlers, HaveNoTimeLimitWithoutOne) {
  service().on_echo([](ServerContext& context, std::string) -> Reply<std::string> {
    EXPECT_EQ(context.time_left(), std::nullopt);
    return std::string();
  });
  auto peer = connect();
  EXPECT_EQ(call(*peer, "x").kind, FrameKind::kReply);
}

TEST_F(Handlers, ThatWaitAreCancelledByHandleTimeout) {
  Gate gate;
  service().on_echo([&gate](ServerContext&, std::string text) { return behind(gate, text); });
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
  service().on_echo([&gate](ServerContext&, std::string text) { return behind(gate, text); });
  auto peer = connect();
  RequestOptions options;
  options.timeout = 20ms;
  peer->send(peer->request(1, "x", options));
  settle();
  advance(20ms);
  Answer answer = peer->answer();
  EXPECT_EQ(answer.code, Code::kDeadlineExceeded);
  EXPECT_EQ(answer.text, "sample.Sample.Echo: the caller's 20ms were over before the reply");
  EXPECT_EQ(gate.cancelled(), 1);
}

TEST_F(Handlers, OfATimeLimitWithoutEndDoNotOverflow) {
  auto peer = connect();
  RequestOptions options;
  options.timeout = std::chrono::nanoseconds::max();
  EXPECT_EQ(call(*peer, "x", options).kind, FrameKind::kReply);
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
  EXPECT_EQ(answers[3].kind, FrameKind::kReply);
  EXPECT_EQ(service().echoes(), 2);
  EXPECT_EQ(refused("deadline passed"), 2u);
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
  service().on_echo([&gate](ServerContext&, std::string text) { return behind(gate, text); });
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
  EXPECT_EQ(call(*peer, "x").kind, FrameKind::kReply);
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
  service().on_echo([&gate](ServerContext&, std::string text) { return behind(gate, text); });
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

TEST_F(Handlers, OfASecondCallWithAnIdInFlightAreNotRun) {
  Gate gate;
  service().on_echo([&gate](ServerContext&, std::string text) { return behind(gate, text); });
  auto peer = connect();
  peer->send(peer->request(7, "first") + peer->request(7, "second"));
  settle();
  Answer refusal = peer->answer();
  EXPECT_EQ(refusal.code, Code::kInvalidArgument);
  EXPECT_EQ(refusal.text, "request 7: a call with this id still runs");
  gate.open();
  settle();
  EXPECT_EQ(peer->answer().text, "first");
  EXPECT_EQ(service().echoes(), 1);
  EXPECT_EQ(refused("id in use"), 1u);
}

TEST_F(Handlers, ShareTheValuesOfTheirConnection) {
  struct Count {
    int value = 0;
  };
  service().on_echo([](ServerContext& context, std::string) -> Reply<std::string> {
    return std::to_string(++context.connection().get<Count>().value);
  });
  auto one = connect();
  auto two = connect();
  EXPECT_EQ(call(*one, "").text, "1");
  EXPECT_EQ(call(*one, "").text, "2");
  EXPECT_EQ(call(*two, "").text, "1");
}

// Counts those that are alive.
class CountedService final : public SampleService {
 public:
  explicit CountedService(int& alive) : alive_(alive) { ++alive_; }
  ~CountedService() override { --alive_; }
  Reply<std::string> Echo(ServerContext&, std::string) override { return std::to_string(++calls_); }
  Reply<double> Measure(ServerContext&, std::string) override { return 0.0; }
  Reply<void> Touch(ServerContext&) override { return {}; }

 private:
  int& alive_;
  int calls_ = 0;
};

TEST(ServicesOfAConnection, AreMadeForItsFirstCallAndGoWithIt) {
  TestLoop loop;
  int alive = 0;
  Server server(loop.pool());
  ASSERT_TRUE(
      server.add_per_connection([&alive] { return std::make_unique<CountedService>(alive); }).ok());
  Peer one, two;
  for (Peer* peer : {&one, &two}) {
    server.serve(loop.loop(), peer->server_end().open(loop.loop()));
    peer->send(peer->option());
  }
  loop.settle();
  EXPECT_EQ(alive, 0);
  one.send(one.request(1, "") + one.request(2, ""));
  two.send(two.request(1, ""));
  loop.settle();
  EXPECT_EQ(alive, 2);
  EXPECT_EQ(one.answers().back().text, "2");
  EXPECT_EQ(two.answers().back().text, "1");
  one.end().close();
  loop.settle();
  EXPECT_EQ(alive, 1);
  loop.io().stop();
}

TEST(ServicesOfAConnection, ThatCannotBeMadeFailTheCall) {
  TestLoop loop;
  int made = 0;
  Server server(loop.pool());
  int alive = 0;
  ASSERT_TRUE(server
                  .add_per_connection([&]() -> std::unique_ptr<Service> {
                    if (made++ == 0) return std::make_unique<CountedService>(alive);
                    return nullptr;
                  })
                  .ok());
  Peer peer;
  server.serve(loop.loop(), peer.server_end().open(loop.loop()));
  peer.send(peer.option() + peer.request(1, ""));
  loop.settle();
  Answer answer = peer.answer();
  EXPECT_EQ(answer.code, Code::kInternal);
  EXPECT_EQ(answer.text, "the handler threw: the factory made no service for this connection");
  loop.io().stop();
}

}  // namespace
}  // namespace tern::test
