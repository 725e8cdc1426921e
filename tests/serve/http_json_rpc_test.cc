// JSON-RPC over HTTP: POST /rpc.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <string>
#include <utility>

#include "serve/gate.h"
#include "serve/http_fixture.h"

namespace tern::test {
namespace {

using Http = HttpFixture;

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

TEST_F(Http, TakesJsonRpcUnderItsFormerMediaTypes) {
  for (std::string_view type : {"application/json-rpc", "application/jsonrequest; charset=utf-8"}) {
    std::string body = R"({"jsonrpc":"2.0","method":"Sample.Echo","params":["a"],"id":1})";
    auto request = [&](std::string_view path) {
      return fmt::format(
          "POST {} HTTP/1.1\r\nHost: a\r\nContent-Type: {}\r\nContent-Length: {}\r\n\r\n{}", path,
          type, body.size(), body);
    };
    HttpAnswer answer = ask(request("/rpc"));
    EXPECT_EQ(answer.status, 200) << type;
    EXPECT_TRUE(answer.has("Content-Type: application/json\r\n"));
    EXPECT_EQ(answer.body, "{\"jsonrpc\":\"2.0\",\"result\":\"a\",\"id\":1}\n");
    // They are JSON-RPC's alone.
    EXPECT_EQ(ask(request("/sample.Sample/Echo")).status, 415) << type;
  }
}

TEST_F(Http, RefusesInTheWordsOfJsonRpcWhereThatIsSpoken) {
  options().limits.message_bytes = 100;
  const std::string type = "POST /rpc HTTP/1.1\r\nHost: a\r\nContent-Type: ";
  struct Case {
    std::string request;
    int status;
    std::string_view code;
    std::string_view message;
  };
  const Case cases[] = {
      {bare("GET", "/rpc"), 405, "unimplemented", "http: GET is not answered here; expected POST"},
      {bare("PUT", "/rpc"), 405, "unimplemented", "http: PUT is not answered here; expected POST"},
      {type + "text/plain\r\nContent-Length: 2\r\n\r\n{}", 415, "unimplemented",
       R"(http: Content-Type is \"text/plain\"; this server takes application/json, )"
       "application/json-rpc, application/jsonrequest"},
      {type + "application/json\r\nContent-Encoding: gzip\r\nContent-Length: 2\r\n\r\n{}", 501,
       "unimplemented", R"(http: compression \"gzip\" is not known; this server knows identity)"},
      {post("/rpc", std::string(101, ' ')), 413, "resource_exhausted",
       "http: the body is longer than the limit, 100 bytes"},
      {type + "application/json\r\nTransfer-Encoding: chunked\r\n\r\n65\r\n", 413,
       "resource_exhausted", "http: the body is longer than the limit, 100 bytes"},
  };
  for (const Case& one : cases) {
    HttpAnswer answer = ask(one.request);
    EXPECT_EQ(answer.status, one.status) << one.request;
    EXPECT_TRUE(answer.has("Content-Type: application/json\r\n"));
    EXPECT_EQ(answer.body,
              fmt::format(R"({{"jsonrpc":"2.0","error":{{"code":-32000,"message":"{}",)"
                          R"("data":{{"code":"{}","ran":"no"}}}},"id":null}})",
                          one.message, one.code))
        << one.request;
  }
}

TEST_F(Http, SaysOfAChunkThatCannotBeReadWhatItIsInTheWordsOfJsonRpc) {
  HttpAnswer answer =
      ask("POST /rpc HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
          "Transfer-Encoding: chunked\r\n\r\nzz\r\n");
  EXPECT_EQ(answer.status, 400);
  EXPECT_TRUE(answer.body.starts_with(R"({"jsonrpc":"2.0","error":{"code":-32000,)"))
      << answer.body;
}

TEST_F(Http, SwitchesJsonRpcOffByItself) {
  options().protocols.jsonrpc = false;
  EXPECT_EQ(ask(post("/rpc", "{}")).status, 404);
  EXPECT_EQ(ask(echo("a")).status, 200);
}

}  // namespace
}  // namespace tern::test
