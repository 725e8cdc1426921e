// Serves grpc.testing.TestService, as gRPC's interop cases want it. Its first line is the address
// that it listens on. Ends with SIGTERM.
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <iostream>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "tern/sleep.h"
#include "tern/tern.h"
#include "test_service.service.h"

namespace {

using namespace grpc::testing;

constexpr std::string_view kEchoInitial = "x-grpc-test-echo-initial";
constexpr std::string_view kEchoTrailing = "x-grpc-test-echo-trailing-bin";

void echo_metadata(tern::ServerContext& context) {
  if (const std::string_view value = context.metadata().get(kEchoInitial); !value.empty()) {
    context.initial_metadata().add(std::string(kEchoInitial), std::string(value));
  }
  if (const std::string_view value = context.metadata().get(kEchoTrailing); !value.empty()) {
    context.reply_metadata().add(std::string(kEchoTrailing), std::string(value));
  }
}

tern::Status status_of(const EchoStatus& wanted) {
  return tern::Status(static_cast<tern::Code>(wanted.code), wanted.message);
}

void compress(tern::ServerContext& context, const std::optional<BoolValue>& wanted) {
  context.set_compression(wanted && wanted->value ? tern::Compression::kGzip
                                                  : tern::Compression::kIdentity);
}

Payload zeros(std::int32_t size) {
  Payload payload;
  payload.body.resize(static_cast<std::size_t>(size));
  return payload;
}

tern::Status negative(std::int32_t size) {
  return tern::Status(tern::Code::kInvalidArgument,
                      "size: " + std::to_string(size) + " came; expected 0 or more");
}

class TestServer final : public TestServiceService {
 public:
  tern::Reply<Empty> EmptyCall(tern::ServerContext&, Empty) override { return Empty(); }

  tern::Reply<SimpleResponse> UnaryCall(tern::ServerContext& context,
                                        SimpleRequest request) override {
    echo_metadata(context);
    if (request.response_status) return status_of(*request.response_status);
    if (request.response_size < 0) return negative(request.response_size);
    compress(context, request.response_compressed);
    SimpleResponse response;
    response.payload = zeros(request.response_size);
    return response;
  }

  tern::Reply<void> StreamingOutputCall(tern::ServerContext& context,
                                        StreamingOutputCallRequest request,
                                        tern::Writer<StreamingOutputCallResponse> out) override {
    return write_all(context, std::move(request), std::move(out));
  }

  tern::Reply<StreamingInputCallResponse> StreamingInputCall(
      tern::ServerContext&, tern::Reader<StreamingInputCallRequest> in) override {
    return add_up(std::move(in));
  }

  tern::Reply<void> FullDuplexCall(tern::ServerContext& context,
                                   tern::Reader<StreamingOutputCallRequest> in,
                                   tern::Writer<StreamingOutputCallResponse> out) override {
    return answer_each(context, std::move(in), std::move(out));
  }

 private:
  using Out = tern::Writer<StreamingOutputCallResponse>;

  // All responses that one request asks for.
  static asio::awaitable<tern::Status> write(tern::ServerContext& context,
                                             const StreamingOutputCallRequest& request, Out& out) {
    if (request.response_status) co_return status_of(*request.response_status);
    for (const ResponseParameters& wanted : request.response_parameters) {
      if (wanted.size < 0) co_return negative(wanted.size);
      if (wanted.interval_us > 0) {
        tern::Result<void> slept =
            co_await tern::sleep(context, std::chrono::microseconds(wanted.interval_us));
        if (!slept.ok()) co_return slept.take_status();
      }
      compress(context, wanted.compressed);
      StreamingOutputCallResponse response;
      response.payload = zeros(wanted.size);
      if (!co_await out.write(response)) co_return out.status();
    }
    co_return tern::Status();
  }

  static asio::awaitable<tern::Result<void>> write_all(tern::ServerContext& context,
                                                       StreamingOutputCallRequest request,
                                                       Out out) {
    echo_metadata(context);
    tern::Status written = co_await write(context, request, out);
    if (!written.ok()) co_return written;
    co_return tern::Result<void>();
  }

  static asio::awaitable<tern::Result<StreamingInputCallResponse>> add_up(
      tern::Reader<StreamingInputCallRequest> in) {
    StreamingInputCallResponse response;
    StreamingInputCallRequest request;
    while (co_await in.read(request)) {
      if (request.payload) {
        response.aggregated_payload_size += static_cast<std::int32_t>(request.payload->body.size());
      }
    }
    if (!in.status().ok()) co_return in.status();
    co_return response;
  }

  static asio::awaitable<tern::Result<void>> answer_each(
      tern::ServerContext& context, tern::Reader<StreamingOutputCallRequest> in, Out out) {
    echo_metadata(context);
    StreamingOutputCallRequest request;
    while (co_await in.read(request)) {
      tern::Status written = co_await write(context, request, out);
      if (!written.ok()) co_return written;
    }
    if (!in.status().ok()) co_return in.status();
    co_return tern::Result<void>();
  }
};

}  // namespace

int main() {
  tern::Server server;
  tern::Status ready = server.add(std::make_shared<TestServer>());
  tern::Result<tern::Endpoint> at = server.listen("tcp@127.0.0.1:0");
  if (!ready.ok() || !at.ok()) {
    std::cerr << ready.to_string() << ", " << at.status().to_string() << '\n';
    return 1;
  }
  std::cout << at->to_string() << std::endl;
  return tern::serve_until_signal(server).ok() ? 0 : 1;
}
