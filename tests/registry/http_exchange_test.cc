#include "registry/http_exchange.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <vector>

#include "net/dial.h"
#include "support/fake_dialer.h"
#include "support/memory_stream.h"
#include "support/test_loop.h"

namespace tern {
namespace {

using std::chrono::seconds;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Pair;

class HttpExchangeTest : public testing::Test {
 protected:
  HttpExchangeTest() {
    request_.endpoint = *parse_endpoint("tcp@registry:80");
    request_.host = "registry:80";
  }
  ~HttpExchangeTest() override {
    exchange_.reset();
    test_.settle();
  }

  void start() {
    outcome_.reset();
    exchange_ = registry::HttpExchange::start(test_.loop(), dialer_, request_, limits_,
                                              [this](auto result) { take(std::move(result)); });
    test_.settle();
  }
  void start_streaming() {
    exchange_ = registry::HttpExchange::start(
        test_.loop(), dialer_, request_, limits_,
        [this](const registry::HttpExchangeResponse& head, std::string_view part) {
          EXPECT_EQ(head.status, 200);
          parts_.emplace_back(part);
          if (give_up_at_ == parts_.size()) exchange_.reset();
        },
        [this](auto result) { take(std::move(result)); });
    test_.settle();
  }
  void take(Result<registry::HttpExchangeResponse> result) {
    EXPECT_FALSE(outcome_) << "done was called twice";
    outcome_ = std::move(result);
  }

  test::MemoryEnd& server() { return dialer_.server(dialer_.streams() - 1); }
  void server_sends(std::string_view text) {
    server().send(text);
    test_.settle();
  }
  void server_ends() {
    server().shutdown_write();
    test_.settle();
  }
  // The outcome of one exchange, of which the server says `text` and then nothing more.
  Result<registry::HttpExchangeResponse> response_to(std::string_view text) {
    start();
    server_sends(text);
    server_ends();
    if (!outcome_) return Status(Code::kUnknown, "still waiting");
    return *outcome_;
  }
  std::string failure_of(std::string_view text) {
    Result<registry::HttpExchangeResponse> result = response_to(text);
    return result.ok() ? "status " + std::to_string(result->status) : result.status().to_string();
  }

