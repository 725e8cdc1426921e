// Errors as JSON-RPC 2.0 writes them.
#include "wire/json_rpc/error.h"

#include <gtest/gtest.h>

#include <limits>
#include <memory>
#include <string>

#include "codec/sample_messages.h"
#include "tern/codegen/type_ops_of.h"

namespace tern {
namespace {

std::string written(wire::json_rpc::ErrorCode code, const Status& status) {
  Buffer out;
  wire::json_rpc::put_json_rpc_error(code, status, out);
  return std::string(as_text(out.view()));
}

template <typename T>
Status declared(const T& value) {
  return Status::with_detail(Code::kAborted, "m", type_ops<T>(), std::make_shared<T>(value));
}

TEST(JsonRpcErrorObject, HasTheNumberThatTheSpecificationGives) {
  auto code_of = [](Code code, HandlerRan ran, bool known_method = true) {
    return wire::json_rpc::json_rpc_code(Status(code, "m", ran), known_method);
  };
  EXPECT_EQ(code_of(Code::kUnimplemented, HandlerRan::kNo, false),
            wire::json_rpc::ErrorCode::kMethodNotFound);
  EXPECT_EQ(code_of(Code::kUnimplemented, HandlerRan::kYes),
            wire::json_rpc::ErrorCode::kServerError);
  EXPECT_EQ(code_of(Code::kInvalidArgument, HandlerRan::kNo),
            wire::json_rpc::ErrorCode::kInvalidParams);
  EXPECT_EQ(code_of(Code::kInvalidArgument, HandlerRan::kYes),
            wire::json_rpc::ErrorCode::kServerError);
  EXPECT_EQ(code_of(Code::kInternal, HandlerRan::kYes), wire::json_rpc::ErrorCode::kInternalError);
  EXPECT_EQ(code_of(Code::kDeadlineExceeded, HandlerRan::kYes),
            wire::json_rpc::ErrorCode::kServerError);
}

TEST(JsonRpcErrorObject, SaysWhatTheNumberDoesNot) {
  EXPECT_EQ(written(wire::json_rpc::ErrorCode::kServerError, Status(Code::kNotFound, "no \"x\"")),
            R"({"code":-32000,"message":"no \"x\"","data":{"code":"not_found"}})");
  EXPECT_EQ(written(wire::json_rpc::ErrorCode::kServerError,
                    Status(Code::kUnavailable, "m", HandlerRan::kNo)),
            R"({"code":-32000,"message":"m","data":{"code":"unavailable","ran":"no"}})");
  EXPECT_EQ(written(wire::json_rpc::ErrorCode::kInvalidParams,
                    Status(Code::kInvalidArgument, "m", HandlerRan::kNo)),
            R"({"code":-32602,"message":"m","data":{"code":"invalid_argument","ran":"no"}})");
  EXPECT_EQ(written(wire::json_rpc::ErrorCode::kMethodNotFound, Status(Code::kUnimplemented, "m")),
            R"({"code":-32601,"message":"m"})");
}

TEST(JsonRpcErrorObject, CarriesADeclaredErrorToAClient) {
  std::string text = written(wire::json_rpc::ErrorCode::kServerError, declared(sample::Args(7, 8)));
  EXPECT_EQ(text, R"({"code":-32000,"message":"m","data":{"code":"aborted","type":"arith.Args",)"
                  R"("detail":{"A":7,"B":8}}})");
  wire::json_rpc::Error error;
  wire::json_rpc::read_json_rpc_error(text, 100, error);
  EXPECT_EQ(error.code, Code::kAborted);
  EXPECT_EQ(error.message, "m");
  EXPECT_EQ(error.detail_type, "arith.Args");
  EXPECT_EQ(error.detail, R"({"A":7,"B":8})");
  wire::json_rpc::Error of_any_depth;
  wire::json_rpc::read_json_rpc_error(text, std::numeric_limits<std::size_t>::max(), of_any_depth);
  EXPECT_EQ(of_any_depth.detail, error.detail);
}

TEST(JsonRpcErrorObject, GoesWithoutADetailThatHasNoForm) {
  EXPECT_EQ(written(wire::json_rpc::ErrorCode::kServerError,
                    declared(std::numeric_limits<double>::quiet_NaN())),
            R"({"code":-32000,"message":"m","data":{"code":"aborted"}})");
}

}  // namespace
}  // namespace tern
