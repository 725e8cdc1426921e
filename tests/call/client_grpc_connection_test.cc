// The connection of a client that speaks gRPC: its end, and the pings on it.
#include <gmock/gmock.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/duration_text.h"
#include "call/client_grpc_fixture.h"
#include "call/ping_patience.h"

namespace tern::test {
namespace {

using testing::HasSubstr;

// The code of the GOAWAY among frames, or nothing.
std::optional<std::uint32_t> goaway_code(std::string_view frames) {
  const auto number = [&](std::size_t at, std::size_t bytes) {
    std::uint32_t value = 0;
    for (std::size_t i = at; i < at + bytes; ++i) {
      value = value << 8 | static_cast<unsigned char>(frames[i]);
    }
    return value;
  };
  constexpr std::size_t kFrameHead = 9;
  constexpr char kGoaway = 7;
  while (frames.size() >= kFrameHead) {
    if (frames[3] == kGoaway) return number(kFrameHead + 4, 4);
    frames.remove_prefix(std::min(frames.size(), kFrameHead + number(0, 3)));
  }
  return std::nullopt;
}

class ClientGrpcBroken : public ClientGrpc {
 protected:
  // DATA of no stream: a fault of the connection.
  void break_rules() {
    dialer->server(0).send(std::string("\0\0\1\0\0\0\0\0\0x", 10));
    loop.settle();
  }
};

TEST_F(ClientGrpcBroken, ServersAreToldBeforeTheConnectionEnds) {
  exchange_settings();
  auto outcome = multiply(1, 2);
  ServerStream<std::string> watching = relay().Watch("all");
  exchange();
  break_rules();
  EXPECT_EQ(outcome->ends, 1);
  EXPECT_EQ(outcome->code(), Code::kUnavailable);
  EXPECT_EQ(outcome->ran(), HandlerRan::kUnknown);
  EXPECT_THAT(outcome->message(), HasSubstr("cannot be read"));
  EXPECT_EQ(watching.status().code(), Code::kUnavailable);
  EXPECT_EQ(goaway_code(dialer->server(0).take_received()), kProtocolError);
  EXPECT_EQ(client().stats().calls_pending, 0u);
  loop.advance(2s);
  EXPECT_TRUE(dialer->client(0).closed());
}

TEST_F(ClientGrpcBroken, ServersAreFollowedByAnotherConnectionAtOnce) {
  exchange_settings();
  break_rules();
  auto next = multiply(3, 4);
  exchange(1);
  reply(1, number(12), kOk, 1);
  EXPECT_EQ(next->value(), 12);
  EXPECT_EQ(client().stats().connects, 2u);
}

// It waits for a window until the end, and nobody can have run it.
TEST_F(ClientGrpcBroken, ServersHaveNotRunWhatHadNotLeft) {
  settings.window = 3;
  exchange_settings();
  auto outcome = multiply(6, 7);
  exchange();
  break_rules();
  EXPECT_EQ(outcome->code(), Code::kUnavailable);
  EXPECT_EQ(outcome->ran(), HandlerRan::kNo);
}

TEST_F(ClientGrpcBroken, ServersThatDoNotReadHoldUpNoCall) {
  exchange_settings();
  dialer->client(0).block_writes(true);
  auto stuck = multiply(1, 2);
  loop.settle();
  break_rules();
  EXPECT_EQ(stuck->code(), Code::kUnavailable);
  EXPECT_EQ(stuck->ran(), HandlerRan::kUnknown);
  destroy_client();
  loop.settle();
  EXPECT_TRUE(dialer->client(0).closed());
}

TEST_F(ClientGrpcBroken, ServersMayEndAClientByItsOwnCallback) {
  exchange_settings();
  int ends = 0;
  stub().Multiply({1, 2}).then([&](const Result<std::int64_t>&) {
    ++ends;
    destroy_client();
  });
  auto other = multiply(3, 4);
  exchange();
  break_rules();
  EXPECT_EQ(ends, 1);
  EXPECT_EQ(other->code(), Code::kUnavailable);
  EXPECT_TRUE(dialer->client(0).closed());
}

class ClientGrpcPatience : public ClientGrpc {
 protected:
  ClientGrpcPatience() {
    options.keepalive_interval = 10s;
    options.keepalive_timeout = 5s;
    options.log = [this](std::string_view line) { lines_ += std::string(line) + "\n"; };
  }
  // Makes a connection, on which the server goes away, as if for the pings of a call.
  void go_away_on(std::size_t connection, std::uint32_t code, std::string_view text) {
    auto outcome = multiply(1, 2);
    exchange(connection);
    server(connection).go_away(1, 0);
    server(connection).go_away(1, code, text);
    server(connection).go_away(1, code, text);
    exchange(connection);
    dialer->server(connection).reset();
    loop.settle();
    EXPECT_EQ(outcome->code(), Code::kUnavailable);
  }
  // With a call that waits.
  void expect_ping_after(std::size_t connection, std::chrono::nanoseconds time) {
    auto outcome = multiply(1, 2);
    exchange(connection);
    loop.advance(time - 1s);
    EXPECT_EQ(dialer->server(connection).take_received(), "");
    loop.advance(1s);
    EXPECT_NE(dialer->server(connection).take_received(), "");
    loop.advance(5s);
    EXPECT_EQ(outcome->code(), Code::kUnavailable);
    EXPECT_THAT(outcome->message(),
                HasSubstr("nothing received for " + base::duration_text(time + 5s)));
  }

  std::string lines_;
};

TEST_F(ClientGrpcPatience, PingsLessWhenTheServerHasHadTooMany) {
  go_away_on(0, kEnhanceYourCalm, "too_many_pings");
  EXPECT_THAT(lines_, HasSubstr("too many pings"));
  expect_ping_after(1, 10min);
  go_away_on(2, kEnhanceYourCalm, "too_many_pings");
  expect_ping_after(3, 20min);
}

TEST_F(ClientGrpcPatience, PingsAsEverBehindOtherReasonsToGoAway) {
  go_away_on(0, kEnhanceYourCalm, "too_many_resets");
  go_away_on(1, 0, "too_many_pings");
  expect_ping_after(2, 5min);
}

TEST_F(ClientGrpcPatience, IsOfOneAddressAlone) {
  go_away_on(0, kEnhanceYourCalm, "too_many_pings");
  destroy_client();
  expect_ping_after(1, 5min);
}

TEST(PingPatienceTest, NeverPassesAllTimeThereIs) {
  call::PingPatience patience;
  EXPECT_EQ(patience.of(5min), 5min);
  EXPECT_EQ(patience.of(0s), 0s);
  patience.double_it();
  EXPECT_EQ(patience.of(5min), 10min);
  for (int i = 0; i < 1000; ++i) patience.double_it();
  EXPECT_EQ(patience.of(1ns), Clock::Duration::max());
  EXPECT_EQ(patience.of(0s), 0s);
}

}  // namespace
}  // namespace tern::test
