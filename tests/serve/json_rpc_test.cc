// JSON-RPC on a whole server: the text that a peer sends, and the text that comes back.
#include <gtest/gtest.h>

#include <chrono>
#include <cmath>
#include <string>
#include <vector>

#include "serve/gate.h"
#include "serve/server_fixture.h"

namespace tern::test {
namespace {

using namespace std::chrono_literals;

class JsonRpcSession : public ServerFixture {
 protected:
  // What comes back for `text`, sent as the first bytes of a connection.
  std::string exchange(std::string_view text) {
    peer_ = connect_silent();
    return more(text);
  }
  std::string more(std::string_view text) {
    peer_->send(text);
    settle();
    return received();
  }
  std::string received() { return peer_->end().take_received(); }
  bool closed() { return peer_->end().end_received(); }
  Peer& peer() { return *peer_; }

 private:
  std::unique_ptr<Peer> peer_;
};

TEST_F(JsonRpcSession, AnswersGosClient) {
  EXPECT_EQ(exchange(R"({"method":"Sample.Echo","params":["hello"],"id":0})"
                     "\n"),
            R"({"id":0,"result":"hello","error":null})"
            "\n");
}

TEST_F(JsonRpcSession, AnswersVersion2) {
  EXPECT_EQ(exchange(R"({"jsonrpc":"2.0","method":"Sample.Echo","params":["hello"],"id":"a"})"),
            R"({"jsonrpc":"2.0","result":"hello","id":"a"})"
            "\n");
}

TEST_F(JsonRpcSession, KnowsEveryFormOfAName) {
  for (const char* name : {"Sample.Echo", "sample.Sample.Echo", "sample.Sample/Echo"}) {
    EXPECT_EQ(exchange(std::string(R"({"method":")") + name + R"(","params":["x"],"id":1})"),
              "{\"id\":1,\"result\":\"x\",\"error\":null}\n");
  }
}

TEST_F(JsonRpcSession, SaysInGosWordsThatNothingIsThere) {
  EXPECT_EQ(exchange(R"({"method":"Nope.Echo","params":["x"],"id":1})"),
            "{\"id\":1,\"result\":null,\"error\":\"rpc: can't find service Nope.Echo\"}\n");
  EXPECT_EQ(more(R"({"method":"Sample.Nope","params":["x"],"id":2})"),
            "{\"id\":2,\"result\":null,\"error\":\"rpc: can't find method Sample.Nope\"}\n");
  EXPECT_EQ(more(R"({"method":"Sample","params":["x"],"id":3})"),
            "{\"id\":3,\"result\":null,\"error\":\"rpc: service/method request ill-formed: "
            "Sample\"}\n");
}

TEST_F(JsonRpcSession, AnswersTheEmptyRequestAsGoDoes) {
  exchange(R"({"method":"Sample.Echo","params":["x"],"id":1})");
  EXPECT_EQ(more("{}"),
            "{\"id\":null,\"result\":null,\"error\":\"rpc: service/method request ill-formed: "
            "\"}\n");
}

TEST_F(JsonRpcSession, SaysInGosWordsThatParamsAreMissing) {
  for (const char* params : {"", R"(,"params":null)"}) {
    EXPECT_EQ(exchange(std::string(R"({"method":"Sample.Echo","id":"123")") + params + "}"),
              "{\"id\":\"123\",\"result\":null,\"error\":\"jsonrpc: request body missing "
              "params\"}\n");
  }
}

TEST_F(JsonRpcSession, GivesGosClientAnObjectWhereThereIsNoResult) {
  EXPECT_EQ(exchange(R"({"method":"Sample.Touch","params":[{}],"id":1})"),
            "{\"id\":1,\"result\":{},\"error\":null}\n");
}

TEST_F(JsonRpcSession, GivesVersion2NullWhereThereIsNoResult) {
  EXPECT_EQ(exchange(R"({"jsonrpc":"2.0","method":"Sample.Touch","id":1})"),
            "{\"jsonrpc\":\"2.0\",\"result\":null,\"id\":1}\n");
}

TEST_F(JsonRpcSession, SaysWhatWentWrongInAHandler) {
  service().on_echo([](ServerContext&, std::string) -> Reply<std::string> {
    return Status(Code::kNotFound, "no \"such\" thing");
  });
  EXPECT_EQ(exchange(R"({"jsonrpc":"2.0","method":"Sample.Echo","params":["x"],"id":1})"),
            R"({"jsonrpc":"2.0","error":{"code":-32000,"message":"no \"such\" thing",)"
            R"("data":{"code":"not_found"}},"id":1})"
            "\n");
  EXPECT_EQ(more(R"({"method":"Sample.Echo","params":["x"],"id":2})"),
            R"({"id":2,"result":null,"error":"no \"such\" thing"})"
            "\n");
}

