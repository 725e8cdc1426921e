// Interceptors around handlers, and what the server counts.
#include <gtest/gtest.h>

#include <chrono>
#include <stdexcept>
#include <string>
#include <vector>

#include "serve/gate.h"
#include "serve/server_fixture.h"

namespace tern::test {
namespace {

using namespace std::chrono_literals;

// Writes down what it sees.
class Recorder final : public Interceptor {
 public:
  Recorder(std::string name, std::vector<std::string>& log) : name_(std::move(name)), log_(log) {}

  Status refuse_with;
  bool throws = false;
  std::string reply_key;  // added to the reply's metadata at the end

  Status on_start(InterceptedCall& call) override {
    log_.push_back(name_ + " start " + std::string(call.method.name) + " " +
                   std::string(call.metadata.get("who")));
    if (throws) throw std::runtime_error("no");
    return refuse_with;
  }
  void on_finish(InterceptedCall& call, const Status& outcome) noexcept override {
    log_.push_back(name_ + " finish " + code_name(outcome.code()));
    if (!reply_key.empty()) call.reply_metadata.add(reply_key, name_);
  }

 private:
  std::string name_;
  std::vector<std::string>& log_;
};

class Intercepted : public ServerFixture {
 protected:
  Intercepted() {
    options().interceptors = {outer_, inner_};
    service().on_echo([this](ServerContext&, std::string text) -> Reply<std::string> {
      log_.push_back("handler");
      if (text == "fail") return Status(Code::kNotFound, "no");
      return text;
    });
  }

  std::vector<std::string> log_;
  std::shared_ptr<Recorder> outer_ = std::make_shared<Recorder>("outer", log_);
  std::shared_ptr<Recorder> inner_ = std::make_shared<Recorder>("inner", log_);
};

TEST_F(Intercepted, StartInOrderAndFinishInTheOppositeOne) {
  auto peer = connect();
  RequestOptions options;
  options.metadata.add("who", "me");
  peer->send(peer->request(1, "x", options));
  settle();
  EXPECT_EQ(peer->answer().text, "x");
  std::vector<std::string> expected = {"outer start Echo me", "inner start Echo me", "handler",
                                       "inner finish ok", "outer finish ok"};
  EXPECT_EQ(log_, expected);
}

TEST_F(Intercepted, LearnOfAFailure) {
  auto peer = connect();
  peer->send(peer->request(1, "fail"));
  settle();
  EXPECT_EQ(peer->answer().code, Code::kNotFound);
  EXPECT_EQ(log_.back(), "outer finish not_found");
}

TEST_F(Intercepted, CanRefuseACallBeforeItsHandlerRuns) {
  inner_->refuse_with = Status(Code::kUnauthenticated, "who are you?");
  auto peer = connect();
  peer->send(peer->request(1, "x"));
  settle();
  Answer answer = peer->answer();
  EXPECT_EQ(answer.code, Code::kUnauthenticated);
  EXPECT_EQ(answer.text, "who are you?");
  EXPECT_EQ(answer.ran, HandlerRan::kNo);
  std::vector<std::string> expected = {"outer start Echo ", "inner start Echo ",
                                       "outer finish unauthenticated"};
  EXPECT_EQ(log_, expected);
}

TEST_F(Intercepted, ThatThrowRefuseTheCallBeforeItsHandlerRuns) {
  inner_->throws = true;
  auto peer = connect();
  peer->send(peer->request(1, "x"));
  settle();
  Answer answer = peer->answer();
  EXPECT_EQ(answer.code, Code::kInternal);
  EXPECT_EQ(answer.text, "an interceptor threw an exception");
  EXPECT_EQ(answer.ran, HandlerRan::kNo);
  std::vector<std::string> expected = {"outer start Echo ", "inner start Echo ",
                                       "outer finish internal"};
  EXPECT_EQ(log_, expected);
}

TEST_F(Intercepted, FinishBeforeThePeerLearns) {
  outer_->reply_key = "seen";
  inner_->reply_key = "seen";
  auto peer = connect();
  peer->send(peer->request(1, "x") + peer->request(2, "fail"));
  settle();
  for (const Answer& answer : peer->answers()) {
    EXPECT_EQ(answer.metadata.size(), 2u);
    EXPECT_EQ(answer.metadata.get("seen"), "inner");
  }
}

TEST_F(Intercepted, LearnThatAReplyCouldNotBeEncoded) {
  auto peer = connect(json_codec());
  peer->send(peer->request(1, "nan", RequestOptions(), SampleService::kMeasure));
  settle();
  EXPECT_EQ(peer->answer().code, Code::kInternal);
  EXPECT_EQ(log_.back(), "outer finish internal");
}

TEST_F(Intercepted, LearnOfACancelAndOfALostConnection) {
  Gate gate;
  service().on_echo(echo_behind(gate));
  auto peer = connect();
  peer->send(peer->request(1, "x") + peer->request(2, "y"));
  settle();
  peer->send(peer->cancel(1));
  settle();
  EXPECT_EQ(log_.back(), "outer finish cancelled");
  peer->end().reset();
  settle();
  EXPECT_EQ(log_.back(), "outer finish unavailable");
  EXPECT_EQ(log_.size(), 8u);
}

using Counted = ServerFixture;

TEST_F(Counted, CallsByMethodWithTheirTimes) {
  service().on_echo([this](ServerContext&, std::string text) -> Reply<std::string> {
    loop().clock().advance(text == "slow" ? 10ms : 1ms);
    if (text == "fail") return Status(Code::kAborted, "no");
    return text;
  });
  auto peer = connect();
  for (std::uint64_t id = 0; id < 98; ++id) {
    peer->send(peer->request(id, "x"));
    settle();
  }
  peer->send(peer->request(98, "slow"));
  settle();
  peer->send(peer->request(99, "fail"));
  settle();
  ServerStats stats = server().stats();
  const MethodStats& echo = stats.methods[SampleService::kEcho];
  EXPECT_EQ(echo.service, "sample.Sample");
  EXPECT_EQ(echo.method, "Echo");
  EXPECT_EQ(echo.calls, 100u);
  EXPECT_EQ(echo.errors, 1u);
  EXPECT_EQ(echo.running, 0u);
  EXPECT_EQ(echo.total, 109ms);
  EXPECT_EQ(echo.max, 10ms);
  EXPECT_NEAR(static_cast<double>(echo.p50.count()), 1e6, 1e6 / 8);
  EXPECT_NEAR(static_cast<double>(echo.p90.count()), 1e6, 1e6 / 8);
  EXPECT_EQ(stats.methods[SampleService::kTouch].calls, 0u);
  EXPECT_EQ(stats.connections, 1u);
  EXPECT_EQ(stats.connections_accepted, 1u);
}

TEST_F(Counted, CallsThatRun) {
  Gate gate;
  service().on_echo(echo_behind(gate));
  auto peer = connect();
  peer->send(peer->request(1, "x") + peer->request(2, "y"));
  settle();
  EXPECT_EQ(server().stats().calls_running, 2u);
  EXPECT_EQ(server().stats().methods[SampleService::kEcho].running, 2u);
  gate.open();
  settle();
  EXPECT_EQ(server().stats().calls_running, 0u);
}

}  // namespace
}  // namespace tern::test
