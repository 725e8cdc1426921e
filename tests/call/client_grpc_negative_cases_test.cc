// The negative HTTP/2 cases of gRPC's interop tests: servers that break a call, and a client that
// bears it.
#include <gmock/gmock.h>

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "call/client_grpc_fixture.h"

namespace tern::test {
namespace {

using testing::HasSubstr;

constexpr std::uint32_t kNoError = 0;

class GrpcNegativeCases : public ClientGrpc {
 protected:
  GrpcNegativeCases() { settings.window = 1 << 20; }

  OutcomePtr<std::string> large_unary() { return watch(stub().Echo(large_request_)); }
  // Until the request on this stream has come, whatever windows it takes.
  void await_request(std::int32_t stream, std::size_t connection = 0) {
    server(connection).open_window(0, 1 << 20);
    exchange(connection);
    ASSERT_TRUE(server(connection).request(stream).ended);
    ASSERT_EQ(server(connection).request(stream).body, grpc_message(text(large_request_)));
  }
  void reply_large(std::int32_t stream, std::size_t connection = 0) {
    reply(stream, text(large_response_), kOk, connection);
  }
  void expect_large(const OutcomePtr<std::string>& outcome) {
    ASSERT_TRUE(outcome->ok()) << outcome->message();
    EXPECT_TRUE(outcome->value() == large_response_);
  }
  // Sends so much of the response, and resets the stream without an error.
  void expect_reset_behind(std::size_t size) {
    auto outcome = large_unary();
    await_request(1);
    server().respond(1, kHead);
    server().send(1, grpc_message(text(large_response_)).substr(0, size));
    exchange();
    EXPECT_EQ(outcome->ends, 0);
    server().reset(1, kNoError);
    exchange();
    EXPECT_EQ(outcome->ends, 1);
    EXPECT_EQ(outcome->code(), Code::kInternal);
    EXPECT_THAT(outcome->message(), HasSubstr("has reset the stream (NO_ERROR)"));
    EXPECT_EQ(outcome->ran(), HandlerRan::kUnknown);
    EXPECT_EQ(client().stats().calls_pending, 0u);
  }

  const std::string large_request_ = std::string(271828, '\0');
  const std::string large_response_ = std::string(314159, '\0');
};

TEST_F(GrpcNegativeCases, Goaway) {
  auto first = large_unary();
  await_request(1);
  server().go_away(1);
  exchange();
  auto second = large_unary();
  await_request(1, 1);
  reply_large(1);
  expect_large(first);
  reply_large(1, 1);
  expect_large(second);
  EXPECT_EQ(server().requests().size(), 1u);
}

TEST_F(GrpcNegativeCases, RstAfterHeader) {
  expect_reset_behind(0);
}

TEST_F(GrpcNegativeCases, RstDuringData) {
  expect_reset_behind(large_response_.size() / 2);
}

TEST_F(GrpcNegativeCases, RstAfterData) {
  expect_reset_behind(large_response_.size() + 100);
}

TEST_F(GrpcNegativeCases, Ping) {
  auto outcome = large_unary();
  await_request(1);
  server().ping();
  server().respond(1, kHead);
  server().ping();
  exchange();
  server().ping();
  server().send(1, grpc_message(text(large_response_)));
  server().ping();
  exchange();
  server().finish(1, kOk);
  exchange();
  expect_large(outcome);
  EXPECT_EQ(server().pings_unanswered(), 0);
}

TEST_F(GrpcNegativeCases, MaxStreams) {
  auto initial = large_unary();
  await_request(1);
  server().limit_streams(1);
  reply_large(1);
  expect_large(initial);
  std::vector<OutcomePtr<std::string>> outcomes;
  for (int i = 0; i < 10; ++i) outcomes.push_back(large_unary());
  for (std::int32_t stream = 3; stream <= 21; stream += 2) {
    await_request(stream);
    const auto& requests = server().requests();
    EXPECT_EQ(std::count_if(requests.begin(), requests.end(),
                            [](const auto& one) { return !one.second.over; }),
              1);
    reply_large(stream);
  }
  for (const auto& outcome : outcomes) expect_large(outcome);
  EXPECT_EQ(client().stats().connects, 1u);
}

}  // namespace
}  // namespace tern::test
