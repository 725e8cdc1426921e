// Runs gRPC's interop cases against a server of another implementation:
//   grpc_case_client PEER ADDRESS
// PEER is grpcio, grpc-js or grpc++: what those cannot do is known here, and is looked at all the
// same. If ADDRESS is one of TLS, CERTIFICATES in the environment is the directory of
// make_certificates.sh, with a pair "client". A line for each case says whether it passes; the exit
// status is 0 if nothing was unexpected.
#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <initializer_list>
#include <iostream>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "interop/grpc/all_cases.h"
#include "support/cutting_proxy.h"
#include "tern/codegen/type_ops_of.h"
#include "tern/tern.h"
#include "tern/tls.h"
#include "test_service.service.h"

namespace {

using namespace grpc::testing;
using tern::test::Verdict;
using Failure = tern::test::CaseFailure;

constexpr std::int32_t kLargeRequest = 271828;
constexpr std::int32_t kLargeResponse = 314159;

void expect(bool good, const std::string& what) {
  if (!good) throw Failure(what);
}

template <typename T>
void expect_equal(std::string_view what, const T& seen, const T& wanted) {
  if (seen == wanted) return;
  throw Failure(std::string(what) + ": expected " + std::to_string(wanted) + ", came " +
                std::to_string(seen));
}

void expect_code(std::string_view what, const tern::Status& status, tern::Code wanted) {
  expect(status.code() == wanted, std::string(what) + ": expected " + tern::code_name(wanted) +
                                      ", came " + status.to_string());
}

Payload zeros(std::int32_t size) {
  Payload payload;
  payload.body.resize(static_cast<std::size_t>(size));
  return payload;
}

SimpleRequest large_request() {
  SimpleRequest request;
  request.response_size = kLargeResponse;
  request.payload = zeros(kLargeRequest);
  return request;
}

StreamingOutputCallRequest asks_for(std::initializer_list<std::int32_t> sizes,
                                    std::int32_t payload = 0) {
  StreamingOutputCallRequest request;
  for (const std::int32_t size : sizes) {
    ResponseParameters wanted;
    wanted.size = size;
    request.response_parameters.push_back(wanted);
  }
  if (payload > 0) request.payload = zeros(payload);
  return request;
}

std::int32_t size_of(const std::optional<Payload>& payload) {
  return payload ? static_cast<std::int32_t>(payload->body.size()) : 0;
}

class Cases {
 public:
  Cases(std::string_view peer, const std::string& address, const tern::Endpoint& endpoint,
        const tern::ClientOptions& options)
      : peer_(peer),
        client_(address, options),
        stub_(client_),
        proxy_(endpoint.port),
        counted_(address_of(proxy_, endpoint), options) {}

  Verdict empty_unary() {
    expect_code("EmptyCall", stub_.EmptyCall(Empty(), within()).get().status(), tern::Code::kOk);
    return {};
  }

  Verdict large_unary() {
    expect_large(stub_.UnaryCall(large_request(), within()).get());
    return {};
  }

  Verdict client_compressed_unary() {
    if (has_probe()) {
      SimpleRequest probe = large_request();
      probe.expect_compressed = BoolValue(true);
      expect_code("the probe", stub_.UnaryCall(probe, within()).get().status(),
                  tern::Code::kInvalidArgument);
    }
    for (const bool compressed : {true, false}) {
      SimpleRequest request = large_request();
      request.expect_compressed = BoolValue(compressed);
      const std::uint64_t sent =
          travelled([&] {
            expect_large(counted().UnaryCall(request, within(compressed)).get());
          }).sent;
      expect_short("the request", sent, kLargeRequest, compressed);
    }
    return has_probe() ? Verdict() : Verdict{true, std::string(kNoProbe)};
  }

  Verdict server_compressed_unary() {
    const bool can = peer_ != "grpc-js";
    for (const bool compressed : {true, false}) {
      SimpleRequest request = large_request();
      request.response_compressed = BoolValue(compressed);
      const std::uint64_t received =
          travelled([&] { expect_large(counted().UnaryCall(request, within()).get()); }).received;
      expect_short("the response", received, kLargeResponse, compressed && can);
    }
    return can ? Verdict() : Verdict{false, std::string(kServerCompressesNothing)};
  }

