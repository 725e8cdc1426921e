// Calls over HTTP/1.1, as Connect's unary calls have them.
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
        Case{"connect=v2", 400}, Case{"encoding=xml&message=a", 415},
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
    EXPECT_TRUE(answer.has("Accept-Post: application/json, application/proto\r\n"));
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

}  // namespace
}  // namespace tern::test
