// Requests and batches in every shape, and their answers. The section of examples is that of
// https://www.jsonrpc.org/specification, with arguments as our methods have them: one.
#include "wire/json_rpc/server.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>
#include <string>

#include "wire/json_rpc/json_rpc_responder.h"

namespace tern::test {
namespace {

using testing::HasSubstr;
using testing::MatchesRegex;
using testing::StartsWith;

using Input = wire::json_rpc::ServerProtocol::Input;

// The error's text is left out: "#".
std::string with_text_hidden(std::string answer) {
  constexpr std::string_view kMessage = "\"message\":\"";
  for (std::size_t at = answer.find(kMessage); at != std::string::npos;
       at = answer.find(kMessage, at + 1)) {
    std::size_t begin = at + kMessage.size();
    std::size_t end = begin;
    while (answer[end] != '"') end += answer[end] == '\\' ? 2u : 1u;
    EXPECT_GT(end, begin);
    answer.replace(begin, end - begin, "#");
  }
  return answer;
}

struct Example {
  const char* name;
  std::string request;
  std::string answer;
};

class JsonRpcExample : public testing::TestWithParam<Example> {};

TEST_P(JsonRpcExample, IsAnsweredAsAMessage) {
  JsonRpcResponder responder(Input::kMessage);
  EXPECT_EQ(with_text_hidden(responder.exchange(GetParam().request)), GetParam().answer);
  EXPECT_TRUE(responder.frames().answered());
}

TEST_P(JsonRpcExample, IsAnsweredOnAConnectionAtEverySplit) {
  const std::string& request = GetParam().request;
  for (std::size_t piece = 1; piece <= request.size(); ++piece) {
    JsonRpcResponder responder(Input::kStream);
    EXPECT_EQ(with_text_hidden(responder.exchange(request, piece)), GetParam().answer) << piece;
  }
}

constexpr const char* kInvalid =
    R"({"jsonrpc":"2.0","error":{"code":-32600,"message":"#"},"id":null})";

INSTANTIATE_TEST_SUITE_P(
    OfTheSpecification, JsonRpcExample,
    testing::Values(
        Example{"PositionalParameters",
                R"({"jsonrpc": "2.0", "method": "subtract", "params": ["x"], "id": 1})",
                "{\"jsonrpc\":\"2.0\",\"result\":\"x\",\"id\":1}\n"},
        Example{"TwoPositionalParameters",
                R"({"jsonrpc": "2.0", "method": "subtract", "params": [42, 23], "id": 2})",
                "{\"jsonrpc\":\"2.0\",\"error\":{\"code\":-32602,\"message\":\"#\",\"data\":{"
                "\"code\":\"invalid_argument\",\"ran\":\"no\"}},\"id\":2}\n"},
        Example{"NamedParameters",
                R"({"jsonrpc": "2.0", "method": "subtract", "params": {"minuend": 42}, "id": 3})",
                "{\"jsonrpc\":\"2.0\",\"error\":{\"code\":-32602,\"message\":\"#\",\"data\":{"
                "\"code\":\"invalid_argument\",\"ran\":\"no\"}},\"id\":3}\n"},
        Example{"Notification", R"({"jsonrpc": "2.0", "method": "subtract", "params": ["x"]})", ""},
        Example{"NotificationOfNothing", R"({"jsonrpc": "2.0", "method": "foobar"})", ""},
        Example{
            "UnknownMethod", R"({"jsonrpc": "2.0", "method": "foobar", "id": "1"})",
            "{\"jsonrpc\":\"2.0\",\"error\":{\"code\":-32601,\"message\":\"#\"},\"id\":\"1\"}\n"},
        Example{
            "InvalidJson", R"({"jsonrpc": "2.0", "method": "foobar, "params": "bar", "baz])",
            "{\"jsonrpc\":\"2.0\",\"error\":{\"code\":-32700,\"message\":\"#\"},\"id\":null}\n"},
        Example{"InvalidRequest", R"({"jsonrpc": "2.0", "method": 1, "params": "bar"})",
                std::string(kInvalid) + "\n"},
        Example{
            "InvalidJsonInABatch",
            R"([{"jsonrpc": "2.0", "method": "sum", "params": ["x"], "id": "1"},)"
            R"( {"jsonrpc": "2.0", "method"}])",
            "{\"jsonrpc\":\"2.0\",\"error\":{\"code\":-32700,\"message\":\"#\"},\"id\":null}\n"},
        Example{"EmptyBatch", "[]", std::string(kInvalid) + "\n"},
        Example{"BatchOfOneThatIsNoRequest", "[1]", "[" + std::string(kInvalid) + "]\n"},
        Example{"BatchOfThreeThatAreNoRequests", "[1,2,3]",
                "[" + std::string(kInvalid) + "," + kInvalid + "," + kInvalid + "]\n"},
        Example{"Batch",
                R"([{"jsonrpc": "2.0", "method": "sum", "params": ["1"], "id": "1"},)"
                R"({"jsonrpc": "2.0", "method": "notify_hello", "params": [7]},)"
                R"({"jsonrpc": "2.0", "method": "subtract", "params": ["2"], "id": "2"},)"
                R"({"foo": "boo"},)"
                R"({"jsonrpc": "2.0", "method": "foo.get", "params": {"name": "my"}, "id": "5"},)"
                R"({"jsonrpc": "2.0", "method": "get_data", "params": ["3"], "id": "9"}])",
                R"([{"jsonrpc":"2.0","result":"1","id":"1"},)"
                R"({"jsonrpc":"2.0","result":"2","id":"2"},)" +
                    std::string(kInvalid) +
                    R"(,{"jsonrpc":"2.0","error":{"code":-32601,"message":"#"},"id":"5"},)"
                    R"({"jsonrpc":"2.0","result":"3","id":"9"}])"
                    "\n"},
        Example{"BatchOfNotifications",
                R"([{"jsonrpc": "2.0", "method": "sum", "params": ["1"]},)"
                R"({"jsonrpc": "2.0", "method": "notify_hello", "params": [7]}])",
                ""}),
    [](const auto& test) { return test.param.name; });

INSTANTIATE_TEST_SUITE_P(
    OfOurOwn, JsonRpcExample,
    testing::Values(
        Example{"IdsOfEveryKind",
                R"([{"jsonrpc":"2.0","method":"sum","params":["x"],"id":null},)"
                R"({"jsonrpc":"2.0","method":"sum","params":["x"],"id":1.50},)"
                R"({"jsonrpc":"2.0","method":"sum","params":["x"],"id":"\u0041"},)"
                R"({"jsonrpc":"2.0","method":"sum","params":["x"],"id":{"a": [true]}}])",
                R"([{"jsonrpc":"2.0","result":"x","id":null},)"
                R"({"jsonrpc":"2.0","result":"x","id":1.50},)"
                R"({"jsonrpc":"2.0","result":"x","id":"\u0041"},)"
                R"({"jsonrpc":"2.0","result":"x","id":{"a": [true]}}])"
                "\n"},
        Example{"AnotherVersion", R"({"jsonrpc":"2.1","method":"sum","params":["x"],"id":1})",
                "{\"jsonrpc\":\"2.0\",\"error\":{\"code\":-32600,\"message\":\"#\"},\"id\":1}\n"},
        Example{"VersionThatIsNoString", R"({"jsonrpc":2.0,"method":"sum","params":["x"],"id":1})",
                "{\"jsonrpc\":\"2.0\",\"error\":{\"code\":-32600,\"message\":\"#\"},\"id\":1}\n"},
        Example{"MemberTwice", R"({"jsonrpc":"2.0","method":"sum","Method":"x","id":1})",
                "{\"jsonrpc\":\"2.0\",\"error\":{\"code\":-32600,\"message\":\"#\"},\"id\":1}\n"},
        Example{"NoMethod", R"({"jsonrpc":"2.0","id":1})",
                "{\"jsonrpc\":\"2.0\",\"error\":{\"code\":-32600,\"message\":\"#\"},\"id\":1}\n"},
        Example{"NullParams", R"({"jsonrpc":"2.0","method":"sum","params":null,"id":1})",
                "{\"jsonrpc\":\"2.0\",\"error\":{\"code\":-32602,\"message\":\"#\",\"data\":{"
                "\"code\":\"invalid_argument\",\"ran\":\"no\"}},\"id\":1}\n"},
        Example{"NoParams", R"({"jsonrpc":"2.0","method":"sum","id":1})",
                "{\"jsonrpc\":\"2.0\",\"error\":{\"code\":-32602,\"message\":\"#\",\"data\":{"
                "\"code\":\"invalid_argument\",\"ran\":\"no\"}},\"id\":1}\n"},
        Example{"EmptyParams", R"({"jsonrpc":"2.0","method":"sum","params":[],"id":1})",
                "{\"jsonrpc\":\"2.0\",\"error\":{\"code\":-32602,\"message\":\"#\",\"data\":{"
                "\"code\":\"invalid_argument\",\"ran\":\"no\"}},\"id\":1}\n"},
        Example{"Failure", R"({"jsonrpc":"2.0","method":"fail","params":["why"],"id":1})",
                "{\"jsonrpc\":\"2.0\",\"error\":{\"code\":-32000,\"message\":\"#\",\"data\":{"
                "\"code\":\"aborted\"}},\"id\":1}\n"},
        Example{"LongId",
                R"({"jsonrpc":"2.0","method":"sum","params":["x"],"id":")" +
                    std::string(1023, 'i') + "\"}",
                std::string(kInvalid) + "\n"},
        Example{"LongMethod",
                R"({"jsonrpc":"2.0","method":")" + std::string(257, 'm') + R"(","id":1})",
                "{\"jsonrpc\":\"2.0\",\"error\":{\"code\":-32000,\"message\":\"#\",\"data\":{"
                "\"code\":\"resource_exhausted\",\"ran\":\"no\"}},\"id\":1}\n"},
        Example{"BatchInABatch", "[[]]", "[" + std::string(kInvalid) + "]\n"},
        Example{
            "SpaceAround",
            " \r\n\t[ {\"jsonrpc\":\"2.0\",\"method\":\"sum\",\"params\":[ \"x\" ],\"id\":1 } ] ",
            "[{\"jsonrpc\":\"2.0\",\"result\":\"x\",\"id\":1}]\n"},
        Example{"NoObject", "7 ", std::string(kInvalid) + "\n"}),
    [](const auto& test) { return test.param.name; });

TEST(JsonRpc, AnswersEachRequestInItsOwnVersion) {
  JsonRpcResponder responder(Input::kStream);
  EXPECT_EQ(responder.exchange(R"({"method":"sum","params":["x"],"id":1}{"jsonrpc":"2.0",)"
                               R"("method":"sum","params":["x"],"id":1})"),
            "{\"id\":1,\"result\":\"x\",\"error\":null}\n"
            "{\"jsonrpc\":\"2.0\",\"result\":\"x\",\"id\":1}\n");
}

TEST(JsonRpc, AnswersAVersion1RequestWithoutAnIdAsGoDoes) {
  for (const char* id : {"", R"(,"id":null)"}) {
    JsonRpcResponder responder(Input::kStream);
    EXPECT_EQ(responder.exchange(R"({"method":"sum","params":["x"])" + std::string(id) + "}"),
              "{\"id\":null,\"result\":\"x\",\"error\":null}\n");
  }
}

TEST(JsonRpc, ReadsMembersWithoutRegardToCaseAsGoDoes) {
  JsonRpcResponder responder(Input::kStream);
  EXPECT_EQ(responder.exchange(R"({"Method":"sum","PARAMS":["x"],"Id":1})"),
            "{\"id\":1,\"result\":\"x\",\"error\":null}\n");
}

TEST(JsonRpc, CompletesABatchWithItsLastAnswer) {
  JsonRpcResponder responder;
  EXPECT_EQ(responder.exchange(R"([{"jsonrpc":"2.0","method":"later","params":[""],"id":1},)"
                               R"({"jsonrpc":"2.0","method":"later","params":[""]},)"
                               R"({"jsonrpc":"2.0","method":"sum","params":["x"],"id":2}])"),
            "");
  EXPECT_FALSE(responder.frames().answered());
  EXPECT_EQ(responder.answer_later(),
            "[{\"jsonrpc\":\"2.0\",\"result\":\"x\",\"id\":2},"
            "{\"jsonrpc\":\"2.0\",\"result\":\"late\",\"id\":1}]\n");
  EXPECT_TRUE(responder.frames().answered());
}

TEST(JsonRpc, AnswersEachOfManyThatRunAtOnce) {
  JsonRpcResponder responder(Input::kStream);
  for (int round = 0; round < 2; ++round) {
    std::string answers;
    for (int id = 0; id < 100; ++id) {
      responder.exchange(R"({"method":"later","params":[""],"id":)" + std::to_string(id) + "}");
      answers =
          "{\"id\":" + std::to_string(id) + ",\"result\":\"late\",\"error\":null}\n" + answers;
    }
    EXPECT_EQ(responder.answer_later(), answers);
    EXPECT_TRUE(responder.frames().answered());
    EXPECT_EQ(responder.exchange(R"({"method":"sum","params":["x"],"id":1})"),
              "{\"id\":1,\"result\":\"x\",\"error\":null}\n");
  }
}

TEST(JsonRpc, RefusesAMethodThatIsNoName) {
  JsonRpcResponder responder;
  EXPECT_THAT(
      responder.exchange(R"({"jsonrpc":"2.0","method":"\n)" + std::string(70000, 'm') +
                         R"(","id":1})"),
      HasSubstr(R"("code":-32600,"message":"request: \"method\" is a string of 70004 bytes)"));
}