  Verdict client_compressed_streaming() {
    if (has_probe()) {
      auto probe = stub_.StreamingInputCall(within());
      StreamingInputCallRequest request;
      request.expect_compressed = BoolValue(true);
      request.payload = zeros(27182);
      expect(probe.put(request), "the probe was not written");
      expect_code("the probe", probe.finish_get().status(), tern::Code::kInvalidArgument);
    }
    const std::uint64_t sent =
        travelled([&] {
          tern::ClientStream<StreamingInputCallRequest, StreamingInputCallResponse> stream =
              counted().StreamingInputCall(within(true));
          StreamingInputCallRequest request;
          request.expect_compressed = BoolValue(true);
          request.payload = zeros(27182);
          expect(stream.put(request), "the compressed message was not written");
          stream.set_compression(tern::Compression::kIdentity);
          request.expect_compressed = BoolValue(false);
          request.payload = zeros(45904);
          expect(stream.put(request), "the other message was not written");
          expect_sum(stream.finish_get(), 73086);
        }).sent;
    expect_between("the stream", sent, 45904, 45904 + 27182 / 10);
    return has_probe() ? Verdict() : Verdict{true, std::string(kNoProbe)};
  }

  Verdict server_compressed_streaming() {
    const bool can = peer_ != "grpc-js";
    const std::uint64_t received = travelled([&] {
                                     StreamingOutputCallRequest request = asks_for({31415, 92653});
                                     request.response_parameters[0].compressed = BoolValue(true);
                                     request.response_parameters[1].compressed = BoolValue(false);
                                     tern::ServerStream<StreamingOutputCallResponse> stream =
                                         counted().StreamingOutputCall(request, within());
                                     expect_sizes(stream, {31415, 92653});
                                   }).received;
    if (!can) {
      expect_between("the responses", received, 31415 + 92653, 31415 + 92653 + 31415);
      return {false, std::string(kServerCompressesNothing)};
    }
    expect_between("the responses", received, 92653, 92653 + 31415 / 2);
    return {};
  }

  Verdict client_streaming() {
    tern::ClientStream<StreamingInputCallRequest, StreamingInputCallResponse> stream =
        stub_.StreamingInputCall(within());
    for (const std::int32_t size : {27182, 8, 1828, 45904}) {
      StreamingInputCallRequest request;
      request.payload = zeros(size);
      expect(stream.put(request), "a message was not written");
    }
    expect_sum(stream.finish_get(), 74922);
    return {};
  }

  Verdict server_streaming() {
    tern::ServerStream<StreamingOutputCallResponse> stream =
        stub_.StreamingOutputCall(asks_for({31415, 9, 2653, 58979}), within());
    expect_sizes(stream, {31415, 9, 2653, 58979});
    return {};
  }

  Verdict ping_pong() {
    auto stream = stub_.FullDuplexCall(within());
    const std::array<std::pair<std::int32_t, std::int32_t>, 4> turns = {
        {{31415, 27182}, {9, 8}, {2653, 1828}, {58979, 45904}}};
    for (const auto& [response, payload] : turns) {
      expect(stream.put(asks_for({response}, payload)), "a message was not written");
      expect_equal("a response", next_size(stream), response);
    }
    stream.end_writing();
    expect_end(stream);
    return {};
  }

  Verdict empty_stream() {
    auto stream = stub_.FullDuplexCall(within());
    stream.end_writing();
    expect_end(stream);
    return {};
  }

  Verdict custom_metadata() {
    tern::CallOptions options = within();
    const std::string initial = "test_initial_metadata_value";
    const std::string trailing = "\xab\xab\xab";
    options.metadata.add("x-grpc-test-echo-initial", initial);
    options.metadata.add("x-grpc-test-echo-trailing-bin", trailing);
    const auto expect_echo = [&](const tern::Metadata& first, const tern::Metadata& last) {
      expect(first.get("x-grpc-test-echo-initial") == initial, "the initial metadata");
      expect(last.get("x-grpc-test-echo-trailing-bin") == trailing, "the trailing metadata");
    };
    tern::Call<SimpleResponse> call = stub_.UnaryCall(large_request(), options);
    expect_large(call.get());
    expect_echo(call.initial_metadata(), call.reply_metadata());
    auto stream = stub_.FullDuplexCall(options);
    expect(stream.put(asks_for({kLargeResponse}, kLargeRequest)), "the message was not written");
    stream.end_writing();
    expect_equal("the response", next_size(stream), kLargeResponse);
    expect_end(stream);
    expect_echo(stream.initial_metadata(), stream.trailing_metadata());
    return {};
  }

