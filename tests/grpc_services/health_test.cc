// gRPC's health checks, as a client of gRPC sees them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "grpc/health/v1/health.service.h"
#include "grpc_services/shop.h"
#include "tern/grpc_services.h"

namespace tern::test {
namespace {

using namespace std::chrono_literals;

using grpc::health::v1::HealthCheckResponse;
using grpc::health::v1::HealthListResponse;
using grpc::health::v1::HealthStub;
using ::testing::HasSubstr;
using Status_ = grpc::health::v1::HealthCheckResponseServingStatus;

class HealthTest : public ::testing::Test {
 protected:
  void serve(HealthOptions options = HealthOptions(), ServerOptions server = ServerOptions()) {
    server_ = std::make_unique<TestServer>(std::move(server));
    ASSERT_TRUE(server_->add(shop_).ok());
    Result<Health> added = add_health(server_->server(), options);
    ASSERT_TRUE(added.ok()) << added.status().to_string();
    health_.emplace(std::move(*added));
    channel_ = server_->connect(ClientOptions(), kGrpcAddress);
    stub_.emplace(*channel_);
  }

  Result<Status_> check(std::string service) {
    Result<HealthCheckResponse> answer = stub_->Check({std::move(service)}).get();
    if (!answer.ok()) return answer.take_status();
    return answer->status;
  }
  ServerStream<HealthCheckResponse> watch(std::string service, CallOptions options = {}) {
    return stub_->Watch({std::move(service)}, std::move(options));
  }
  // The next status of the stream; nothing if it has ended.
  static std::optional<Status_> next(ServerStream<HealthCheckResponse>& stream) {
    HealthCheckResponse message;
    if (!stream.get(message)) return std::nullopt;
    return message.status;
  }
  // Whether nothing is there to read.
  bool is_quiet(ServerStream<HealthCheckResponse>& stream) {
    server_->settle();
    HealthCheckResponse message;
    return !stream.try_read(message) && stream.status().ok();
  }
  std::uint64_t watches_running() {
    server_->settle();
    for (const MethodStats& method : server_->server().stats().methods) {
      if (method.method == "Watch" && method.service == "grpc.health.v1.Health") {
        return method.running;
      }
    }
    ADD_FAILURE() << "no method Watch";
    return 0;
  }

  Health& health() { return *health_; }
  TestServer& server() { return *server_; }
  Shop& shop() { return *shop_; }
  HealthStub& stub() { return *stub_; }
  void disconnect() {
    stub_.reset();
    channel_.reset();
    server_->settle();
  }
  void reconnect() {
    channel_ = server_->connect(ClientOptions(), kGrpcAddress);
    stub_.emplace(*channel_);
  }

