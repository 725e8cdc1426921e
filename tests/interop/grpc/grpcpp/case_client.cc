// Runs gRPC's interop cases with its own C++:  grpcpp_case_client HOST:PORT
// A line for each case says whether it passes; the exit status is 0 if nothing was unexpected.
#include <grpcpp/grpcpp.h>
#include <grpcpp/impl/client_unary_call.h>

#include <array>
#include <chrono>
#include <cstdint>
#include <initializer_list>
#include <iostream>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "interop/grpc/all_cases.h"
#include "support/cutting_proxy.h"
#include "test_service.grpc.pb.h"

namespace grpc::testing {
namespace {

using tern::test::Verdict;
using Failure = tern::test::CaseFailure;

constexpr std::int32_t kLargeRequest = 271828;
constexpr std::int32_t kLargeResponse = 314159;
constexpr std::string_view kNoProbe =
    "without the probe: a handler cannot see whether a request was compressed, so that bytes are "
    "counted on the way";

void expect(bool good, const std::string& what) {
  if (!good) throw Failure(what);
}

void expect_size(std::int64_t seen, std::int64_t wanted) {
  expect(seen == wanted,
         "expected " + std::to_string(wanted) + " bytes, came " + std::to_string(seen));
}

void expect_code(const Status& status, StatusCode wanted) {
  expect(status.error_code() == wanted, "expected the code " + std::to_string(wanted) + ", came " +
                                            std::to_string(status.error_code()) + ": " +
                                            status.error_message());
}

// A call's context, which gRPC wants for each anew.
struct Context : ClientContext {
  explicit Context(std::chrono::milliseconds timeout = std::chrono::seconds(60)) {
    set_deadline(std::chrono::system_clock::now() + timeout);
  }
};

std::string zeros(std::int32_t size) {
  return std::string(static_cast<std::size_t>(size), '\0');
}

SimpleRequest large_request() {
  SimpleRequest request;
  request.set_response_size(kLargeResponse);
  request.mutable_payload()->set_body(zeros(kLargeRequest));
  return request;
}

StreamingInputCallRequest input(std::int32_t size) {
  StreamingInputCallRequest request;
  request.mutable_payload()->set_body(zeros(size));
  return request;
}

StreamingOutputCallRequest asks_for(std::initializer_list<std::int32_t> sizes,
                                    std::int32_t payload = 0) {
  StreamingOutputCallRequest request;
  for (const std::int32_t size : sizes) request.add_response_parameters()->set_size(size);
  if (payload > 0) request.mutable_payload()->set_body(zeros(payload));
  return request;
}

// The next response is of this size; -1: there is none.
template <typename Stream>
void expect_next(Stream& stream, std::int32_t wanted) {
  StreamingOutputCallResponse response;
  const bool came = stream.Read(&response);
  expect_size(came ? static_cast<std::int64_t>(response.payload().body().size()) : -1, wanted);
}

class Cases {
 public:
  explicit Cases(const std::string& address)
      : channel_(CreateChannel(address, InsecureChannelCredentials())),
        stub_(TestService::NewStub(channel_)),
        proxy_(static_cast<std::uint16_t>(std::stoi(address.substr(address.find(':') + 1)))),
        counted_(TestService::NewStub(CreateChannel("127.0.0.1:" + std::to_string(proxy_.port()),
                                                    InsecureChannelCredentials()))) {}

  Verdict empty_unary() {
    Context context;
    Empty response;
    expect_code(stub_->EmptyCall(&context, Empty(), &response), StatusCode::OK);
    return {};
  }

  Verdict large_unary() {
    Context context;
    expect_large(*stub_, context, large_request());
    return {};
  }

  Verdict client_compressed_unary() {
    for (const bool compressed : {true, false}) {
      Context context;
      context.set_compression_algorithm(compressed ? GRPC_COMPRESS_GZIP : GRPC_COMPRESS_NONE);
      SimpleRequest request = large_request();
      request.mutable_expect_compressed()->set_value(compressed);
      const std::uint64_t before = proxy_.request_bytes();
      expect_large(*counted_, context, request);
      expect_short(proxy_.request_bytes() - before, kLargeRequest, compressed);
    }
    return {true, std::string(kNoProbe)};
  }

  Verdict server_compressed_unary() {
    for (const bool compressed : {true, false}) {
      Context context;
      SimpleRequest request = large_request();
      request.mutable_response_compressed()->set_value(compressed);
      const std::uint64_t before = proxy_.answer_bytes();
      expect_large(*counted_, context, request);
      expect_short(proxy_.answer_bytes() - before, kLargeResponse, compressed);
    }
    return {};
  }