TEST_F(JsonRpcSession, RunsANotificationWithoutAnAnswer) {
  EXPECT_EQ(exchange(R"({"jsonrpc":"2.0","method":"Sample.Echo","params":["x"]})"), "");
  EXPECT_EQ(service().echoes(), 1);
  EXPECT_EQ(more(R"({"jsonrpc":"2.0","method":"Sample.Nope","params":["x"]})"), "");
  EXPECT_FALSE(closed());
}

TEST_F(JsonRpcSession, AnswersABatchWhenTheLastOfItIsAnswered) {
  Gate gate;
  service().on_echo([&gate](ServerContext&, std::string text) -> Reply<std::string> {
    if (text == "now") return text;
    return behind(gate, text);
  });
  EXPECT_EQ(exchange(R"([{"jsonrpc":"2.0","method":"Sample.Echo","params":["later"],"id":1},)"
                     R"( {"jsonrpc":"2.0","method":"Sample.Echo","params":["now"],"id":2}])"),
            "");
  EXPECT_EQ(more(R"({"jsonrpc":"2.0","method":"Sample.Echo","params":["now"],"id":3})"),
            "{\"jsonrpc\":\"2.0\",\"result\":\"now\",\"id\":3}\n");
  gate.open();
  settle();
  EXPECT_EQ(received(),
            "[{\"jsonrpc\":\"2.0\",\"result\":\"now\",\"id\":2},"
            "{\"jsonrpc\":\"2.0\",\"result\":\"later\",\"id\":1}]\n");
}

TEST_F(JsonRpcSession, WaitsInTheMiddleOfABatchWhileTooManyCallsRun) {
  options().limits.calls_in_flight = 2;
  Gate gate;
  service().on_echo([&gate](ServerContext&, std::string text) -> Reply<std::string> {
    return behind(gate, text);
  });
  EXPECT_EQ(exchange(R"({"jsonrpc":"2.0","method":"Sample.Echo","params":["a"],"id":1})"
                     R"([{"jsonrpc":"2.0","method":"Sample.Echo","params":["b"],"id":2},)"
                     R"({"jsonrpc":"2.0","method":"Sample.Echo","params":["c"],"id":3}])"),
            "");
  EXPECT_EQ(service().echoes(), 2);
  gate.open();
  settle();
  EXPECT_EQ(received(),
            "{\"jsonrpc\":\"2.0\",\"result\":\"a\",\"id\":1}\n"
            "[{\"jsonrpc\":\"2.0\",\"result\":\"b\",\"id\":2},"
            "{\"jsonrpc\":\"2.0\",\"result\":\"c\",\"id\":3}]\n");
}

TEST_F(JsonRpcSession, AnswersBothOfTwoCallsWithOneId) {
  EXPECT_EQ(exchange(R"({"method":"Sample.Echo","params":["a"],"id":1})"
                     R"({"method":"Sample.Echo","params":["b"],"id":1})"),
            "{\"id\":1,\"result\":\"a\",\"error\":null}\n"
            "{\"id\":1,\"result\":\"b\",\"error\":null}\n");
}