TEST(JsonRpc, RunsNothingOfABatchThatIsNotJson) {
  JsonRpcResponder responder;
  responder.exchange(R"([{"jsonrpc":"2.0","method":"sum","params":["x"],"id":2},{"x":tru}])");
  EXPECT_EQ(responder.handled(), 0);
}

TEST(JsonRpc, RefusesABatchOfTooManyRequests) {
  Limits limits;
  limits.calls_in_flight = 2;
  JsonRpcResponder responder(Input::kMessage, limits);
  EXPECT_THAT(responder.exchange("[1,2,3]"), HasSubstr("batch: it has 3 requests; the limit is 2"));
  EXPECT_THAT(responder.exchange("[1,2]"), StartsWith("[{"));
}

TEST(JsonRpc, KeepsNoMoreOfABatchThanMayBeUnsent) {
  Limits limits;
  limits.unsent_bytes = 100;
  const std::string call =
      R"({"jsonrpc":"2.0","method":"sum","params":[")" + std::string(80, 'x') + R"("],"id":1})";
  JsonRpcResponder responder(Input::kMessage, limits);
  std::string answer = responder.exchange("[" + call + "]");
  EXPECT_THAT(answer, HasSubstr("\"code\":\"resource_exhausted\""));
  EXPECT_EQ(answer.find("xxx"), std::string::npos);
  EXPECT_THAT(responder.exchange(call), HasSubstr("xxx"));
}

