// What a JSON-RPC client writes, and what it makes of what comes.
#include "wire/json_rpc/client.h"

#include <gtest/gtest.h>

#include <limits>
#include <string>

#include "codec/sample_messages.h"
#include "tern/codegen/type_ops_of.h"

namespace tern {
namespace {

using Step = wire::FrameStep;

constexpr Method kMultiply{"arith.Arith",
                           "Multiply",
                           1,
                           &type_ops<sample::Args>,
                           &type_ops<std::int64_t>,
                           {},
                           std::chrono::nanoseconds(0),
                           false};

class JsonRpcClient : public testing::Test {
 protected:
  template <typename T>
  std::string request(wire::json_rpc::Version version, const T& argument) {
    wire::json_rpc::ClientProtocol writer(version, Limits());
    wire::RequestHead head;
    head.id = 7;
    head.method = &kMultiply;
    Buffer out;
    out.append("before ");
    Status failure = writer.write_request(head, type_ops<T>(), &argument, out);
    return std::string(as_text(out.view())) + (failure.ok() ? "" : "failed");
  }
  // Reads one reply; `frame` is good until the next one.
  Step read(std::string_view text) {
    text_ = text;
    return frames.next(as_bytes(text_), frame, why).step;
  }

  wire::json_rpc::ClientProtocol frames{wire::json_rpc::Version::k1, Limits()};
  wire::Frame frame;
  Status why;