 private:
  std::shared_ptr<Shop> shop_ = std::make_shared<Shop>();
  std::unique_ptr<TestServer> server_;
  std::optional<Health> health_;
  std::unique_ptr<Client> channel_;
  std::optional<HealthStub> stub_;
};

// Probes have no tokens.
TEST_F(HealthTest, IsForEverybodyAlsoWithAnAuthenticator) {
  class Nobody final : public Authenticator {
    void authenticate(const Credentials&, Done done) override {
      done(Status(Code::kUnauthenticated, "nobody is known"));
    }
  };
  ServerOptions closed;
  closed.authenticator = std::make_shared<Nobody>();
  serve(HealthOptions(), std::move(closed));
  Result<Status_> status = check("");
  ASSERT_TRUE(status.ok()) << status.status().to_string();
  EXPECT_EQ(*status, Status_::SERVING);
}

TEST_F(HealthTest, SaysThatTheServerAndItsServicesServeFromTheFirst) {
  serve();
  EXPECT_EQ(*check(""), Status_::SERVING);
  EXPECT_EQ(*check("tests.shop.Shop"), Status_::SERVING);
  EXPECT_EQ(*check("grpc.health.v1.Health"), Status_::SERVING);
}

TEST_F(HealthTest, AnswersNotFoundForAServiceThatNobodyNamed) {
  serve();
  const Result<Status_> answer = check("tests.shop.Sho\n");
  EXPECT_EQ(answer.status().code(), Code::kNotFound);
  EXPECT_EQ(answer.status().message(), "health: there is no service \"tests.shop.Sho\\x0a\"");
}

TEST_F(HealthTest, SaysOfEachServiceWhatWasSaidLast) {
  serve();
  health().set_serving_status("tests.shop.Shop", false);
  health().set_serving_status("a.database", true);
  EXPECT_EQ(*check("tests.shop.Shop"), Status_::NOT_SERVING);
  EXPECT_EQ(*check("a.database"), Status_::SERVING);
  EXPECT_EQ(*check(""), Status_::SERVING);
  health().set_serving_status("", false);
  EXPECT_EQ(*check(""), Status_::NOT_SERVING);
  EXPECT_EQ(*check("a.database"), Status_::SERVING);
  health().set_serving_status("tests.shop.Shop", true);
  EXPECT_EQ(*check("tests.shop.Shop"), Status_::SERVING);
}

TEST_F(HealthTest, SaysOneThingOfAllServices) {
  serve();
  health().set_serving_status("a.database", true);
  health().set_serving_status_of_all(false);
  for (const char* service : {"", "tests.shop.Shop", "a.database"}) {
    EXPECT_EQ(*check(service), Status_::NOT_SERVING) << service;
  }
  health().set_serving_status("a.database", true);
  EXPECT_EQ(*check("a.database"), Status_::SERVING);
  health().set_serving_status_of_all(true);
  EXPECT_EQ(*check("tests.shop.Shop"), Status_::SERVING);
  EXPECT_EQ(check("another").status().code(), Code::kNotFound);
}

TEST_F(HealthTest, TakesBackWhatWasSaid) {
  serve();
  health().set_serving_status("a.database", true);
  health().set_serving_status("tests.shop.Shop", false);
  health().clear_serving_status("a.database");
  health().clear_serving_status("tests.shop.Shop");
  health().clear_serving_status("never.named");
  EXPECT_EQ(check("a.database").status().code(), Code::kNotFound);
  EXPECT_EQ(*check("tests.shop.Shop"), Status_::SERVING);
}

TEST_F(HealthTest, ListsEveryServiceThatIsKnown) {
  serve();
  health().set_serving_status("a.database", false);
  Result<HealthListResponse> listed = stub().List({}).get();
  ASSERT_TRUE(listed.ok()) << listed.status().to_string();
  std::map<std::string, HealthCheckResponse> expected = {
      {"", {Status_::SERVING}},
      {"a.database", {Status_::NOT_SERVING}},
      {"grpc.health.v1.Health", {Status_::SERVING}},
      {"tests.shop.Shop", {Status_::SERVING}}};
  EXPECT_EQ(listed->statuses, expected);
}

TEST_F(HealthTest, ListsUpToAHundredServices) {
  serve();
  for (int i = 0; i < 97; ++i) health().set_serving_status(std::to_string(i), true);
  EXPECT_EQ(stub().List({}).get()->statuses.size(), 100u);
  health().set_serving_status("one too many", true);
  const Result<HealthListResponse> listed = stub().List({}).get();
  EXPECT_EQ(listed.status().code(), Code::kResourceExhausted);
  EXPECT_EQ(listed.status().message(), "health: 101 services are known; List answers at most 100");
}

TEST_F(HealthTest, SendsAWatchTheStatusAtOnceAndThenEachChange) {
  serve();
  auto stream = watch("tests.shop.Shop");
  EXPECT_EQ(next(stream), Status_::SERVING);
  health().set_serving_status("tests.shop.Shop", false);
  EXPECT_EQ(next(stream), Status_::NOT_SERVING);
  health().set_serving_status("tests.shop.Shop", true);
  EXPECT_EQ(next(stream), Status_::SERVING);
}

TEST_F(HealthTest, SendsAWatchNothingThatIsNoChange) {
  serve();
  auto stream = watch("tests.shop.Shop");
  EXPECT_EQ(next(stream), Status_::SERVING);
  health().set_serving_status("tests.shop.Shop", true);
  health().set_serving_status("", false);
  health().set_serving_status_of_all(true);
  health().clear_serving_status("tests.shop.Shop");
  EXPECT_TRUE(is_quiet(stream));
}

TEST_F(HealthTest, TellsAWatchOfAnUnknownServiceWhenItBecomesKnown) {
  serve();
  auto stream = watch("a.database");
  EXPECT_EQ(next(stream), Status_::SERVICE_UNKNOWN);
  health().set_serving_status_of_all(false);
  EXPECT_TRUE(is_quiet(stream));
  health().set_serving_status("a.database", true);
  EXPECT_EQ(next(stream), Status_::SERVING);
  health().clear_serving_status("a.database");
  EXPECT_EQ(next(stream), Status_::SERVICE_UNKNOWN);
}

TEST_F(HealthTest, SendsAWatchThatDoesNotReadTheLatestStatusAlone) {
  serve();
  auto stream = watch("");
  EXPECT_EQ(next(stream), Status_::SERVING);
  constexpr int kChanges = 200001;
  for (int i = 0; i < kChanges; ++i) health().set_serving_status("", i % 2 == 1);
  int seen = 0;
  Status_ last = Status_::UNKNOWN;
  HealthCheckResponse message;
  for (server().settle(); stream.try_read(message); server().settle()) {
    EXPECT_NE(message.status, last);
    last = message.status;
    ++seen;
  }
  EXPECT_EQ(last, Status_::NOT_SERVING);
  EXPECT_LT(seen, kChanges / 2);
  EXPECT_TRUE(stream.status().ok());
}

TEST_F(HealthTest, TellsEveryWatchOfAService) {
  ServerOptions options;
  options.limits.streams = 1000;
  serve(HealthOptions(), std::move(options));
  std::vector<ServerStream<HealthCheckResponse>> streams;
  for (int i = 0; i < 200; ++i) streams.push_back(watch("tests.shop.Shop"));
  for (auto& stream : streams) EXPECT_EQ(next(stream), Status_::SERVING);
  health().set_serving_status("tests.shop.Shop", false);
  for (auto& stream : streams) EXPECT_EQ(next(stream), Status_::NOT_SERVING);
}

// With a limit of one, whatever is left of a watch is in the way of the next one.
TEST_F(HealthTest, ForgetsAWatchThatIsCancelled) {
  HealthOptions options;
  options.watches = 1;
  serve(options);
  for (int i = 0; i < 3; ++i) {
    auto stream = watch("tests.shop.Shop");
    EXPECT_EQ(next(stream), Status_::SERVING) << i;
    stream.cancel();
    EXPECT_EQ(watches_running(), 0u);
  }
}

TEST_F(HealthTest, ForgetsAWatchWhoseTimeIsUp) {
  HealthOptions options;
  options.watches = 1;
  serve(options);
  CallOptions limited;
  limited.timeout = 5s;
  auto stream = watch("a.database", limited);
  EXPECT_EQ(next(stream), Status_::SERVICE_UNKNOWN);
  server().advance(5s);
  EXPECT_EQ(next(stream), std::nullopt);
  EXPECT_EQ(stream.status().code(), Code::kDeadlineExceeded);
  EXPECT_EQ(watches_running(), 0u);
  auto another = watch("a.database");
  EXPECT_EQ(next(another), Status_::SERVICE_UNKNOWN);
}

TEST_F(HealthTest, ForgetsAWatchThatIsSilentForTooLong) {
  HealthOptions options;
  options.watches = 1;
  ServerOptions silence;
  silence.stream_idle_timeout = 30s;
  serve(options, std::move(silence));
  auto stream = watch("");
  EXPECT_EQ(next(stream), Status_::SERVING);
  server().advance(31s);
  EXPECT_EQ(next(stream), std::nullopt);
  EXPECT_EQ(watches_running(), 0u);
  auto another = watch("");
  EXPECT_EQ(next(another), Status_::SERVING);
}

TEST_F(HealthTest, ForgetsTheWatchesOfAConnectionThatIsLost) {
  HealthOptions options;
  options.watches = 1;
  serve(options);
  {
    auto stream = watch("");
    EXPECT_EQ(next(stream), Status_::SERVING);
    disconnect();
  }
  EXPECT_EQ(watches_running(), 0u);
  reconnect();
  auto another = watch("");
  EXPECT_EQ(next(another), Status_::SERVING);
  // And nobody writes to the one that is gone.
  health().set_serving_status("", false);
  EXPECT_EQ(next(another), Status_::NOT_SERVING);
}

TEST_F(HealthTest, RefusesAWatchBeyondItsLimit) {
  HealthOptions options;
  options.watches = 2;
  serve(options);
  auto first = watch("");
  auto second = watch("");
  EXPECT_EQ(next(first), Status_::SERVING);
  EXPECT_EQ(next(second), Status_::SERVING);
  auto third = watch("");
  EXPECT_EQ(next(third), std::nullopt);
  EXPECT_EQ(third.status().code(), Code::kResourceExhausted);
  EXPECT_EQ(third.status().message(),
            "health: 2 calls of Watch are open, which is the limit (HealthOptions::watches)");
  EXPECT_EQ(*check(""), Status_::SERVING);
}

TEST_F(HealthTest, RefusesToWatchANameThatNoServiceHas) {
  serve();
  auto longest = watch(std::string(1024, 'a'));
  EXPECT_EQ(next(longest), Status_::SERVICE_UNKNOWN);
  auto longer = watch(std::string(1025, 'a'));
  EXPECT_EQ(next(longer), std::nullopt);
  EXPECT_EQ(longer.status().code(), Code::kInvalidArgument);
  EXPECT_THAT(longer.status().message(), HasSubstr("has 1025 bytes; expected at most 1024"));
}

TEST_F(HealthTest, IsSetWithinAHandler) {
  serve();
  auto stream = watch("tests.shop.Shop");
  EXPECT_EQ(next(stream), Status_::SERVING);
  shop().on_find = [this] { health().set_serving_status("tests.shop.Shop", false); };
  auto channel = server().connect(ClientOptions(), kGrpcAddress);
  EXPECT_TRUE(tests::shop::ShopStub(*channel).Find("x").get().ok());
  EXPECT_EQ(next(stream), Status_::NOT_SERVING);
}

TEST_F(HealthTest, SaysNothingElseOnceItIsShutDown) {
  serve();
  auto stream = watch("");
  EXPECT_EQ(next(stream), Status_::SERVING);
  auto unknown = watch("a.database");
  EXPECT_EQ(next(unknown), Status_::SERVICE_UNKNOWN);
  health().shutdown();
  EXPECT_EQ(next(stream), Status_::NOT_SERVING);
  EXPECT_TRUE(is_quiet(unknown));
  health().set_serving_status_of_all(true);
  health().set_serving_status("a.database", true);
  EXPECT_TRUE(is_quiet(stream));
  EXPECT_EQ(next(unknown), Status_::NOT_SERVING);
  EXPECT_EQ(*check("tests.shop.Shop"), Status_::NOT_SERVING);
  EXPECT_EQ(*check("a.database"), Status_::NOT_SERVING);
}

TEST_F(HealthTest, AnswersOverOtherProtocols) {
  serve();
  auto own = server().connect();
  EXPECT_EQ(HealthStub(*own).Check({""}).get()->status, Status_::SERVING);
  auto http = server().connect(ClientOptions(), "connect+http@here:80");
  EXPECT_EQ(HealthStub(*http).Check({""}).get()->status, Status_::SERVING);
}

TEST_F(HealthTest, IsAddedOnceAndBeforeTheServerServes) {
  serve();
  EXPECT_EQ(add_health(server().server()).status().code(), Code::kAlreadyExists);
  EXPECT_EQ(*check(""), Status_::SERVING);
  EXPECT_EQ(add_health(server().server()).status().code(), Code::kFailedPrecondition);
}

TEST(HealthOfNoServer, TakesWhatIsSaidAndDoesNothing) {
  std::optional<Health> health;
  {
    Server server;
    health.emplace(*add_health(server));
  }
  health->set_serving_status("a.database", true);
  health->set_serving_status_of_all(false);
  health->clear_serving_status("a.database");
  health->shutdown();
}

// The loop of such a server may never run.
TEST(HealthOfNoServer, HoldsUpNoEndOfAServerThatWasNotUsed) {
  asio::io_context io;
  IoPool pool(io);
  Server server(pool);
  ASSERT_TRUE(add_health(server).ok());
  server.stop();
}

// Whoever is the last to say something is heard by all, whatever else happens.
TEST_F(HealthTest, IsSetByManyThreadsWhileWatchesComeAndGo) {
  serve();
  auto stream = watch("tests.shop.Shop");
  EXPECT_EQ(next(stream), Status_::SERVING);
  std::atomic<bool> done = false;
  std::vector<std::thread> threads;
  for (int i = 0; i < 2; ++i) {
    threads.emplace_back([this, &done, i] {
      for (bool serving = i == 0; !done; serving = !serving) {
        health().set_serving_status("tests.shop.Shop", serving);
        health().set_serving_status_of_all(serving);
      }
    });
  }
  for (int i = 0; i < 200; ++i) {
    auto other = watch(i % 2 == 0 ? "tests.shop.Shop" : "a.database");
    EXPECT_NE(next(other), std::nullopt);
  }
  done = true;
  for (std::thread& thread : threads) thread.join();
  health().set_serving_status("tests.shop.Shop", false);
  health().set_serving_status("tests.shop.Shop", true);
  Status_ last = Status_::UNKNOWN;
  HealthCheckResponse message;
  for (server().settle(); stream.try_read(message); server().settle()) last = message.status;
  EXPECT_EQ(last, Status_::SERVING);
  EXPECT_EQ(watches_running(), 1u);
}

}  // namespace
}  // namespace tern::test