TEST(JsonRpc, EndsWithBytesThatAreNoJson) {
  for (const char* text : {"x", "{]", "]", "}", ",", R"({"a":[})"}) {
    JsonRpcResponder responder(Input::kStream);
    EXPECT_THAT(responder.exchange(text), HasSubstr("\"code\":-32700")) << text;
    EXPECT_TRUE(responder.broken()) << text;
  }
}

TEST(JsonRpc, SaysOfAMessageThatItIsNoJson) {
  for (const char* text : {"", " ", "x", "{]", "{} {}", "[1", R"({"a":[})"}) {
    JsonRpcResponder responder(Input::kMessage);
    EXPECT_THAT(responder.exchange(text), HasSubstr("\"code\":-32700")) << text;
    EXPECT_TRUE(responder.frames().answered()) << text;
  }
}

TEST(JsonRpc, RefusesNestingThatIsTooDeep) {
  JsonRpcResponder responder(Input::kMessage);
  const std::string deep = std::string(300, '[') + std::string(300, ']');
  EXPECT_THAT(responder.exchange(R"({"jsonrpc":"2.0","method":"sum","params":[)" + deep + "]}"),
              HasSubstr("\"code\":-32700"));
  EXPECT_THAT(responder.exchange(deep), HasSubstr("\"code\":-32700"));
}