 private:
  std::string text_;
};

TEST_F(JsonRpcClient, WritesWhatGosClientWrites) {
  EXPECT_EQ(request(wire::json_rpc::Version::k1, sample::Args(7, 8)),
            "before {\"method\":\"Arith.Multiply\",\"params\":[{\"A\":7,\"B\":8}],\"id\":7}\n");
  EXPECT_EQ(request(wire::json_rpc::Version::k1, Nothing()),
            "before {\"method\":\"Arith.Multiply\",\"params\":[{}],\"id\":7}\n");
}

TEST_F(JsonRpcClient, ReadsEveryDepthIfTheLimitIsTheLargestNumber) {
  Limits limits;
  limits.depth = std::numeric_limits<std::size_t>::max();
  wire::json_rpc::ClientProtocol reader(wire::json_rpc::Version::k2, limits);
  const std::string text = R"({"jsonrpc":"2.0","result":[[1]],"id":7})";
  EXPECT_EQ(reader.next(as_bytes(text), frame, why).step, Step::kFrame);
  EXPECT_EQ(frame.id, 7u);
  EXPECT_EQ(as_text(frame.body), "[[1]]");
}

TEST_F(JsonRpcClient, SendsAStructAsTheParamsOfVersion2) {
  EXPECT_EQ(
      request(wire::json_rpc::Version::k2, sample::Args(7, 8)),
      "before {\"jsonrpc\":\"2.0\",\"method\":\"Arith.Multiply\",\"params\":{\"A\":7,\"B\":8},"
      "\"id\":7}\n");
}

TEST_F(JsonRpcClient, SendsEverythingElseInAListInVersion2) {
  EXPECT_EQ(
      request(wire::json_rpc::Version::k2, std::string("x")),
      "before {\"jsonrpc\":\"2.0\",\"method\":\"Arith.Multiply\",\"params\":[\"x\"],\"id\":7}\n");
  EXPECT_EQ(request(wire::json_rpc::Version::k2, Nothing()),
            "before {\"jsonrpc\":\"2.0\",\"method\":\"Arith.Multiply\",\"id\":7}\n");
}

TEST_F(JsonRpcClient, LeavesNothingOfARequestThatHasNoForm) {
  EXPECT_EQ(request(wire::json_rpc::Version::k1, std::numeric_limits<double>::infinity()),
            "before failed");
}

TEST_F(JsonRpcClient, ReadsAResultOfEitherVersion) {
  for (const char* text :
       {R"({"id":3,"result":56,"error":null})", R"({"jsonrpc":"2.0","result":56,"id":3})"}) {
    ASSERT_EQ(read(text), Step::kFrame) << why.to_string();
    EXPECT_EQ(frame.kind, wire::FrameKind::kReply);
    EXPECT_EQ(frame.id, 3u);
    std::int64_t product = 0;
    ASSERT_TRUE(frames.read_body(frame, type_ops<std::int64_t>(), &product).ok());
    EXPECT_EQ(product, 56);
  }
}

TEST_F(JsonRpcClient, TakesANullResultForNothing) {
  ASSERT_EQ(read(R"({"jsonrpc":"2.0","result":null,"id":3})"), Step::kFrame);
  EXPECT_EQ(frame.kind, wire::FrameKind::kReply);
  Nothing nothing;
  EXPECT_TRUE(frames.read_body(frame, type_ops<Nothing>(), &nothing).ok());
}

struct Meaning {
  const char* error;
  Code code;
  HandlerRan ran;
  const char* message;
};

class JsonRpcErrors : public JsonRpcClient, public testing::WithParamInterface<Meaning> {};

TEST_P(JsonRpcErrors, MeanWhatTheirNumberOrTextSays) {
  ASSERT_EQ(read(R"({"id":3,"result":null,"error":)" + std::string(GetParam().error) + "}"),
            Step::kFrame);
  EXPECT_EQ(frame.kind, wire::FrameKind::kError);
  EXPECT_EQ(frame.code, GetParam().code);
  EXPECT_EQ(frame.ran, GetParam().ran);
  EXPECT_EQ(frame.message, GetParam().message);
}

INSTANTIATE_TEST_SUITE_P(
    All, JsonRpcErrors,
    testing::Values(
        Meaning{R"("divide by zero")", Code::kUnknown, HandlerRan::kUnknown, "divide by zero"},
        Meaning{R"("")", Code::kUnknown, HandlerRan::kUnknown, "unspecified error"},
        Meaning{R"("rpc: can't find service X.Y")", Code::kUnimplemented, HandlerRan::kUnknown,
                "rpc: can't find service X.Y"},
        Meaning{R"("jsonrpc: request body missing params")", Code::kInvalidArgument,
                HandlerRan::kUnknown, "jsonrpc: request body missing params"},
        Meaning{R"("json: cannot unmarshal")", Code::kUnknown, HandlerRan::kUnknown,
                "json: cannot unmarshal"},
        Meaning{"7", Code::kUnknown, HandlerRan::kUnknown, "7"},
        Meaning{R"({"code":-32700,"message":"m"})", Code::kInternal, HandlerRan::kUnknown, "m"},
        Meaning{R"({"code":-32600,"message":"m"})", Code::kInternal, HandlerRan::kUnknown, "m"},
        Meaning{R"({"code":-32601,"message":"m"})", Code::kUnimplemented, HandlerRan::kUnknown,
                "m"},
        Meaning{R"({"code":-32602,"message":"m"})", Code::kInvalidArgument, HandlerRan::kUnknown,
                "m"},
        Meaning{R"({"code":-32602,"message":"m","data":{"code":"invalid_argument","ran":"no"}})",
                Code::kInvalidArgument, HandlerRan::kNo, "m"},
        Meaning{R"("server: going away; it takes no new calls")", Code::kUnavailable,
                HandlerRan::kUnknown, "server: going away; it takes no new calls"},
        Meaning{R"({"code":-32603,"message":"m"})", Code::kInternal, HandlerRan::kUnknown, "m"},
        Meaning{R"({"code":-32000,"message":"m"})", Code::kUnknown, HandlerRan::kUnknown, "m"},
        Meaning{R"({"code":1,"message":"a\nb"})", Code::kUnknown, HandlerRan::kUnknown, "a\nb"},
        Meaning{R"({"code":-32000,"message":"m","data":{"code":"not_found"}})", Code::kNotFound,
                HandlerRan::kUnknown, "m"},
        Meaning{R"({"code":-32000,"message":"m","data":{"code":"unavailable","ran":"no"}})",
                Code::kUnavailable, HandlerRan::kNo, "m"},
        Meaning{R"({"code":-32000,"message":"m","data":[1]})", Code::kUnknown, HandlerRan::kUnknown,
                "m"},
        Meaning{R"({"code":-32000})", Code::kUnknown, HandlerRan::kUnknown, R"({"code":-32000})"}));

TEST_F(JsonRpcClient, ReadsADeclaredError) {
  ASSERT_EQ(
      read(R"({"jsonrpc":"2.0","error":{"code":-32000,"message":"m","data":{"code":"aborted",)"
           R"("type":"arith.Args","detail":{"A":1,"B":2}}},"id":3})"),
      Step::kFrame);
  EXPECT_EQ(frame.detail_type, "arith.Args");
  sample::Args detail;
  ASSERT_TRUE(frames.read_detail(frame, type_ops<sample::Args>(), &detail).ok());
  EXPECT_EQ(detail, sample::Args(1, 2));
}

TEST_F(JsonRpcClient, GivesIdsThatAreNotItsOwnToNobody) {
  for (const char* id : {"\"3\"", "3.0", "-3", "[3]", "18446744073709551616", "null"}) {
    ASSERT_EQ(read(R"({"result":1,"id":)" + std::string(id) + "}"), Step::kFrame) << id;
    EXPECT_EQ(frame.id, 0u) << id;
  }
}

TEST_F(JsonRpcClient, FailsACallWhoseReplySaysNothing) {
  ASSERT_EQ(read(R"({"id":3,"error":null})"), Step::kFrame);
  EXPECT_EQ(frame.kind, wire::FrameKind::kError);
  EXPECT_EQ(frame.code, Code::kInternal);
}

TEST_F(JsonRpcClient, EndsWithAServerThatCannotBeUnderstood) {
  for (const char* text : {"[]", "1 ", "{]", "{id:1}", R"({"id":1,"id":2,"result":3})",
                           R"({"id":null,"error":"parse error"})"}) {
    wire::json_rpc::ClientProtocol fresh(wire::json_rpc::Version::k2, Limits());
    EXPECT_EQ(fresh.next(as_bytes(text), frame, why).step, Step::kBroken) << text;
    EXPECT_FALSE(why.ok());
  }
}

TEST_F(JsonRpcClient, FailsACallWhoseResultIsOverTheLimit) {
  Limits limits;
  limits.message_bytes = 4;
  wire::json_rpc::ClientProtocol small(wire::json_rpc::Version::k1, limits);
  std::string text = R"({"id":3,"result":12345,"error":null})";
  ASSERT_EQ(small.next(as_bytes(text), frame, why).step, Step::kFrame);
  EXPECT_EQ(frame.refused.code(), Code::kResourceExhausted);
  text = R"({"id":4,"result":1234,"error":null})";
  ASSERT_EQ(small.next(as_bytes(text), frame, why).step, Step::kFrame);
  EXPECT_TRUE(frame.refused.ok());
}

TEST_F(JsonRpcClient, SurvivesEveryChangeOfAByte) {
  const std::string text =
      R"({"jsonrpc":"2.0","error":{"code":-32000,"message":"m","data":{"code":"aborted",)"
      R"("type":"arith.Args","detail":{"A":1,"B":2}}},"id":3})";
  for (std::size_t at = 0; at < text.size(); ++at) {
    for (int value = 0; value < 256; ++value) {
      std::string changed = text;
      changed[at] = static_cast<char>(value);
      wire::json_rpc::ClientProtocol fresh(wire::json_rpc::Version::k2, Limits());
      Step step = fresh.next(as_bytes(changed), frame, why).step;
      sample::Args detail;
      if (step == Step::kFrame && !frame.detail_type.empty() &&
          fresh.read_detail(frame, type_ops<sample::Args>(), &detail).ok()) {
        EXPECT_EQ(frame.kind, wire::FrameKind::kError);
      }
    }
  }
}

}  // namespace
}  // namespace tern
