// What health checks say when a server goes away, frame by frame.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "serve/server_fixture.h"
#include "tern/grpc_services.h"
#include "wire/grpc/http2_client.h"

namespace tern::test {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

// RFC 9113, 4.1 and 6.
std::size_t frame_size(std::string_view bytes) {
  const auto byte = [bytes](std::size_t at) { return static_cast<unsigned char>(bytes[at]); };
  return 9u + (byte(0) << 16 | byte(1) << 8 | byte(2));
}

class HealthDrainTest : public ServerFixture {
 protected:
  void connect_grpc() {
    if (!health_) health_.emplace(*add_health(server(), limits_));
    client_ = std::make_unique<Http2Client>();
    peer_ = connect_silent();
    exchange();
  }
  std::int32_t watch(std::string_view service) {
    const std::int32_t stream = client_->begin(grpc_head("/grpc.health.v1.Health/Watch"));
    std::string request = "\x0a";
    request += static_cast<char>(service.size());
    client_->send(stream, grpc_message(request.append(service)), true);
    exchange();
    return stream;
  }
  void exchange() {
    for (std::string bytes = client_->take_bytes();; bytes = client_->take_bytes()) {
      peer_->send(bytes);
      settle();
      const std::string answer = peer_->end().take_received();
      take(answer);
      if (answer.empty() && bytes.empty()) return;
    }
  }
  // What the server says by itself, in the order of the wire.
  std::vector<std::string> said() {
    settle();
    std::string bytes = peer_->end().take_received();
    take(bytes);
    std::vector<std::string> out;
    for (std::string_view left = bytes; !left.empty(); left.remove_prefix(frame_size(left))) {
      constexpr unsigned char kData = 0;
      constexpr unsigned char kGoaway = 7;
      const auto type = static_cast<unsigned char>(left[3]);
      // A gRPC message of two bytes, field 1: the status.
      if (type == kData) out.push_back("status " + std::to_string(left[9 + 6]));
      if (type == kGoaway) out.emplace_back("goaway");
    }
    return out;
  }
  void expect_not_serving_before_goaway() {
    std::vector<std::string> all;
    while (client_->goaways().empty()) {
      for (std::string& one : said()) all.push_back(std::move(one));
    }
    ASSERT_GE(all.size(), 2u);
    EXPECT_EQ(all[0], "status 2");
    EXPECT_EQ(all[1], "goaway");
  }
  std::string_view ended_with(std::int32_t stream) {
    return client_->answer(stream).field("grpc-status");
  }
  std::string_view why(std::int32_t stream) {
    return client_->answer(stream).field("grpc-message");
  }
  // The first message that the stream was sent.
  int first_status(std::int32_t stream) { return client_->answer(stream).body.at(6); }
  Health& health() { return *health_; }
  Http2Client& client() { return *client_; }
  Peer& peer() { return *peer_; }

 private:
  void take(std::string_view bytes) { client_->receive(bytes); }

  HealthOptions limits_;
  std::optional<Health> health_;
  std::unique_ptr<Http2Client> client_;
  std::unique_ptr<Peer> peer_;
};

TEST_F(HealthDrainTest, SaysNotServingBeforeTheServerSaysThatItGoesAway) {
  connect_grpc();
  const std::int32_t stream = watch("");
  EXPECT_EQ(first_status(stream), 1);
  begin_stop(1h);
  expect_not_serving_before_goaway();
}

// All of it in the turns that the test runs now.
TEST_F(HealthDrainTest, SaysSoFirstAlsoIfNobodyWaitsForTheEnd) {
  connect_grpc();
  const std::int32_t stream = watch("");
  EXPECT_EQ(first_status(stream), 1);
  server().async_stop(1h, [] {});
  expect_not_serving_before_goaway();
}

TEST_F(HealthDrainTest, EndsItsWatchesSoThatNoDrainWaitsForThem) {
  connect_grpc();
  const std::int32_t stream = watch("");
  const std::int32_t unknown = watch("a.database");
  EXPECT_EQ(first_status(unknown), 3);
  begin_drain(1h);
  exchange();
  EXPECT_EQ(ended_with(stream), "14");
  EXPECT_EQ(why(stream), "health: the server goes away");
  EXPECT_EQ(ended_with(unknown), "14");
  peer().end().close();
  finish_stop();
  EXPECT_TRUE(stopped());
}

TEST_F(HealthDrainTest, HoldsUpNoEndForAWatchThatTakesNothing) {
  connect_grpc();
  const std::int32_t stream = watch("");
  EXPECT_EQ(first_status(stream), 1);
  peer().server_end().block_writes(true);
  begin_stop(0s);
  while (!stopped()) {
    settle();
    advance(1s);
  }
  finish_stop();
}

TEST_F(HealthDrainTest, SaysNothingOfTheServerWhenOneConnectionIsTooOld) {
  options().max_connection_age = 100s;
  options().random = [] { return 0.5; };
  connect_grpc();
  const std::int32_t stream = watch("");
  const std::size_t before = client().answer(stream).body.size();
  advance(100s);
  exchange();
  EXPECT_THAT(client().goaways(), testing::Not(IsEmpty()));
  EXPECT_EQ(ended_with(stream), "14");
  EXPECT_EQ(client().answer(stream).body.size(), before);
}

}  // namespace
}  // namespace tern::test
