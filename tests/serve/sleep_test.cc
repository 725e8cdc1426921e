// Handlers that sleep, on a clock that the test turns.
#include "tern/sleep.h"

#include <gtest/gtest.h>

#include <asio/experimental/awaitable_operators.hpp>
#include <optional>
#include <string>
#include <system_error>

#include "serve/handlers_fixture.h"

namespace tern::test {
namespace {

using namespace std::chrono_literals;

class Sleeps : public Handlers {
 protected:
  Sleeps() {
    service().on_echo([this](ServerContext& context, std::string text) -> Reply<std::string> {
      return echo(context, std::move(text));
    });
  }
  ~Sleeps() override { EXPECT_EQ(sleeping_, 0); }

  // The natural way to write it, which g++ 12 has to get right.
  asio::awaitable<Result<std::string>> echo(ServerContext& context, std::string text) {
    ++sleeping_;
    Result<void> slept = co_await tern::sleep(context, 10ms);
    --sleeping_;
    outcome_ = slept.status();
    if (!slept.ok()) co_return slept.take_status();
    co_return text;
  }

  // A connection with a call whose handler sleeps.
  std::unique_ptr<Peer> call_that_sleeps(const RequestOptions& options = RequestOptions()) {
    auto peer = connect();
    peer->send(peer->request(1, "hello", options));
    settle();
    EXPECT_EQ(sleeping_, 1);
    EXPECT_FALSE(outcome_.has_value());
    return peer;
  }
  void expect_cut_short() {
    EXPECT_EQ(sleeping_, 0);
    ASSERT_TRUE(outcome_.has_value());
    EXPECT_EQ(outcome_->code(), Code::kCancelled);
  }

  int sleeping_ = 0;
  std::optional<Status> outcome_;
};

TEST_F(Sleeps, EndWhenTheirTimeHasCome) {
  auto peer = call_that_sleeps();
  EXPECT_EQ(*loop().loop().next_due() - loop().loop().now(), 10ms);
  advance(9ms);
  EXPECT_EQ(sleeping_, 1);
  EXPECT_TRUE(peer->answers().empty());
  advance(1ms);
  EXPECT_EQ(peer->answer().text, "hello");
  ASSERT_TRUE(outcome_.has_value());
  EXPECT_TRUE(outcome_->ok());
}

TEST_F(Sleeps, EndWhenTheCallerCancels) {
  auto peer = call_that_sleeps();
  peer->send(peer->cancel(1));
  settle();
  expect_cut_short();
  EXPECT_TRUE(peer->answers().empty());
  EXPECT_EQ(loop().loop().timer_count(), 1u) << "the session's own";
}

TEST_F(Sleeps, EndWhenTheCallerLeaves) {
  auto peer = call_that_sleeps();
  peer->end().close();
  settle();
  expect_cut_short();
}

TEST_F(Sleeps, EndWithTheTimeOfTheCall) {
  RequestOptions options;
  options.timeout = 5ms;
  auto peer = call_that_sleeps(options);
  advance(5ms);
  expect_cut_short();
  EXPECT_EQ(peer->answer().code, Code::kDeadlineExceeded);
}

TEST_F(Sleeps, EndWithTheServer) {
  auto peer = call_that_sleeps();
  begin_stop(0s);
  while (sleeping_ > 0) settle();
  expect_cut_short();
  EXPECT_EQ(peer->answer().code, Code::kUnavailable);
  peer->end().close();
  finish_stop();
}

TEST_F(Sleeps, OfNoTimeLetTheLoopGoOn) {
  bool went_on = false;
  auto nap = [&](ServerContext& context) -> asio::awaitable<Result<std::string>> {
    loop().loop().post([&] { went_on = true; });
    Result<void> slept = co_await tern::sleep(context, 0ns);
    EXPECT_TRUE(slept.ok());
    co_return went_on ? "after it" : "at once";
  };
  service().on_echo(
      [&](ServerContext& context, std::string) -> Reply<std::string> { return nap(context); });
  auto peer = connect();
  EXPECT_EQ(call(*peer, "x").text, "after it");
}

TEST_F(Sleeps, EndWithTheirBranch) {
  auto race = [](ServerContext& context) -> asio::awaitable<Result<std::string>> {
    using namespace asio::experimental::awaitable_operators;
    auto winner = co_await (tern::sleep(context, 1h) || tern::sleep(context, 2ms));
    co_return winner.index() == 1 ? "the short one" : "the long one";
  };
  service().on_echo(
      [&](ServerContext& context, std::string) -> Reply<std::string> { return race(context); });
  auto peer = connect();
  peer->send(peer->request(1, "x"));
  settle();
  advance(2ms);
  EXPECT_EQ(peer->answer().text, "the short one");
  EXPECT_EQ(loop().loop().timer_count(), 1u) << "the session's own";
}

// As all that a cancelled coroutine awaits.
TEST_F(Sleeps, AreNotBegunByACancelledCoroutine) {
  bool thrown = false;
  auto twice = [&](ServerContext& context) -> asio::awaitable<Result<std::string>> {
    (void)co_await tern::sleep(context, 10ms);
    try {
      (void)co_await tern::sleep(context, 10ms);
    } catch (const std::system_error&) {
      thrown = true;
    }
    co_return "done";
  };
  service().on_echo(
      [&](ServerContext& context, std::string) -> Reply<std::string> { return twice(context); });
  auto peer = connect();
  peer->send(peer->request(1, "x"));
  settle();
  peer->send(peer->cancel(1));
  settle();
  EXPECT_TRUE(thrown);
}

}  // namespace
}  // namespace tern::test