  test::TestLoop test_;
  test::FakeDialer dialer_;
  registry::HttpExchangeRequest request_;
  registry::HttpExchangeLimits limits_;
  std::unique_ptr<registry::HttpExchange> exchange_;
  std::optional<Result<registry::HttpExchangeResponse>> outcome_;
  std::vector<std::string> parts_;
  std::size_t give_up_at_ = 0;
};

TEST_F(HttpExchangeTest, SendsTheRequestAndNothingMore) {
  request_.method = "POST";
  request_.target = "/v3/kv/put";
  request_.headers = {{"Authorization", "token"}};
  request_.body = "{}";
  start();
  EXPECT_EQ(server().take_received(),
            "POST /v3/kv/put HTTP/1.1\r\nHost: registry:80\r\nConnection: close\r\n"
            "Authorization: token\r\nContent-Length: 2\r\n\r\n{}");
}

TEST_F(HttpExchangeTest, SaysThatAPostHasNoBody) {
  request_.method = "POST";
  start();
  EXPECT_THAT(server().take_received(), HasSubstr("Content-Length: 0\r\n"));
}

TEST_F(HttpExchangeTest, GivesStatusHeadersAndBody) {
  auto response = response_to(
      "HTTP/1.1 404 Not Found\r\nX-Reason:  none \r\nContent-Length: 5\r\n"
      "\r\nhello");
  ASSERT_TRUE(response.ok()) << response.status().to_string();
  EXPECT_EQ(response->status, 404);
  EXPECT_THAT(response->headers,
              ElementsAre(Pair("x-reason", "none"), Pair("content-length", "5")));
  EXPECT_EQ(response->header("x-reason"), "none");
  EXPECT_EQ(response->header("x-other"), "");
  EXPECT_EQ(response->body, "hello");
}

TEST_F(HttpExchangeTest, DoesNotWaitForTheEndOfAConnectionThatIsKept) {
  start();
  server_sends("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
  ASSERT_TRUE(outcome_ && outcome_->ok());
  EXPECT_TRUE(dialer_.client(0).closed());
}

TEST_F(HttpExchangeTest, JoinsChunks) {
  auto response = response_to(
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
      "3\r\nabc\r\n4;x=y\r\ndefg\r\n0\r\nTrailer: t\r\n\r\n");
  ASSERT_TRUE(response.ok()) << response.status().to_string();
  EXPECT_EQ(response->body, "abcdefg");
}

TEST_F(HttpExchangeTest, ReadsToTheEndWhereNoLengthIsGiven) {
  for (std::string_view version : {"HTTP/1.0", "HTTP/1.1"}) {
    auto response = response_to(std::string(version) + " 200 OK\r\n\r\nall of this");
    ASSERT_TRUE(response.ok()) << response.status().to_string();
    EXPECT_EQ(response->body, "all of this");
  }
}

TEST_F(HttpExchangeTest, ExpectsNoBodyWhereNoneCanBe) {
  start();
  server_sends("HTTP/1.1 204 No Content\r\n\r\n");
  EXPECT_TRUE(outcome_ && outcome_->ok());
  request_.method = "HEAD";
  start();
  server_sends("HTTP/1.1 200 OK\r\nContent-Length: 70\r\n\r\n");
  EXPECT_TRUE(outcome_ && outcome_->ok());
}

TEST_F(HttpExchangeTest, PassesOverInterimResponses) {
  auto response = response_to(
      "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nA: b\r\n\r\n"
      "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n!");
  ASSERT_TRUE(response.ok()) << response.status().to_string();
  EXPECT_EQ(response->body, "!");
  EXPECT_EQ(response->headers.size(), 1u);
}

constexpr std::string_view kPlain =
    "HTTP/1.1 200 OK\r\nContent-Length: 12\r\nA: b\r\n\r\nhello, world";
constexpr std::string_view kChunked =
    "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
    "7\r\nhello, \r\n5\r\nworld\r\n0\r\n\r\n";

TEST_F(HttpExchangeTest, ReadsTheSameHoweverItIsSplit) {
  for (std::string_view text : {kPlain, kChunked}) {
    for (std::size_t at = 0; at <= text.size(); ++at) {
      start();
      server_sends(text.substr(0, at));
      server_sends(text.substr(at));
      ASSERT_TRUE(outcome_) << at;
      ASSERT_TRUE(outcome_->ok()) << at << outcome_->status().to_string();
      EXPECT_EQ((*outcome_)->body, "hello, world") << at;
    }
    start();
    for (char c : text) server_sends({&c, 1});
    ASSERT_TRUE(outcome_ && outcome_->ok());
    EXPECT_EQ((*outcome_)->body, "hello, world");
  }
}

TEST_F(HttpExchangeTest, FailsHoweverItIsCutShort) {
  for (std::string_view text : {kPlain, kChunked}) {
    for (std::size_t size = 0; size < text.size(); ++size) {
      auto response = response_to(text.substr(0, size));
      EXPECT_EQ(response.status().code(), Code::kUnavailable) << text.substr(0, size);
      EXPECT_EQ(response.status().handler_ran(), HandlerRan::kUnknown);
    }
  }
  EXPECT_THAT(failure_of(kPlain.substr(0, kPlain.size() - 2)), HasSubstr("after 10 of 12 bytes"));
}

TEST_F(HttpExchangeTest, FailsWhenTheConnectionBreaks) {
  start();
  server_sends(kPlain.substr(0, kPlain.size() - 2));
  server().reset();
  test_.settle();
  ASSERT_TRUE(outcome_);
  EXPECT_THAT(outcome_->status().to_string(), HasSubstr("after 10 of 12 bytes"));
  EXPECT_THAT(outcome_->status().to_string(), HasSubstr("reset"));
}

TEST_F(HttpExchangeTest, FailsWhenTheConnectionBreaksWithinABodyOfNoLength) {
  start();
  server_sends("HTTP/1.1 200 OK\r\n\r\nsome of it");
  server().reset();
  test_.settle();
  ASSERT_TRUE(outcome_);
  EXPECT_THAT(outcome_->status().to_string(), HasSubstr("within its body, which says no length"));
}

TEST_F(HttpExchangeTest, RefusesWhatIsNotHttp) {
  EXPECT_THAT(failure_of("SSH-2.0-OpenSSH_9.2\r\n"), HasSubstr("version"));
  EXPECT_THAT(failure_of("HTTP/1.1 200 OK\n\n"), HasSubstr("CR"));
  EXPECT_THAT(failure_of("HTTP/1.1 101 Switching Protocols\r\n\r\n"), HasSubstr("switches"));
  EXPECT_THAT(failure_of("HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nxx"),
              HasSubstr("content-length"));
  EXPECT_THAT(failure_of("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n"),
              HasSubstr("chunk"));
}

TEST_F(HttpExchangeTest, BelievesNoLengthOverTheLimit) {
  limits_.body_bytes = 4;
  EXPECT_EQ(failure_of("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nabcd"), "status 200");
  EXPECT_EQ(failure_of("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
                       "2\r\nab\r\n2\r\ncd\r\n0\r\n\r\n"),
            "status 200");
  EXPECT_EQ(failure_of("HTTP/1.0 200 OK\r\n\r\nabcd"), "status 200");

  EXPECT_THAT(failure_of("HTTP/1.1 200 OK\r\nContent-Length: 99999999999999\r\n\r\n"),
              HasSubstr("over 4 bytes"));
  EXPECT_THAT(
      failure_of("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\n"),
      HasSubstr("over 4 bytes"));
  EXPECT_THAT(failure_of("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
                         "3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n"),
              HasSubstr("over 4 bytes"));
  EXPECT_THAT(failure_of("HTTP/1.0 200 OK\r\n\r\nabcde"), HasSubstr("over 4 bytes"));
}

TEST_F(HttpExchangeTest, BelievesNoHeadOverTheLimit) {
  limits_.head_bytes = 100;
  std::string long_head = "HTTP/1.1 200 OK\r\nA: " + std::string(100, 'a') + "\r\n\r\n";
  auto response = response_to(long_head);
  EXPECT_EQ(response.status().code(), Code::kResourceExhausted);
  limits_.head_bytes = 16 * 1024;
  response = response_to("HTTP/1.1 200 OK\r\nA: " + std::string(20'000, 'a'));
  EXPECT_EQ(response.status().code(), Code::kResourceExhausted);
}

TEST_F(HttpExchangeTest, EndsWhenItsTimeIsUp) {
  limits_.whole = seconds(3);
  start();
  test_.advance(seconds(2));
  server_sends("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n.");
  test_.advance(seconds(1) - std::chrono::nanoseconds(1));
  EXPECT_FALSE(outcome_);
  test_.advance(std::chrono::nanoseconds(1));
  ASSERT_TRUE(outcome_);
  EXPECT_EQ(outcome_->status().code(), Code::kDeadlineExceeded);
  EXPECT_THAT(outcome_->status().to_string(), HasSubstr("tcp@registry:80: not complete within 3s"));
  EXPECT_TRUE(dialer_.client(0).closed());
}

TEST_F(HttpExchangeTest, EndsWhenTheServerIsSilent) {
  limits_.whole = seconds(0);
  limits_.silence = seconds(3);
  start();
  server_sends("HTTP/1.1 200 OK\r\nContent-Length: 200\r\n\r\n");
  for (int i = 0; i < 50; ++i) {
    test_.advance(seconds(2));
    server_sends(".");
  }
  EXPECT_FALSE(outcome_);
  test_.advance(seconds(3));
  ASSERT_TRUE(outcome_);
  EXPECT_THAT(outcome_->status().to_string(), HasSubstr("nothing received within 3s"));
}

TEST_F(HttpExchangeTest, CountsTheTimeToConnect) {
  limits_.whole = seconds(3);
  dialer_.hang_next();
  start();
  test_.advance(seconds(3));
  ASSERT_TRUE(outcome_);
  EXPECT_EQ(outcome_->status().code(), Code::kDeadlineExceeded);
  EXPECT_EQ(outcome_->status().handler_ran(), HandlerRan::kNo);
  EXPECT_EQ(dialer_.given_up(), 1u);
}

TEST_F(HttpExchangeTest, PassesOnWhyThereIsNoConnection) {
  dialer_.fail_next(Status(Code::kUnavailable, "nobody there", HandlerRan::kNo));
  start();
  ASSERT_TRUE(outcome_);
  EXPECT_EQ(outcome_->status().message(), "nobody there");
  EXPECT_EQ(outcome_->status().handler_ran(), HandlerRan::kNo);
}

TEST_F(HttpExchangeTest, HandsOnABodyPieceByPiece) {
  limits_.body_bytes = 4;
  start_streaming();
  server_sends("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\none\r\n");
  server_sends("5\r\nth");
  server_sends("ree\r\n");
  EXPECT_THAT(parts_, ElementsAre("one", "th", "ree"));
  EXPECT_FALSE(outcome_);
  server_sends("0\r\n\r\n");
  ASSERT_TRUE(outcome_ && outcome_->ok());
  EXPECT_EQ((*outcome_)->body, "");
}

TEST_F(HttpExchangeTest, CollectsTheBodyOfARefusalInsteadOfHandingItOn) {
  start_streaming();
  server_sends("HTTP/1.1 401 Unauthorized\r\nContent-Length: 2\r\n\r\nno");
  ASSERT_TRUE(outcome_ && outcome_->ok());
  EXPECT_EQ((*outcome_)->body, "no");
  EXPECT_THAT(parts_, IsEmpty());
}

TEST_F(HttpExchangeTest, CallsNothingOnceItIsDestroyed) {
  start();
  server_sends("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n.");
  exchange_.reset();
  server_sends(".");
  EXPECT_FALSE(outcome_);
  EXPECT_TRUE(dialer_.client(0).closed());

  dialer_.hang_next();
  start();
  exchange_.reset();
  test_.settle();
  EXPECT_FALSE(outcome_);
  EXPECT_EQ(dialer_.given_up(), 1u);
  EXPECT_EQ(test_.loop().timer_count(), 0u);
}

TEST_F(HttpExchangeTest, CanBeDestroyedByAPieceOfTheBody) {
  give_up_at_ = 2;
  start_streaming();
  server_sends("HTTP/1.1 200 OK\r\n\r\none");
  server_sends("two");
  server_sends("three");
  EXPECT_THAT(parts_, ElementsAre("one", "two"));
  EXPECT_FALSE(outcome_);
}

TEST_F(HttpExchangeTest, RefusesToSendWhatCouldBeReadAsSomethingElse) {
  auto refusal = [this](auto change) {
    registry::HttpExchangeRequest good = request_;
    change(request_);
    start();
    request_ = good;
    return outcome_ ? outcome_->status().to_string() : "nothing";
  };
  EXPECT_THAT(refusal([](auto& r) { r.headers = {{"A", "b\r\nC: d"}}; }), HasSubstr("\"A\""));
  EXPECT_THAT(refusal([](auto& r) { r.headers = {{"A:", "b"}}; }), HasSubstr("\"A:\""));
  EXPECT_THAT(refusal([](auto& r) {
                r.headers = {{"content-length", "7"}};
              }),
              HasSubstr("content-length"));
  EXPECT_THAT(refusal([](auto& r) { r.target = "/a b"; }), HasSubstr("target"));
  EXPECT_THAT(refusal([](auto& r) { r.target = "a"; }), HasSubstr("target"));
  EXPECT_THAT(refusal([](auto& r) { r.host = "a\r\nb"; }), HasSubstr("host"));
  EXPECT_THAT(refusal([](auto& r) { r.host = ""; }), HasSubstr("host"));
  EXPECT_THAT(refusal([](auto& r) { r.method = "GET /"; }), HasSubstr("method"));
  EXPECT_EQ(dialer_.attempts(), 0u);
}

TEST(HttpExchanges, SayWhoRefusedTheConnection) {
  asio::io_context io;
  IoPool pool(io);
  net::SocketDialer dialer;
  registry::HttpExchangeRequest request;
  request.endpoint = *parse_endpoint("tcp@127.0.0.1:1");  // nobody listens there
  request.host = "127.0.0.1:1";
  std::optional<Result<registry::HttpExchangeResponse>> outcome;
  auto exchange =
      registry::HttpExchange::start(pool.loop(0), dialer, request, registry::HttpExchangeLimits(),
                                    [&](auto result) { outcome = std::move(result); });
  while (!outcome) io.run_one();
  EXPECT_EQ(outcome->status().code(), Code::kUnavailable);
  EXPECT_THAT(outcome->status().to_string(), HasSubstr("127.0.0.1:1"));
}

}  // namespace
}  // namespace tern