TEST_F(JsonRpcSession, GoesOnAfterAValueThatIsNoJson) {
  exchange(R"({"method":"Sample.Echo","params":["a"],"id":1})");
  std::string answer = more(
      "{id:1}\n"
      R"({"method":"Sample.Echo","params":["b"],"id":2})");
  EXPECT_TRUE(answer.starts_with(R"({"id":null,"result":null,"error":"request: )")) << answer;
  EXPECT_TRUE(answer.ends_with("{\"id\":2,\"result\":\"b\",\"error\":null}\n")) << answer;
}

TEST_F(JsonRpcSession, EndsWhenNobodyCanSayWhereAValueEnds) {
  std::string answer = exchange(R"({"jsonrpc":"2.0","method":"Sample.Echo","params":["a"]]})");
  EXPECT_TRUE(answer.starts_with(R"({"jsonrpc":"2.0","error":{"code":-32700,"message":")"))
      << answer;
  EXPECT_TRUE(answer.ends_with("\"id\":null}\n")) << answer;
  EXPECT_TRUE(closed());
  EXPECT_EQ(service().echoes(), 0);
}

TEST_F(JsonRpcSession, EndsAfterARequestWithoutAnEnd) {
  options().limits.message_bytes = 100;
  std::string answer =
      exchange(R"({"jsonrpc":"2.0","method":"Sample.Echo","params":[")" + std::string(5000, 'x'));
  EXPECT_NE(answer.find(R"("data":{"code":"resource_exhausted","ran":"no"})"), std::string::npos)
      << answer;
  EXPECT_TRUE(closed());
}

TEST_F(JsonRpcSession, RefusesAnArgumentOverTheLimitAndGoesOn) {
  options().limits.message_bytes = 10;
  std::string answer =
      exchange(R"({"jsonrpc":"2.0","method":"Sample.Echo","params":["123456789"],"id":1})");
  EXPECT_EQ(answer,
            R"({"jsonrpc":"2.0","error":{"code":-32000,"message":"the message is 11 bytes long; )"
            R"(the limit is 10","data":{"code":"resource_exhausted","ran":"no"}},"id":1})"
            "\n");
  EXPECT_EQ(more(R"({"jsonrpc":"2.0","method":"Sample.Echo","params":["12345678"],"id":1})"),
            "{\"jsonrpc\":\"2.0\",\"result\":\"12345678\",\"id\":1}\n");
}

TEST_F(JsonRpcSession, SaysThatAReplyHasNoFormAndGoesOn) {
  std::string answer =
      exchange(R"({"jsonrpc":"2.0","method":"Sample.Measure","params":["nan"],"id":1})");
  EXPECT_TRUE(answer.starts_with(R"({"jsonrpc":"2.0","error":{"code":-32603,)")) << answer;
  EXPECT_EQ(more(R"({"jsonrpc":"2.0","method":"Sample.Measure","params":["2"],"id":1})"),
            "{\"jsonrpc\":\"2.0\",\"result\":2,\"id\":1}\n");
}

TEST_F(JsonRpcSession, AnswersEachRequestOnceWhateverAnInterceptorAdds) {
  struct Adds final : Interceptor {
    Status on_start(InterceptedCall&) override { return {}; }
    void on_finish(InterceptedCall& call, const Status&) noexcept override {
      call.reply_metadata.add("key", "value");
    }
  };
  options().interceptors.push_back(std::make_shared<Adds>());
  EXPECT_EQ(exchange(R"({"method":"Sample.Echo","params":["a"],"id":1})"),
            "{\"id\":1,\"result\":\"a\",\"error\":null}\n");
}

TEST_F(JsonRpcSession, TakesARequestInPieces) {
  const std::string text =
      R"( [{"jsonrpc":"2.0","method":"Sample.Echo","params":["\"]}"],"id":{"a":[1]}} , 7 ])";
  const std::string whole = exchange(text);
  EXPECT_TRUE(whole.starts_with(R"([{"jsonrpc":"2.0","result":"\"]}","id":{"a":[1]}},)")) << whole;
  for (std::size_t split = 1; split < text.size(); ++split) {
    std::string first = exchange(std::string_view(text).substr(0, split));
    EXPECT_EQ(first + more(std::string_view(text).substr(split)), whole) << split;
  }
}

}  // namespace
}  // namespace tern::test
