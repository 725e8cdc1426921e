// What HTTP/2 gives to every protocol of a client's that goes over it, with a server by hand.
#include <gmock/gmock.h>

#include <cstdint>
#include <optional>
#include <ostream>
#include <string>
#include <string_view>

#include "call/client_connect_h2_fixture.h"
#include "call/client_grpc_fixture.h"

namespace tern::test {
namespace {

using testing::HasSubstr;

// A protocol: how a server of it answers, and how it writes a text.
struct Spoken {
  const char* name;
  std::string_view address;
  const Fields& head;  // of a unary call's answer
  void (*answer)(Http2Server& server, std::int32_t stream, int value);
  void (*answer_stream)(Http2Server& server, std::int32_t stream, int value);
  std::string (*text)(std::string_view value);
};

void PrintTo(const Spoken& spoken, std::ostream* out) {
  *out << spoken.name;
}

void answer_grpc(Http2Server& server, std::int32_t stream, int value) {
  server.respond(stream, kHead);
  server.send(stream, grpc_message(std::string("\x08") + static_cast<char>(value)));
  server.finish(stream, kOk);
}

void answer_connect(Http2Server& server, std::int32_t stream, int value) {
  server.respond(stream, kUnaryHead);
  server.send(stream, std::to_string(value));
  server.finish(stream, {});
}

void answer_connect_stream(Http2Server& server, std::int32_t stream, int value) {
  server.respond(stream, kStreamHead);
  server.send(stream, envelope(std::to_string(value)) + envelope("{}", 2));
  server.finish(stream, {});
}

class ClientOverHttp2 : public ClientHttp2, public testing::WithParamInterface<Spoken> {
 protected:
  ClientOverHttp2() : ClientHttp2(GetParam().address) {}

