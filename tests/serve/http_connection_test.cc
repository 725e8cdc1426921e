// A connection of HTTP/1.1: how requests come in pieces and one behind another, its limits, its
// end.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <utility>

#include "serve/gate.h"
#include "serve/http_fixture.h"

namespace tern::test {
namespace {

using namespace std::chrono_literals;

using Http = HttpFixture;

TEST_F(Http, AnswersARequestAtEverySplit) {
  std::string request = echo("hello");
  for (std::size_t at = 0; at <= request.size(); ++at) {
    auto peer = open();
    std::string received = exchange(*peer, request.substr(0, at));
    received += exchange(*peer, request.substr(at));
    EXPECT_EQ(take_answer(received).body, "\"hello\"") << at;
    EXPECT_EQ(received, "") << at;
  }
}

TEST_F(Http, AnswersAChunkedRequestAtEverySplit) {
  std::string request =
      "POST /sample.Sample/Echo HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
      "Transfer-Encoding: chunked\r\n\r\n3;x=\"y\"\r\n\"he\r\n4\r\nllo\"\r\n0\r\nTrailer: "
      "x\r\n\r\n";
  for (std::size_t at = 0; at <= request.size(); ++at) {
    auto peer = open();
    std::string received = exchange(*peer, request.substr(0, at));
    received += exchange(*peer, request.substr(at));
    EXPECT_EQ(take_answer(received).body, "\"hello\"") << at;
    EXPECT_EQ(received, "") << at;
  }
}

TEST_F(Http, AnswersRequestsByteByByte) {
  auto peer = open();
  std::string received;
  for (char c : echo("a") + echo("b")) received += exchange(*peer, {&c, 1});
  EXPECT_EQ(take_answer(received).body, "\"a\"");
  EXPECT_EQ(take_answer(received).body, "\"b\"");
}

TEST_F(Http, AnswersPipelinedRequestsInTheirOrder) {
  Gate gate;
  service().on_echo([&gate](ServerContext&, std::string text) -> Reply<std::string> {
    if (text == "slow") return behind(gate, std::move(text));
    return text;
  });
  auto peer = open();
  EXPECT_EQ(exchange(*peer, echo("slow") + echo("b") + echo("c")), "");
  EXPECT_EQ(service().echoes(), 1);
  gate.open();
  settle();
  std::string received = peer->end().take_received();
  EXPECT_EQ(take_answer(received).body, "\"slow\"");
  EXPECT_EQ(take_answer(received).body, "\"b\"");
  EXPECT_EQ(take_answer(received).body, "\"c\"");
}

TEST_F(Http, KeepsTheConnectionUntilItIsToldToClose) {
  auto peer = open();
  std::string received = exchange(*peer, echo("a"));
  EXPECT_FALSE(take_answer(received).has("Connection:"));
  EXPECT_FALSE(peer->end().end_received());
  received = exchange(*peer, echo("b", "Connection: close\r\n") + echo("c"));
  HttpAnswer answer = take_answer(received);
  EXPECT_EQ(answer.body, "\"b\"");
  EXPECT_TRUE(answer.has("Connection: close\r\n"));
  EXPECT_EQ(received, "");
  EXPECT_TRUE(peer->end().end_received());
}

TEST_F(Http, ClosesAfterARequestOfHttp10UnlessItAsksNotTo) {
  auto peer = open();
  std::string old = "GET /sample.Sample/Touch HTTP/1.0\r\n";
  std::string received = exchange(*peer, old + "Connection: keep-alive\r\n\r\n");
  EXPECT_TRUE(take_answer(received).has("Connection: keep-alive\r\n"));
  EXPECT_FALSE(peer->end().end_received());
  received = exchange(*peer, old + "\r\n");
  EXPECT_TRUE(take_answer(received).has("Connection: close\r\n"));
  EXPECT_TRUE(peer->end().end_received());
}

TEST_F(Http, AsksForTheBodyThatAClientHoldsBack) {
  auto peer = open();
  std::string request = echo("hello", "Expect: 100-continue\r\n");
  std::size_t head = request.find("\r\n\r\n") + 4;
  EXPECT_EQ(exchange(*peer, request.substr(0, head)), "HTTP/1.1 100 Continue\r\n\r\n");
  std::string received = exchange(*peer, request.substr(head));
  EXPECT_EQ(take_answer(received).body, "\"hello\"");
}

TEST_F(Http, DoesNotAskForABodyThatIsThere) {
  auto peer = open();
  std::string received = exchange(*peer, echo("hello", "Expect: 100-continue\r\n"));
  EXPECT_EQ(take_answer(received).body, "\"hello\"");
}

TEST_F(Http, AnswersInsteadOfAskingForABodyThatItDoesNotWant) {
  auto peer = open();
  std::string received = exchange(*peer,
                                  "POST /sample.Sample/Echo HTTP/1.1\r\nHost: a\r\n"
                                  "Content-Type: text/xml\r\nContent-Length: 100\r\n"
                                  "Expect: 100-continue\r\n\r\n");
  EXPECT_EQ(take_answer(received).status, 415);
  EXPECT_EQ(received, "");
  EXPECT_TRUE(peer->end().end_received());
}

TEST_F(Http, RefusesOtherExpectations) {
  EXPECT_EQ(ask(echo("a", "Expect: a-miracle\r\n")).status, 417);
}

TEST_F(Http, RefusesBodiesOverTheLimit) {
  options().limits.message_bytes = 100;
  std::string chunked =
      "POST /sample.Sample/Echo HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
      "Transfer-Encoding: chunked\r\n\r\n65\r\n";
  for (const std::string& request : {echo(std::string(99, 'x')), chunked,
                                     std::string("POST /sample.Sample/Echo HTTP/1.1\r\nHost: a\r\n"
                                                 "Content-Type: application/json\r\n"
                                                 "Content-Length: 18446744073709551615\r\n\r\n")}) {
    auto peer = open();
    std::string received = exchange(*peer, request);
    HttpAnswer answer = take_answer(received);
    EXPECT_EQ(answer.status, request.find("1844") == std::string::npos ? 413 : 400) << request;
    EXPECT_TRUE(answer.has("Connection: close\r\n"));
    EXPECT_TRUE(peer->end().end_received());
  }
  EXPECT_EQ(ask(echo(std::string(98, 'x'))).status, 200);
  EXPECT_EQ(refused("message too large"), 2u);
}

TEST_F(Http, RefusesHeadsOverTheLimits) {
  std::string many;
  for (int i = 0; i < 101; ++i) many += fmt::format("X-{}: 1\r\n", i);
  EXPECT_EQ(ask(bare("GET", "/x.Y/Z", many)).status, 431);
  EXPECT_EQ(ask(bare("GET", "/x.Y/Z", "X: " + std::string(16384, 'x') + "\r\n")).status, 431);
  EXPECT_EQ(ask(bare("GET", "/" + std::string(16384, 'x'))).status, 414);
}

TEST_F(Http, RefusesNamesOfMethodsOverTheLimit) {
  HttpAnswer answer = ask(post("/a.B/" + std::string(300, 'x'), "{}"));
  EXPECT_EQ(answer.status, 429);
  EXPECT_EQ(refused("method name too long"), 1u);
}

TEST_F(Http, ClosesAtTheFirstRequestThatIsAmbiguous) {
  auto peer = open();
  std::string received = exchange(*peer,
                                  "POST /sample.Sample/Echo HTTP/1.1\r\nHost: a\r\n"
                                  "Content-Type: application/json\r\nContent-Length: 3\r\n"
                                  "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n" +
                                      echo("hidden"));
  HttpAnswer answer = take_answer(received);
  EXPECT_EQ(answer.status, 400);
  EXPECT_TRUE(answer.has("Connection: close\r\n"));
  EXPECT_EQ(received, "");
  EXPECT_TRUE(peer->end().end_received());
  EXPECT_EQ(service().echoes(), 0);
  EXPECT_EQ(refused("malformed frame"), 1u);
}

TEST_F(Http, DoesNotSwitchToAnotherProtocolLater) {
  auto peer = open();
  std::string received = exchange(*peer, echo("a") + "CONNECT /_geerpc_ HTTP/1.0\r\n\r\n");
  EXPECT_EQ(take_answer(received).status, 200);
  EXPECT_EQ(take_answer(received).status, 400);
  EXPECT_TRUE(peer->end().end_received());
}

TEST_F(Http, EndsTheConnectionWithTheLastAnswerOfAServerThatGoesAway) {
  Gate gate;
  service().on_echo(echo_behind(gate));
  auto peer = open();
  exchange(*peer, echo("a"));
  auto other = connect();  // which hears of it
  begin_stop(30s);
  while (!other->end().unread()) settle();
  gate.open();
  settle();
  std::string received = peer->end().take_received();
  HttpAnswer answer = take_answer(received);
  EXPECT_EQ(answer.body, "\"a\"");
  EXPECT_TRUE(answer.has("Connection: close\r\n"));
  peer->end().close();
  other->end().close();
  finish_stop();
}

TEST_F(Http, EndsAHeadOrABodyThatStopsMidway) {
  options().message_timeout = 5s;
  std::string request = echo("hello");
  for (std::size_t size : {std::size_t{10}, request.find("\r\n\r\n") + 4, request.size() - 1}) {
    auto peer = open();
    exchange(*peer, request + request.substr(0, size));
    advance(5s);
    settle();
    EXPECT_TRUE(peer->end().end_received()) << size;
  }
  EXPECT_EQ(refused("message timeout"), 3u);
}

TEST_F(Http, GivesTheFirstHeadTheTimeOfAHandshake) {
  options().handshake_timeout = 2s;
  auto peer = open();
  exchange(*peer, "GET / HTTP/1.1\r\nHost: a\r\n");
  advance(1s);
  exchange(*peer, "X: y\r\n");
  EXPECT_FALSE(peer->end().end_received());
  advance(1s);
  settle();
  EXPECT_TRUE(peer->end().end_received());
  EXPECT_EQ(refused("handshake timeout"), 1u);
}

}  // namespace
}  // namespace tern::test
