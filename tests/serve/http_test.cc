// Calls over HTTP/1.1, as Connect's unary calls have them.
#include <gtest/gtest.h>

#include <fmt/format.h>

#include <chrono>
#include <string>
#include <utility>

#include "serve/gate.h"
#include "serve/http_fixture.h"

namespace tern::test {
namespace {

using namespace std::chrono_literals;

using Http = HttpFixture;

TEST_F(Http, AnswersACall) {
  HttpAnswer answer = ask(echo("hello"));
  EXPECT_EQ(answer.head,
            "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
            "X-Content-Type-Options: nosniff\r\nContent-Length: 7\r\n\r\n");
  EXPECT_EQ(answer.body, "\"hello\"");
}

TEST_F(Http, AnswersACallByTheShortNameOfItsService) {
  EXPECT_EQ(ask(post("/Sample/Echo", "\"a\"")).body, "\"a\"");
}

TEST_F(Http, TakesAnEmptyBodyForNoArgument) {
  HttpAnswer answer = ask(post("/sample.Sample/Touch", ""));
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(ask(post("/sample.Sample/Touch", "{}")).body, answer.body);
}

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

TEST_F(Http, WritesErrorsAsConnectDoes) {
  service().on_echo([](ServerContext&, const std::string& text) -> Reply<std::string> {
    return Status(Code::kNotFound, "no \"" + text + "\"");
  });
  HttpAnswer answer = ask(echo("key"));
  EXPECT_EQ(answer.status, 404);
  EXPECT_TRUE(answer.has("Content-Type: application/json\r\n"));
  EXPECT_EQ(answer.body, R"({"code":"not_found","message":"no \"key\""})");
}

TEST_F(Http, SaysWhatIsWrongWithAnArgument) {
  HttpAnswer answer = ask(post("/sample.Sample/Echo", "5"));
  EXPECT_EQ(answer.status, 400);
  EXPECT_NE(answer.body.find("\"code\":\"invalid_argument\""), std::string::npos) << answer.body;
  EXPECT_EQ(service().echoes(), 0);
}

TEST_F(Http, AnswersUnknownMethodsWith404) {
  for (std::string_view path : {"/sample.Sample/Ecko", "/other.Sample/Echo"}) {
    HttpAnswer answer = ask(post(path, "{}"));
    EXPECT_EQ(answer.status, 404);
    EXPECT_NE(answer.body.find("\"code\":\"unimplemented\""), std::string::npos) << answer.body;
  }
  EXPECT_EQ(refused("unknown method"), 2u);
}

TEST_F(Http, AnswersOtherVerbsOnAMethodWith405) {
  for (std::string_view verb : {"PUT", "DELETE", "PATCH", "TRACE"}) {
    HttpAnswer answer = ask(bare(verb, "/sample.Sample/Echo"));
    EXPECT_EQ(answer.status, 405) << verb;
    EXPECT_TRUE(answer.has("Allow: POST\r\n"));
  }
}

TEST_F(Http, CallsMethodsThatAreIdempotentByGet) {
  HttpAnswer answer =
      ask(bare("GET", "/sample.Sample/Touch?connect=v1&encoding=json&message=%7B%7D"));
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(ask(bare("GET", "/sample.Sample/Touch?encoding=json&message=e30&base64=1")).status,
            200);
}

TEST_F(Http, DoesNotCallOtherMethodsByGet) {
  HttpAnswer answer = ask(bare("GET", "/sample.Sample/Echo?encoding=json&message=%22a%22"));
  EXPECT_EQ(answer.status, 405);
  EXPECT_TRUE(answer.has("Allow: POST\r\n"));
  EXPECT_EQ(service().echoes(), 0);
}

TEST_F(Http, RefusesAQueryThatCannotBeRead) {
  struct Case {
    std::string_view query;
    int status;
  };
  for (const Case& one :
       {Case{"message=%7", 400}, Case{"message=%zz", 400}, Case{"message=!&base64=1", 400},
        Case{"connect=v2", 400}, Case{"encoding=proto&message=a", 415},
        Case{"encoding=json&compression=gzip", 501}}) {
    HttpAnswer answer = ask(bare("GET", fmt::format("/sample.Sample/Touch?{}", one.query)));
    EXPECT_EQ(answer.status, one.status) << one.query << answer.body;
  }
}

TEST_F(Http, AnswersHeadAsGetWithoutTheBody) {
  auto peer = open();
  std::string received = exchange(*peer, bare("HEAD", "/sample.Sample/Touch") + echo("a"));
  HttpAnswer answer = take_answer(received, true);
  EXPECT_EQ(answer.status, 200);
  EXPECT_TRUE(answer.has("Content-Length: "));
  EXPECT_EQ(take_answer(received).body, "\"a\"");
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

TEST_F(Http, HoldsTheCallersTimeLimit) {
  Gate gate;
  service().on_echo([&gate](ServerContext&, std::string text) -> Reply<std::string> {
    return behind(gate, std::move(text));
  });
  auto peer = open();
  EXPECT_EQ(exchange(*peer, echo("a", "Connect-Timeout-Ms: 250\r\n")), "");
  advance(250ms);
  settle();
  std::string received = peer->end().take_received();
  HttpAnswer answer = take_answer(received);
  EXPECT_EQ(answer.status, 504);
  EXPECT_NE(answer.body.find("\"code\":\"deadline_exceeded\""), std::string::npos);
}

TEST_F(Http, RefusesATimeLimitThatIsNoNumber) {
  for (std::string_view limit : {"", "-1", "1.5", "12345678901", "1s", "0x10"}) {
    HttpAnswer answer = ask(echo("a", fmt::format("Connect-Timeout-Ms: {}\r\n", limit)));
    EXPECT_EQ(answer.status, 400) << limit;
  }
  EXPECT_EQ(service().echoes(), 0);
}

TEST_F(Http, RefusesOtherVersionsOfConnect) {
  EXPECT_EQ(ask(echo("a", "Connect-Protocol-Version: 1\r\n")).status, 200);
  EXPECT_EQ(ask(echo("a", "Connect-Protocol-Version: 2\r\n")).status, 400);
}

TEST_F(Http, SaysWhichCompressionsItKnows) {
  HttpAnswer answer = ask(echo("a", "Content-Encoding: gzip\r\n"));
  EXPECT_EQ(answer.status, 501);
  EXPECT_EQ(answer.body,
            R"({"code":"unimplemented","message":"http: compression \"gzip\" is not known; )"
            R"(this server knows identity"})");
}

TEST_F(Http, RunsNoHandlerForWhatABrowserSendsWithoutAsking) {
  for (std::string_view type :
       {"text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x",
        "text/plain;application/json", "application/json;charset=utf-7", ""}) {
    HttpAnswer answer =
        ask(fmt::format("POST /sample.Sample/Echo HTTP/1.1\r\nHost: a\r\nContent-Type: {}\r\n"
                        "Content-Length: 3\r\n\r\n\"a\"",
                        type));
    EXPECT_EQ(answer.status, 415) << type;
    EXPECT_TRUE(answer.has("Accept-Post: application/json\r\n"));
  }
  EXPECT_EQ(
      ask("POST /sample.Sample/Echo HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\n\"a\"").status,
      415);
  EXPECT_EQ(service().echoes(), 0);
}

TEST_F(Http, RunsNothingOfAnOptionInTheBodyOfAnotherRequest) {
  Peer other;
  std::string body = other.option() + other.request(1, "x");
  for (std::string_view verb : {"POST", "GET", "PUT", "DELETE", "OPTIONS", "PATCH"}) {
    ask(fmt::format("{} / HTTP/1.1\r\nHost: a\r\nContent-Length: {}\r\n\r\n{}", verb, body.size(),
                    body));
  }
  EXPECT_EQ(service().echoes(), 0);
}

TEST_F(Http, TakesJsonWithItsCharset) {
  for (std::string_view type : {"application/json", "Application/JSON; charset=utf-8",
                                "application/json;charset=\"UTF-8\""}) {
    HttpAnswer answer =
        ask(fmt::format("POST /sample.Sample/Echo HTTP/1.1\r\nHost: a\r\nContent-Type: {}\r\n"
                        "Content-Length: 3\r\n\r\n\"a\"",
                        type));
    EXPECT_EQ(answer.status, 200) << type;
  }
}

TEST_F(Http, TakesHeadersForMetadataButNotItsOwn) {
  Metadata seen;
  service().on_echo([&seen](ServerContext& context, std::string text) -> Reply<std::string> {
    seen = context.metadata();
    return text;
  });
  ask(echo("a", "X-Token: t 1 \r\nAuthorization: Bearer b\r\nConnect-Timeout-Ms: 5\r\n"));
  Metadata expected;
  expected.add("x-token", "t 1");
  expected.add("authorization", "Bearer b");
  EXPECT_EQ(seen, expected);
}

TEST_F(Http, SendsMetadataOfReplyAndErrorAsHeaders) {
  service().on_echo([](ServerContext& context, std::string text) -> Reply<std::string> {
    context.reply_metadata().add("x-trace", "7");
    if (text == "bad") return Status(Code::kAborted, "no");
    return text;
  });
  EXPECT_TRUE(ask(echo("good")).has("\r\nx-trace: 7\r\n"));
  EXPECT_TRUE(ask(echo("bad")).has("\r\nx-trace: 7\r\n"));
}

TEST_F(Http, LetsNoMetadataBreakOutOfItsHeader) {
  struct Case {
    std::string key;
    std::string value;
  };
  for (const Case& one :
       {Case{"x-a", "1\r\nSet-Cookie: x"}, Case{"x-a", "1\nb"}, Case{"x-a", std::string("\0", 1)},
        Case{"x a", "1"}, Case{"x\r\ny", "1"}, Case{"", "1"}, Case{"Content-Length", "1"},
        Case{"transfer-encoding", "chunked"}}) {
    service().on_echo([&one](ServerContext& context, std::string text) -> Reply<std::string> {
      context.reply_metadata().add(one.key, one.value);
      return text;
    });
    HttpAnswer answer = ask(echo("hello"));
    EXPECT_EQ(answer.status, 500) << one.key;
    EXPECT_FALSE(answer.has("Set-Cookie"));
    EXPECT_FALSE(answer.has("chunked"));
  }
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

TEST_F(Http, TellsOthersToConnectOnThePathsOfConnect) {
  for (std::string_view path : {"/_goRPC_", "/_geeprc_", "/_geerpc_", "/_myrpc_"}) {
    for (std::string_view verb : {"GET", "POST", "PUT"}) {
      HttpAnswer answer = ask(bare(verb, path));
      EXPECT_EQ(answer.status, 405);
      EXPECT_TRUE(answer.has("Content-Type: text/plain; charset=utf-8\r\n"));
      EXPECT_EQ(answer.body, "405 must CONNECT\n");
    }
  }
}

TEST_F(Http, DoesNotSwitchToAnotherProtocolLater) {
  auto peer = open();
  std::string received = exchange(*peer, echo("a") + "CONNECT /_geerpc_ HTTP/1.0\r\n\r\n");
  EXPECT_EQ(take_answer(received).status, 200);
  EXPECT_EQ(take_answer(received).status, 400);
  EXPECT_TRUE(peer->end().end_received());
}

TEST_F(Http, AnswersOtherPathsWith404) {
  EXPECT_EQ(ask(bare("GET", "/")).status, 404);
  EXPECT_EQ(ask(bare("GET", "/favicon.ico")).status, 404);
}

TEST_F(Http, IsSwitchedOffForCallsAlone) {
  options().protocols.http = false;
  EXPECT_EQ(ask(echo("a")).status, 404);
  EXPECT_EQ(ask(bare("GET", "/")).status, 404);
  EXPECT_EQ(service().echoes(), 0);
}

TEST_F(Http, EndsTheConnectionWithTheLastAnswerOfAServerThatGoesAway) {
  Gate gate;
  service().on_echo([&gate](ServerContext&, std::string text) { return behind(gate, text); });
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

// --- JSON-RPC ---

TEST_F(Http, AnswersJsonRpc) {
  HttpAnswer answer =
      ask(post("/rpc", R"({"jsonrpc":"2.0","method":"Sample.Echo","params":["a"],"id":1})"));
  EXPECT_EQ(answer.status, 200);
  EXPECT_TRUE(answer.has("Content-Type: application/json\r\n"));
  EXPECT_EQ(answer.body, "{\"jsonrpc\":\"2.0\",\"result\":\"a\",\"id\":1}\n");
}

TEST_F(Http, AnswersABatchOfJsonRpcWhenAllOfItIsThere) {
  Gate gate;
  service().on_echo([&gate](ServerContext&, std::string text) -> Reply<std::string> {
    if (text == "slow") return behind(gate, std::move(text));
    return text;
  });
  std::string batch = R"([{"jsonrpc":"2.0","method":"Sample.Echo","params":["slow"],"id":1},)"
                      R"({"jsonrpc":"2.0","method":"Sample.Echo","params":["b"]},)"
                      R"({"jsonrpc":"2.0","method":"Sample.None","id":"x"},7])";
  std::string chunked = fmt::format(
      "POST /rpc HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
      "Transfer-Encoding: chunked\r\n\r\n{:x}\r\n{}\r\n0\r\n\r\n",
      batch.size(), batch);
  for (const std::string& request : {post("/rpc", batch), chunked}) {
    auto peer = open();
    EXPECT_EQ(exchange(*peer, request + echo("after")), "");
    gate.open();
    settle();
    std::string received = peer->end().take_received();
    HttpAnswer answer = take_answer(received);
    EXPECT_EQ(answer.status, 200);
    EXPECT_TRUE(answer.body.starts_with("[")) << answer.body;
    EXPECT_NE(answer.body.find("\"slow\""), std::string::npos) << answer.body;
    EXPECT_NE(answer.body.find("-32601"), std::string::npos) << answer.body;
    EXPECT_NE(answer.body.find("-32600"), std::string::npos) << answer.body;
    EXPECT_EQ(take_answer(received).body, "\"after\"");
    gate = Gate();
  }
}

TEST_F(Http, AnswersNotificationsWithoutABody) {
  auto peer = open();
  std::string notification = R"({"jsonrpc":"2.0","method":"Sample.Echo","params":["a"]})";
  std::string received = exchange(
      *peer, post("/rpc", notification) + post("/rpc", "[" + notification + "]") + echo("after"));
  EXPECT_EQ(take_answer(received).status, 204);
  EXPECT_EQ(take_answer(received).status, 204);
  EXPECT_EQ(take_answer(received).body, "\"after\"");
  EXPECT_EQ(service().echoes(), 3);
}

TEST_F(Http, AnswersWhatIsNoJsonRpcAndGoesOn) {
  for (std::string_view body : {"", "{", "[", "[]", "{}{}", "[1,2", "nonsense", "{\"id\":1}"}) {
    auto peer = open();
    std::string received = exchange(*peer, post("/rpc", body) + echo("after"));
    HttpAnswer answer = take_answer(received);
    EXPECT_EQ(answer.status, 200) << body;
    EXPECT_NE(answer.body.find("\"error\""), std::string::npos) << body << answer.body;
    EXPECT_EQ(take_answer(received).body, "\"after\"") << body;
  }
}

TEST_F(Http, SwitchesJsonRpcOffByItself) {
  options().protocols.jsonrpc = false;
  EXPECT_EQ(ask(post("/rpc", "{}")).status, 404);
  EXPECT_EQ(ask(echo("a")).status, 200);
}

// --- Pages of other origins ---

TEST_F(Http, SaysNothingToPagesOfOtherOriginsAtFirst) {
  HttpAnswer asked = ask(bare("OPTIONS", "/sample.Sample/Echo",
                              "Origin: https://a.example\r\n"
                              "Access-Control-Request-Method: POST\r\n"));
  EXPECT_EQ(asked.status, 204);
  EXPECT_FALSE(asked.has("Access-Control"));
  EXPECT_FALSE(ask(echo("a", "Origin: https://a.example\r\n")).has("Access-Control"));
}

TEST_F(Http, TellsPagesOfTheOriginsThatMayCall) {
  options().cors.origins = {"https://a.example"};
  options().cors.headers = {"X-Token"};
  HttpAnswer asked = ask(bare("OPTIONS", "/sample.Sample/Echo",
                              "Origin: https://a.example\r\n"
                              "Access-Control-Request-Method: POST\r\n"
                              "Access-Control-Request-Headers: content-type\r\n"));
  EXPECT_EQ(asked.status, 204);
  EXPECT_TRUE(asked.has("Access-Control-Allow-Origin: https://a.example\r\n"));
  EXPECT_TRUE(asked.has("Access-Control-Allow-Methods: GET, POST\r\n"));
  EXPECT_TRUE(
      asked.has("Access-Control-Allow-Headers: Content-Type, Connect-Protocol-Version, "
                "Connect-Timeout-Ms, X-Token\r\n"));
  EXPECT_TRUE(asked.has("Access-Control-Max-Age: 7200\r\n"));
  EXPECT_TRUE(asked.has("Vary: Origin\r\n"));
  for (std::string_view path : {"/sample.Sample/Echo", "/sample.Sample/None"}) {
    HttpAnswer answer = ask(post(path, "\"a\"", "Origin: https://a.example\r\n"));
    EXPECT_TRUE(answer.has("Access-Control-Allow-Origin: https://a.example\r\n")) << path;
  }
}

TEST_F(Http, SaysNothingToPagesOfOriginsThatAreNotListed) {
  options().cors.origins = {"https://a.example"};
  for (std::string_view origin :
       {"https://b.example", "https://a.example.evil", "http://a.example", "null"}) {
    HttpAnswer asked =
        ask(bare("OPTIONS", "/sample.Sample/Echo",
                 fmt::format("Origin: {}\r\nAccess-Control-Request-Method: POST\r\n", origin)));
    EXPECT_FALSE(asked.has("Access-Control")) << origin;
    EXPECT_TRUE(asked.has("Vary: Origin\r\n"));
  }
}

TEST_F(Http, AllowsEveryOriginIfAsked) {
  options().cors.origins = {"*"};
  HttpAnswer answer = ask(echo("a", "Origin: https://b.example\r\n"));
  EXPECT_TRUE(answer.has("Access-Control-Allow-Origin: *\r\n"));
}

TEST_F(Http, RefusesCallsByGetFromForeignPages) {
  for (std::string_view header : {"Origin: https://b.example\r\n", "Sec-Fetch-Site: cross-site\r\n",
                                  "Sec-Fetch-Site: same-site\r\n"}) {
    EXPECT_EQ(ask(bare("GET", "/sample.Sample/Touch", header)).status, 403) << header;
  }
  EXPECT_EQ(ask(bare("GET", "/sample.Sample/Touch", "Sec-Fetch-Site: same-origin\r\n")).status,
            200);
}

}  // namespace
}  // namespace tern::test