  void answer(std::int32_t stream, int value) {
    GetParam().answer(server(), stream, value);
    exchange();
  }
  // A first call, so that the client knows what the server takes.
  void exchange_settings() {
    auto first = multiply(1, 1);
    server();
    exchange();
    answer(1, 1);
    EXPECT_EQ(first->value(), 1);
  }
};

TEST_P(ClientOverHttp2, CallsAreAnsweredInAnyOrder) {
  auto first = multiply(1, 2);
  auto second = multiply(3, 4);
  exchange();
  answer(3, 12);
  EXPECT_EQ(second->value(), 12);
  EXPECT_EQ(first->ends, 0);
  answer(1, 2);
  EXPECT_EQ(first->value(), 2);
  EXPECT_EQ(client().stats().calls_pending, 0u);
}

TEST_P(ClientOverHttp2, AStreamThatWasRefusedHasNotRun) {
  auto refused = multiply(1, 2);
  auto reset = multiply(3, 4);
  auto calm = multiply(5, 6);
  exchange();
  server().reset(1, kRefusedStream);
  server().reset(3, kCancel);
  server().reset(5, kEnhanceYourCalm);
  exchange();
  EXPECT_EQ(refused->code(), Code::kUnavailable);
  EXPECT_EQ(refused->ran(), HandlerRan::kNo);
  EXPECT_EQ(reset->code(), Code::kCancelled);
  EXPECT_EQ(reset->ran(), HandlerRan::kUnknown);
  EXPECT_EQ(calm->code(), Code::kResourceExhausted);
  EXPECT_EQ(calm->ran(), HandlerRan::kUnknown);
}

TEST_P(ClientOverHttp2, AStreamThatWasRefusedBehindItsHeadMayHaveRun) {
  auto outcome = multiply(1, 2);
  exchange();
  server().respond(1, GetParam().head);
  exchange();
  server().reset(1, kRefusedStream);
  exchange();
  EXPECT_EQ(outcome->code(), Code::kUnavailable);
  EXPECT_EQ(outcome->ran(), HandlerRan::kUnknown);
}

TEST_P(ClientOverHttp2, GoingAwayEndsWhatItsServerHasNotBegunAndLetsTheRestFinish) {
  auto begun = multiply(1, 2);
  auto late = multiply(3, 4);
  exchange();
  server().go_away(1, 0, "bye");
  exchange();
  EXPECT_EQ(late->code(), Code::kUnavailable);
  EXPECT_EQ(late->ran(), HandlerRan::kNo);
  EXPECT_EQ(begun->ends, 0);
  answer(1, 2);
  EXPECT_EQ(begun->value(), 2);
}

TEST_P(ClientOverHttp2, CallsBeyondTheStreamsOfTheServerWait) {
  settings.streams = 1;
  exchange_settings();
  auto first = multiply(1, 2);
  auto second = multiply(3, 4);
  auto third = multiply(5, 6, within(1s));
  exchange();
  EXPECT_EQ(server().requests().size(), 2u);  // with the one that has brought the settings
  loop.advance(1s);
  EXPECT_EQ(third->code(), Code::kDeadlineExceeded);
  EXPECT_EQ(third->ran(), HandlerRan::kNo);
  answer(3, 2);
  EXPECT_EQ(first->value(), 2);
  answer(5, 12);
  EXPECT_EQ(second->value(), 12);
}

TEST_P(ClientOverHttp2, ARequestThatWaitsForAWindowHasNotRunWhenTheConnectionIsLost) {
  settings.window = 3;
  exchange_settings();
  auto outcome = multiply(6, 7);
  exchange();
  EXPECT_EQ(server().request(3).body.size(), 3u);
  EXPECT_GT(client().stats().unsent_bytes, 0u);
  dialer->server(0).reset();
  loop.settle();
  EXPECT_EQ(outcome->code(), Code::kUnavailable);
  EXPECT_EQ(outcome->ran(), HandlerRan::kNo);
}

TEST_P(ClientOverHttp2, ARequestThatHasLeftMayHaveRunWhenTheConnectionIsLost) {
  settings.window = 3;
  exchange_settings();
  auto outcome = multiply(6, 7);
  exchange();
  server().open_window(3, 100);
  exchange();
  EXPECT_TRUE(server().request(3).ended);
  dialer->server(0).reset();
  loop.settle();
  EXPECT_EQ(outcome->code(), Code::kUnavailable);
  EXPECT_EQ(outcome->ran(), HandlerRan::kUnknown);
}

TEST_P(ClientOverHttp2, ADeadlineResetsTheStream) {
  auto outcome = multiply(1, 2, within(1s));
  exchange();
  loop.advance(1s);
  exchange();
  EXPECT_EQ(outcome->code(), Code::kDeadlineExceeded);
  EXPECT_EQ(outcome->ran(), HandlerRan::kUnknown);
  EXPECT_TRUE(server().request(1).over);
  EXPECT_EQ(server().request(1).reset, kCancel);
  auto next = multiply(3, 4);
  exchange();
  answer(3, 12);
  EXPECT_EQ(next->value(), 12);
}

// Its words come when the time is up, and before the client's own timer has fired.
TEST_P(ClientOverHttp2, ACancelBehindTheDeadlineIsTheDeadlines) {
  exchange_settings();
  auto outcome = multiply(1, 2, within(1s));
  ServerStream<std::string> watching = relay().Watch("all", within(1s));
  auto refused = multiply(3, 4, within(1s));
  exchange();
  server().reset(3, kCancel);
  server().reset(5, kCancel);
  server().reset(7, kRefusedStream);
  dialer->server(0).send(server().take_bytes());
  loop.clock().advance(1s);
  loop.settle();
  EXPECT_EQ(outcome->code(), Code::kDeadlineExceeded);
  EXPECT_THAT(outcome->message(), HasSubstr("has reset the stream (CANCEL)"));
  EXPECT_EQ(outcome->ran(), HandlerRan::kUnknown);
  EXPECT_EQ(watching.status().code(), Code::kDeadlineExceeded);
  EXPECT_EQ(refused->code(), Code::kUnavailable);
}

TEST_P(ClientOverHttp2, ACancelBeforeTheDeadlineIsTheServers) {
  exchange_settings();
  auto outcome = multiply(1, 2, within(1s));
  ServerStream<std::string> watching = relay().Watch("all", within(1s));
  exchange();
  loop.advance(1s - 1ns);
  server().reset(3, kCancel);
  server().reset(5, kCancel);
  exchange();
  EXPECT_EQ(outcome->code(), Code::kCancelled);
  EXPECT_EQ(watching.status().code(), Code::kCancelled);
}

// As often as gRPC's servers bear, since any server of HTTP/2 may count pings.
TEST_P(ClientOverHttp2, ASilentServerIsAskedNoMoreOftenThanServersBearAndThenLeft) {
  options.keepalive_interval = 10s;
  options.keepalive_timeout = 5s;
  auto outcome = multiply(1, 2);
  exchange();
  loop.advance(299s);
  EXPECT_EQ(dialer->server(0).take_received(), "");
  loop.advance(1s);
  exchange();
  loop.advance(5s);
  EXPECT_EQ(outcome->ends, 0);
  loop.advance(295s);
  EXPECT_NE(dialer->server(0).take_received(), "");
  loop.advance(5s);
  EXPECT_EQ(outcome->code(), Code::kUnavailable);
  EXPECT_EQ(outcome->ran(), HandlerRan::kUnknown);
}

TEST_P(ClientOverHttp2, StreamsHaveTheWindowsOfTheServer) {
  settings.window = 20;
  exchange_settings();
  ClientStream<std::string, std::int64_t> upload = relay().Upload();
  exchange();
  const std::string line(30, 'x');
  EXPECT_TRUE(upload.try_write(line));
  exchange();
  EXPECT_EQ(server().request(3).body.size(), 20u);
  server().open_window(3, 100);
  exchange();
  EXPECT_EQ(server().request(3).body, GetParam().text(line));
  std::optional<Result<std::int64_t>> result;
  upload.finish_then([&](Result<std::int64_t> sum) { result.emplace(std::move(sum)); });
  exchange();
  EXPECT_TRUE(server().request(3).ended);
  GetParam().answer_stream(server(), 3, 30);
  exchange();
  ASSERT_TRUE(result && result->ok()) << result->status().to_string();
  EXPECT_EQ(**result, 30);
}

INSTANTIATE_TEST_SUITE_P(
    Of, ClientOverHttp2,
    testing::Values(Spoken{"Grpc", "grpc+tcp@127.0.0.1:7", kHead, &answer_grpc, &answer_grpc,
                           [](std::string_view value) {
                             // StringValue.
                             return grpc_message("\x0a" +
                                                 std::string(1, static_cast<char>(value.size())) +
                                                 std::string(value));
                           }},
                    Spoken{"Connect", "connect-h2+tcp@127.0.0.1:7", kUnaryHead, &answer_connect,
                           &answer_connect_stream,
                           [](std::string_view value) {
                             return envelope("\"" + std::string(value) + "\"");
                           }}),
    [](const auto& spoken) { return std::string(spoken.param.name); });

}  // namespace
}  // namespace tern::test