  Verdict status_code_and_message() {
    const std::string text = "test status message";
    SimpleRequest request;
    request.response_status = EchoStatus(2, text);
    expect_status(stub_.UnaryCall(request, within()).get().status(), text);
    auto stream = stub_.FullDuplexCall(within());
    StreamingOutputCallRequest asked;
    asked.response_status = EchoStatus(2, text);
    expect(stream.put(asked), "the message was not written");
    stream.end_writing();
    expect(next_size(stream) < 0, "a response came; expected none");
    expect_status(stream.status(), text);
    return {};
  }

  Verdict special_status_message() {
    const std::string text =
        "\t\ntest with whitespace\r\nand Unicode BMP \u263a and non-BMP \U0001f608\t\n";
    SimpleRequest request;
    request.response_status = EchoStatus(2, text);
    expect_status(stub_.UnaryCall(request, within()).get().status(), text);
    return {};
  }

  Verdict unimplemented_method() {
    expect_unimplemented("grpc.testing.TestService");
    return {};
  }
  Verdict unimplemented_service() {
    expect_unimplemented("grpc.testing.UnimplementedService");
    return {};
  }

  Verdict cancel_after_begin() {
    auto stream = stub_.StreamingInputCall(within());
    stream.cancel();
    expect_code("the stream", stream.finish_get().status(), tern::Code::kCancelled);
    return {};
  }

  Verdict cancel_after_first_response() {
    auto stream = stub_.FullDuplexCall(within());
    expect(stream.put(asks_for({31415}, 27182)), "the message was not written");
    expect_equal("the response", next_size(stream), 31415);
    stream.cancel();
    expect(next_size(stream) < 0, "a response came behind the cancel");
    expect_code("the stream", stream.status(), tern::Code::kCancelled);
    return {};
  }

  Verdict timeout_on_sleeping_server() {
    tern::CallOptions options;
    options.timeout = std::chrono::milliseconds(1);
    auto stream = stub_.FullDuplexCall(options);
    stream.put(asks_for({}, 27182));  // the time may be up already
    expect(next_size(stream) < 0, "a response came; expected none");
    expect_code("the stream", stream.status(), tern::Code::kDeadlineExceeded);
    return {};
  }

 private:
  static constexpr std::string_view kNoProbe =
      "without the probe: a handler cannot see whether a request was compressed, so that bytes are "
      "counted on the way";
  static constexpr std::string_view kServerCompressesNothing =
      "a server of grpc-js compresses nothing";

  static std::string address_of(const tern::test::CuttingProxy& proxy,
                                const tern::Endpoint& endpoint) {
    return std::string(endpoint.over_tls() ? "grpc+tls" : "grpc+tcp") +
           "@127.0.0.1:" + std::to_string(proxy.port());
  }
  static tern::CallOptions within(bool compressed = false) {
    tern::CallOptions options;
    options.timeout = std::chrono::seconds(60);
    if (compressed) options.grpc_compression = tern::Compression::kGzip;
    return options;
  }
  // Whether the server's handlers see how a request came.
  bool has_probe() const { return peer_ == "grpc++"; }
  // Through the proxy, which counts bytes.
  TestServiceStub counted() { return TestServiceStub(counted_); }