  Verdict client_compressed_streaming() {
    Context context;
    context.set_compression_algorithm(GRPC_COMPRESS_GZIP);
    const std::uint64_t before = proxy_.request_bytes();
    StreamingInputCallResponse response;
    auto stream = counted_->StreamingInputCall(&context, &response);
    StreamingInputCallRequest compressed = input(27182);
    compressed.mutable_expect_compressed()->set_value(true);
    StreamingInputCallRequest plain = input(45904);
    plain.mutable_expect_compressed()->set_value(false);
    expect(stream->Write(compressed), "the compressed message was not written");
    expect(stream->Write(plain, WriteOptions().set_no_compression()),
           "the other message was not written");
    stream->WritesDone();
    expect_code(stream->Finish(), StatusCode::OK);
    expect_size(response.aggregated_payload_size(), 73086);
    expect_between(proxy_.request_bytes() - before, 45904, 45904 + 27182 / 10);
    return {true, std::string(kNoProbe)};
  }

  Verdict server_compressed_streaming() {
    Context context;
    StreamingOutputCallRequest request = asks_for({31415, 92653});
    request.mutable_response_parameters(0)->mutable_compressed()->set_value(true);
    request.mutable_response_parameters(1)->mutable_compressed()->set_value(false);
    const std::uint64_t before = proxy_.answer_bytes();
    auto stream = counted_->StreamingOutputCall(&context, request);
    for (const std::int32_t size : {31415, 92653, -1}) expect_next(*stream, size);
    expect_code(stream->Finish(), StatusCode::OK);
    expect_between(proxy_.answer_bytes() - before, 92653, 92653 + 31415 / 2);
    return {};
  }

  Verdict client_streaming() {
    Context context;
    StreamingInputCallResponse response;
    auto stream = stub_->StreamingInputCall(&context, &response);
    for (const std::int32_t size : {27182, 8, 1828, 45904}) {
      expect(stream->Write(input(size)), "a message was not written");
    }
    stream->WritesDone();
    expect_code(stream->Finish(), StatusCode::OK);
    expect_size(response.aggregated_payload_size(), 74922);
    return {};
  }

  Verdict server_streaming() {
    Context context;
    auto stream = stub_->StreamingOutputCall(&context, asks_for({31415, 9, 2653, 58979}));
    for (const std::int32_t size : {31415, 9, 2653, 58979, -1}) expect_next(*stream, size);
    expect_code(stream->Finish(), StatusCode::OK);
    return {};
  }

  Verdict ping_pong() {
    Context context;
    auto stream = stub_->FullDuplexCall(&context);
    const std::array<std::pair<std::int32_t, std::int32_t>, 4> turns = {
        {{31415, 27182}, {9, 8}, {2653, 1828}, {58979, 45904}}};
    for (const auto& [size, payload] : turns) {
      expect(stream->Write(asks_for({size}, payload)), "a message was not written");
      expect_next(*stream, size);
    }
    stream->WritesDone();
    expect_next(*stream, -1);
    expect_code(stream->Finish(), StatusCode::OK);
    return {};
  }

  Verdict empty_stream() {
    Context context;
    auto stream = stub_->FullDuplexCall(&context);
    stream->WritesDone();
    expect_next(*stream, -1);
    expect_code(stream->Finish(), StatusCode::OK);
    return {};
  }

  Verdict custom_metadata() {
    const std::string initial = "x-grpc-test-echo-initial";
    const std::string trailing = "x-grpc-test-echo-trailing-bin";
    const std::string value = "\xab\xab\xab";
    const auto prepare = [&](Context& context) {
      context.AddMetadata(initial, "test_initial_metadata_value");
      context.AddMetadata(trailing, value);
    };
    const auto expect_echo = [&](const Context& context) {
      const auto& first = context.GetServerInitialMetadata();
      const auto& last = context.GetServerTrailingMetadata();
      expect(
          first.count(initial) == 1 && first.find(initial)->second == "test_initial_metadata_value",
          "the initial metadata");
      expect(last.count(trailing) == 1 && last.find(trailing)->second == value,
             "the trailing metadata");
    };
    Context unary;
    prepare(unary);
    expect_large(*stub_, unary, large_request());
    expect_echo(unary);
    Context context;
    prepare(context);
    auto stream = stub_->FullDuplexCall(&context);
    expect(stream->Write(asks_for({kLargeResponse}, kLargeRequest)), "nothing was written");
    stream->WritesDone();
    for (const std::int32_t size : {kLargeResponse, -1}) expect_next(*stream, size);
    expect_code(stream->Finish(), StatusCode::OK);
    expect_echo(context);
    return {};
  }

