// Serves grpc.testing.TestService with gRPC's own C++, as its interop cases want it. The first line
// is where it listens.
#include <grpcpp/grpcpp.h>

#include <chrono>
#include <cstdint>
#include <iostream>
#include <map>
#include <memory>
#include <string>
#include <thread>

#include "test_service.grpc.pb.h"

// gRPC has it for tests of this kind alone.
std::uint32_t grpc_call_test_only_get_message_flags(grpc_call* call);

namespace grpc::testing {

// gRPC lets a class of this name see what a context hides.
class InteropServerContextInspector {
 public:
  // Whether the message that was read last had come compressed.
  static bool was_compressed(const ServerContextBase& context) {
    // GRPC_WRITE_INTERNAL_TEST_ONLY_WAS_COMPRESSED
    constexpr std::uint32_t kWasCompressed = 0x40000000u;
    return (grpc_call_test_only_get_message_flags(context.call_.call) & kWasCompressed) != 0;
  }
};

namespace {

constexpr char kInitial[] = "x-grpc-test-echo-initial";
constexpr char kTrailing[] = "x-grpc-test-echo-trailing-bin";

void echo_metadata(ServerContext& context) {
  const auto& came = context.client_metadata();
  if (const auto initial = came.find(kInitial); initial != came.end()) {
    context.AddInitialMetadata(kInitial, {initial->second.data(), initial->second.size()});
  }
  if (const auto trailing = came.find(kTrailing); trailing != came.end()) {
    context.AddTrailingMetadata(kTrailing, {trailing->second.data(), trailing->second.size()});
  }
}

template <typename Request>
Status check_compression(const ServerContext& context, const Request& request) {
  if (!request.has_expect_compressed()) return Status::OK;
  const bool came = InteropServerContextInspector::was_compressed(context);
  if (came == request.expect_compressed().value()) return Status::OK;
  return Status(StatusCode::INVALID_ARGUMENT,
                came ? "the message came compressed" : "the message did not come compressed");
}

Status status_of(const EchoStatus& wanted) {
  return Status(static_cast<StatusCode>(wanted.code()), wanted.message());
}

// All that one request asks for.
template <typename Writer>
Status answer(const StreamingOutputCallRequest& request, Writer& out) {
  if (request.has_response_status()) return status_of(request.response_status());
  for (const ResponseParameters& wanted : request.response_parameters()) {
    std::this_thread::sleep_for(std::chrono::microseconds(wanted.interval_us()));
    StreamingOutputCallResponse response;
    response.mutable_payload()->set_body(std::string(wanted.size(), '\0'));
    WriteOptions options;
    if (!wanted.has_compressed() || !wanted.compressed().value()) options.set_no_compression();
    if (!out.Write(response, options)) break;
  }
  return Status::OK;
}

class TestServer final : public TestService::Service {
 public:
  Status EmptyCall(ServerContext*, const Empty*, Empty*) override { return Status::OK; }

  Status UnaryCall(ServerContext* context, const SimpleRequest* request,
                   SimpleResponse* response) override {
    echo_metadata(*context);
    if (Status wrong = check_compression(*context, *request); !wrong.ok()) return wrong;
    if (request->has_response_status()) return status_of(request->response_status());
    if (request->has_response_compressed() && request->response_compressed().value()) {
      context->set_compression_algorithm(GRPC_COMPRESS_GZIP);
    }
    response->mutable_payload()->set_body(std::string(request->response_size(), '\0'));
    return Status::OK;
  }

  Status StreamingOutputCall(ServerContext* context, const StreamingOutputCallRequest* request,
                             ServerWriter<StreamingOutputCallResponse>* out) override {
    echo_metadata(*context);
    context->set_compression_algorithm(GRPC_COMPRESS_GZIP);
    return answer(*request, *out);
  }

  Status StreamingInputCall(ServerContext* context, ServerReader<StreamingInputCallRequest>* in,
                            StreamingInputCallResponse* response) override {
    std::int32_t size = 0;
    for (StreamingInputCallRequest request; in->Read(&request);) {
      if (Status wrong = check_compression(*context, request); !wrong.ok()) return wrong;
      size += static_cast<std::int32_t>(request.payload().body().size());
    }
    response->set_aggregated_payload_size(size);
    return Status::OK;
  }

  Status FullDuplexCall(ServerContext* context,
                        ServerReaderWriter<StreamingOutputCallResponse, StreamingOutputCallRequest>*
                            stream) override {
    echo_metadata(*context);
    for (StreamingOutputCallRequest request; stream->Read(&request);) {
      if (Status wrong = answer(request, *stream); !wrong.ok()) return wrong;
    }
    return Status::OK;
  }
};

}  // namespace
}  // namespace grpc::testing

int main() {
  grpc::testing::TestServer service;
  int port = 0;
  const std::unique_ptr<grpc::Server> server =
      grpc::ServerBuilder()
          .AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(), &port)
          .RegisterService(&service)
          .BuildAndStart();
  if (!server) return 1;
  std::cout << "grpc+tcp@127.0.0.1:" << port << std::endl;
  server->Wait();
}