TEST(JsonRpc, ReadsEveryDepthIfTheLimitIsTheLargestNumber) {
  Limits limits;
  limits.depth = std::numeric_limits<std::size_t>::max();
  JsonRpcResponder responder(Input::kMessage, limits);
  const std::string call = R"({"jsonrpc":"2.0","method":"sum","params":["x"],"id":1})";
  EXPECT_EQ(responder.exchange(call), "{\"jsonrpc\":\"2.0\",\"result\":\"x\",\"id\":1}\n");
  EXPECT_EQ(responder.exchange("[" + call + "]"),
            "[{\"jsonrpc\":\"2.0\",\"result\":\"x\",\"id\":1}]\n");
}

TEST(JsonRpc, SurvivesEveryChangeOfAByte) {
  const std::string text =
      R"([{"jsonrpc":"2.0","method":"sum","params":["x"],"id":[1]},{"method":"sum","id":"\""}])";
  for (Input input : {Input::kStream, Input::kMessage}) {
    for (std::size_t at = 0; at < text.size(); ++at) {
      for (int value = 0; value < 256; ++value) {
        std::string changed = text;
        changed[at] = static_cast<char>(value);
        JsonRpcResponder responder(input);
        std::string answer = responder.exchange(changed);
        EXPECT_TRUE(answer.empty() || answer.back() == '\n') << changed;
        if (input == Input::kMessage) {
          EXPECT_TRUE(responder.frames().answered()) << changed;
        }
      }
    }
  }
}

TEST(JsonRpc, SurvivesEveryTruncation) {
  const std::string text =
      R"([{"jsonrpc":"2.0","method":"sum","params":["x"],"id":[1]},{"method":"sum","id":"\""}])";
  for (std::size_t size = 1; size < text.size(); ++size) {
    JsonRpcResponder stream(Input::kStream);
    EXPECT_EQ(stream.exchange(text.substr(0, size)), "") << size;
    JsonRpcResponder message(Input::kMessage);
    EXPECT_THAT(message.exchange(text.substr(0, size)), HasSubstr("\"code\":-32700")) << size;
  }
}

}  // namespace
}  // namespace tern::test
