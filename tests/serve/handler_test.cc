// What becomes of a call: replies, errors, and services of one connection.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <asio/post.hpp>
#include <atomic>
#include <chrono>
#include <functional>
#include <new>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "serve/gate.h"
#include "serve/handlers_fixture.h"

namespace tern::test {
namespace {

using namespace std::chrono_literals;

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
      return "the handler threw: something that is not a std::exception";
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
  options().send_exception_text = true;
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
      EXPECT_EQ(answers[0].kind, wire::FrameKind::kError);
      EXPECT_EQ(answers[0].code, Code::kInternal);
      EXPECT_EQ(answers[0].text, text_of(one)) << way;
      EXPECT_EQ(answers[0].ran, HandlerRan::kYes);
      EXPECT_EQ(call(*peer, "fine").text, "fine");
    }
  }
}

TEST_F(Handlers, KeepTheTextOfTheirExceptionsFromTheCallerButNotFromTheLog) {
  std::vector<std::string> lines;
  options().log = [&](std::string_view line) { lines.emplace_back(line); };
  service().on_echo([](ServerContext&, std::string) -> Reply<std::string> {
    throw std::runtime_error("the password is 1234");
  });
  auto peer = connect();
  EXPECT_EQ(call(*peer, "x").text, "the handler threw an exception");
  ASSERT_EQ(lines.size(), 1u);
  EXPECT_THAT(lines[0], testing::HasSubstr("threw: the password is 1234"));
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
  EXPECT_EQ(answers[0].kind, wire::FrameKind::kError);
  EXPECT_EQ(answers[0].id, 1u);
  EXPECT_EQ(answers[0].code, Code::kInternal);
  EXPECT_NE(answers[0].text.find("the reply of sample.Sample.Measure: "), std::string::npos);
  EXPECT_EQ(answers[1].kind, wire::FrameKind::kReply);
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

// A codec of a user's, as careless as can be.
class ThrowingCodec final : public Codec {
 public:
  std::string_view name() const noexcept override { return "test/throws"; }
  Status encode(const TypeOps&, const void*, Buffer& out) const override {
    out.append("x");
    return {};
  }
  Status decode(const TypeOps&, ByteView, void*, const DecodeLimits&) const override {
    throw std::runtime_error("cannot");
  }
};

TEST_F(Handlers, AreNotRunForAnArgumentWhoseCodecThrows) {
  auto codec = std::make_shared<ThrowingCodec>();
  options().codecs.add(codec);
  auto peer = connect(*codec);
  Answer answer = call(*peer, "hello");
  EXPECT_EQ(answer.code, Code::kInternal);
  EXPECT_EQ(answer.text, "the codec threw an exception");
  EXPECT_EQ(answer.ran, HandlerRan::kNo);
  EXPECT_EQ(service().echoes(), 0);
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

TEST_F(Handlers, OfASecondCallWithAnIdInFlightAreNotRun) {
  Gate gate;
  service().on_echo(echo_behind(gate));
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

// A skeleton by hand that does not look at its arguments.
class CarelessService final : public SampleService {
 public:
  void dispatch(std::size_t, ServerCall&) override { throw std::runtime_error("no"); }
  Reply<std::string> Echo(ServerContext&, std::string) override { return std::string(); }
  Reply<double> Measure(ServerContext&, std::string) override { return 0.0; }
  Reply<void> Touch(ServerContext&) override { return {}; }
};

TEST(ServicesByHand, HaveRunWhenTheyThrowWithoutTheirArgument) {
  TestLoop loop;
  Server server(loop.pool());
  ASSERT_TRUE(server.add(std::make_shared<CarelessService>()).ok());
  Peer peer;
  server.serve(loop.loop(), peer.server_end().open(loop.loop()));
  peer.send(peer.option() + peer.request(1, ""));
  loop.settle();
  Answer answer = peer.answer();
  EXPECT_EQ(answer.text, "the handler threw an exception");
  EXPECT_EQ(answer.ran, HandlerRan::kYes);
  loop.io().stop();
}

// Counts those that are alive.
class CountedService final : public SampleService {
 public:
  explicit CountedService(int& alive) : alive_(alive) { ++alive_; }
  ~CountedService() override { --alive_; }
  Reply<std::string> Echo(ServerContext& context, std::string text) override {
    ++calls_;
    if (text == "later") return echo_later(std::move(text));
    if (on_block) return blocking(context, on_block);
    return std::to_string(calls_);
  }
  Reply<double> Measure(ServerContext&, std::string) override { return 0.0; }
  Reply<void> Touch(ServerContext&) override { return {}; }

  std::function<std::string()> on_block;  // if set, runs on a worker

 private:
  static asio::awaitable<Result<std::string>> echo_later(std::string text) {
    co_await asio::post(asio::use_awaitable);
    co_return text;
  }

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

TEST(ServicesOfAConnection, ThatAnswerLaterGoWithItToo) {
  TestLoop loop;
  int alive = 0;
  Server server(loop.pool());
  ASSERT_TRUE(
      server.add_per_connection([&alive] { return std::make_unique<CountedService>(alive); }).ok());
  Peer peer;
  server.serve(loop.loop(), peer.server_end().open(loop.loop()));
  peer.send(peer.option() + peer.request(1, "later") + peer.request(2, "later"));
  loop.settle();
  EXPECT_EQ(peer.answers().size(), 2u);
  EXPECT_EQ(alive, 1);
  peer.end().close();
  loop.settle();
  EXPECT_EQ(alive, 0);
  loop.io().stop();
}

TEST(ServicesOfAConnection, OutliveItWhileAHandlerRuns) {
  TestLoop loop;
  int alive = 0;
  std::atomic<bool> running = false;
  std::atomic<bool> go = false;
  auto block = [&running, &go] {
    running = true;
    while (!go) std::this_thread::yield();
    return std::string();
  };
  Server server(loop.pool());
  auto make = [&alive, block] {
    auto service = std::make_unique<CountedService>(alive);
    service->on_block = block;
    return service;
  };
  ASSERT_TRUE(server.add_per_connection(make).ok());
  Peer peer;
  server.serve(loop.loop(), peer.server_end().open(loop.loop()));
  peer.send(peer.option() + peer.request(1, ""));
  while (!running) loop.settle();
  peer.end().reset();
  loop.settle();
  EXPECT_EQ(server.stats().connections, 0u);
  EXPECT_EQ(alive, 1);
  go = true;
  while (alive > 0) loop.settle();
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
  EXPECT_EQ(answer.text, "the service's factory threw an exception");
  EXPECT_EQ(answer.ran, HandlerRan::kNo);
  loop.io().stop();
}

}  // namespace
}  // namespace tern::test