  Verdict status_code_and_message() {
    expect_status("test status message");
    Context context;
    StreamingOutputCallRequest request;
    request.mutable_response_status()->set_code(StatusCode::UNKNOWN);
    request.mutable_response_status()->set_message("test status message");
    auto stream = stub_->FullDuplexCall(&context);
    expect(stream->Write(request), "the message was not written");
    stream->WritesDone();
    expect_next(*stream, -1);
    const Status status = stream->Finish();
    expect_code(status, StatusCode::UNKNOWN);
    expect(status.error_message() == "test status message", status.error_message());
    return {};
  }

  Verdict special_status_message() {
    expect_status("\t\ntest with whitespace\r\nand Unicode BMP \u263a and non-BMP \U0001f608\t\n");
    return {};
  }

  Verdict unimplemented_method() {
    expect_unimplemented("/grpc.testing.TestService/UnimplementedCall");
    return {};
  }
  Verdict unimplemented_service() {
    expect_unimplemented("/grpc.testing.UnimplementedService/UnimplementedCall");
    return {};
  }

  Verdict cancel_after_begin() {
    Context context;
    StreamingInputCallResponse response;
    auto stream = stub_->StreamingInputCall(&context, &response);
    context.TryCancel();
    expect_code(stream->Finish(), StatusCode::CANCELLED);
    return {};
  }

  Verdict cancel_after_first_response() {
    Context context;
    auto stream = stub_->FullDuplexCall(&context);
    expect(stream->Write(asks_for({31415}, 27182)), "the message was not written");
    expect_next(*stream, 31415);
    context.TryCancel();
    expect_code(stream->Finish(), StatusCode::CANCELLED);
    return {};
  }

  Verdict timeout_on_sleeping_server() {
    Context context(std::chrono::milliseconds(1));
    auto stream = stub_->FullDuplexCall(&context);
    stream->Write(asks_for({}, 27182));  // the time may be up already
    expect_next(*stream, -1);
    expect_code(stream->Finish(), StatusCode::DEADLINE_EXCEEDED);
    return {};
  }

 private:
  static void expect_between(std::uint64_t bytes, std::uint64_t least, std::uint64_t most) {
    expect(bytes >= least && bytes < most, std::to_string(bytes) + " bytes went; expected " +
                                               std::to_string(least) + " to " +
                                               std::to_string(most));
  }
  // Compressed or not.
  static void expect_short(std::uint64_t bytes, std::uint64_t whole, bool compressed) {
    expect_between(bytes, compressed ? 1 : whole, compressed ? whole / 10 : 2 * whole);
  }
  static void expect_large(TestService::Stub& stub, Context& context,
                           const SimpleRequest& request) {
    SimpleResponse response;
    expect_code(stub.UnaryCall(&context, request, &response), StatusCode::OK);
    expect(response.payload().body() == zeros(kLargeResponse), "not so many zeros came");
  }
  void expect_status(const std::string& text) {
    Context context;
    SimpleRequest request;
    request.mutable_response_status()->set_code(StatusCode::UNKNOWN);
    request.mutable_response_status()->set_message(text);
    SimpleResponse response;
    const Status status = stub_->UnaryCall(&context, request, &response);
    expect_code(status, StatusCode::UNKNOWN);
    expect(status.error_message() == text, "the text: " + status.error_message());
  }
  // As a generated stub does it.
  void expect_unimplemented(const char* path) {
    Context context;
    Empty response;
    const internal::RpcMethod method(path, internal::RpcMethod::NORMAL_RPC);
    expect_code(internal::BlockingUnaryCall<Empty, Empty>(channel_.get(), method, &context, Empty(),
                                                          &response),
                StatusCode::UNIMPLEMENTED);
  }

  const std::shared_ptr<Channel> channel_;
  const std::unique_ptr<TestService::Stub> stub_;
  tern::test::CuttingProxy proxy_;  // counts bytes
  const std::unique_ptr<TestService::Stub> counted_;
};

bool run_all(const std::string& address) {
  Cases cases(address);
  return tern::test::run_all_cases(cases);
}

}  // namespace
}  // namespace grpc::testing

int main(int argc, char** argv) {
  if (argc != 2) {
    std::cerr << "grpcpp_case_client: expected HOST:PORT\n";
    return 2;
  }
  return grpc::testing::run_all(argv[1]) ? 0 : 1;
}