  struct Travelled {
    std::uint64_t sent = 0;
    std::uint64_t received = 0;
  };
  template <typename Run>
  Travelled travelled(Run run) {
    const Travelled before{proxy_.request_bytes(), proxy_.answer_bytes()};
    run();
    return {proxy_.request_bytes() - before.sent, proxy_.answer_bytes() - before.received};
  }
  static void expect_between(std::string_view what, std::uint64_t bytes, std::uint64_t least,
                             std::uint64_t most) {
    expect(bytes >= least && bytes < most, std::string(what) + ": " + std::to_string(bytes) +
                                               " bytes went; expected " + std::to_string(least) +
                                               " to " + std::to_string(most));
  }
  // Compressed or not.
  static void expect_short(std::string_view what, std::uint64_t bytes, std::int32_t size,
                           bool compressed) {
    const auto whole = static_cast<std::uint64_t>(size);
    expect_between(what, bytes, compressed ? 1 : whole, compressed ? whole / 10 : 2 * whole);
  }

  static void expect_large(const tern::Result<SimpleResponse>& response) {
    expect_code("UnaryCall", response.status(), tern::Code::kOk);
    expect(response->payload == zeros(kLargeResponse), "the response is not of so many zeros");
  }
  static void expect_sum(const tern::Result<StreamingInputCallResponse>& response,
                         std::int32_t wanted) {
    expect_code("StreamingInputCall", response.status(), tern::Code::kOk);
    expect_equal("the sum", response->aggregated_payload_size, wanted);
  }
  // -1: there is none.
  template <typename Stream>
  static std::int32_t next_size(Stream& stream) {
    StreamingOutputCallResponse response;
    return stream.get(response) ? size_of(response.payload) : -1;
  }
  template <typename Stream>
  static void expect_end(Stream& stream) {
    expect_equal("what comes behind the last response", next_size(stream), std::int32_t{-1});
    expect_code("the stream", stream.status(), tern::Code::kOk);
  }
  template <typename Stream>
  static void expect_sizes(Stream& stream, std::initializer_list<std::int32_t> sizes) {
    for (const std::int32_t size : sizes) expect_equal("a response", next_size(stream), size);
    expect_end(stream);
  }
  static void expect_status(const tern::Status& status, std::string_view text) {
    expect_code("the call", status, tern::Code::kUnknown);
    expect(status.message() == text, "the text: " + std::string(status.message()));
  }
  void expect_unimplemented(std::string_view service) {
    const tern::Method method{.service = service,
                              .name = "UnimplementedCall",
                              .id = tern::method_id(service, "UnimplementedCall"),
                              .argument = &tern::type_ops<Empty>,
                              .result = &tern::type_ops<Empty>,
                              .errors = {},
                              .timeout = std::chrono::nanoseconds(0),
                              .idempotent = false};
    const Empty empty;
    expect_code("UnimplementedCall",
                tern::start_call<Empty>(client_, method, &empty, within()).get().status(),
                tern::Code::kUnimplemented);
  }

  const std::string_view peer_;
  tern::Client client_;
  TestServiceStub stub_;
  tern::test::CuttingProxy proxy_;
  tern::Client counted_;
};

// Mutual TLS.
tern::Status set_credentials(tern::ClientOptions& options) {
#ifdef TERN_CASES_OVER_TLS
  const char* directory = std::getenv("CERTIFICATES");
  const std::string at = directory ? directory : ".";
  tern::tls::CertificateFiles files;
  files.authorities = at + "/authority.pem";
  files.chain = at + "/client.pem";
  files.key = at + "/client.key";
  auto made = tern::tls::channel_credentials(files);
  if (!made.ok()) return made.take_status();
  options.credentials = *made;
  return {};
#else
  (void)options;
  return tern::Status(tern::Code::kUnimplemented, "this program was built without TLS");
#endif
}

}  // namespace

int main(int argc, char** argv) {
  const std::string address = argc == 3 ? argv[2] : "";
  const tern::Result<tern::Endpoint> endpoint = tern::parse_endpoint(address);
  if (!endpoint.ok()) {
    std::cerr << "grpc_case_client: expected a peer and its address: "
              << endpoint.status().to_string() << '\n';
    return 2;
  }
  tern::ClientOptions options;
  if (endpoint->over_tls()) {
    if (tern::Status failure = set_credentials(options); !failure.ok()) {
      std::cerr << "grpc_case_client: " << failure.to_string() << '\n';
      return 2;
    }
  }
  Cases cases(argv[1], address, *endpoint, options);
  return tern::test::run_all_cases(cases) ? 0 : 1;
}
