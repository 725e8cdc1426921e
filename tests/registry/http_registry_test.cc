// Both halves of the HTTP registry on sockets, with servers and a cluster.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "registry/watched_discovery.h"
#include "tern/http_registry.h"
#include "tern/server.h"

namespace tern::test {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class HttpRegistryTest : public ::testing::Test {
 protected:
  void start_registry(std::string_view where = "tcp@127.0.0.1:0") {
    registry_server_.emplace();
    ASSERT_TRUE(add_http_registry(*registry_server_).ok());
    Result<Endpoint> listening = registry_server_->listen(where);
    ASSERT_TRUE(listening.ok()) << listening.status().to_string();
    endpoint_ = *listening;
  }
  void stop_registry() { registry_server_.reset(); }

  std::shared_ptr<Registry> open() {
    std::string where = endpoint_.to_string();
    Result<std::shared_ptr<Registry>> registry =
        Registries().open("http@" + where.substr(where.find('@') + 1), pool_);
    EXPECT_TRUE(registry.ok()) << registry.status().to_string();
    return *registry;
  }

  IoPool pool_{2};
  std::optional<Server> registry_server_;
  Endpoint endpoint_;
};

TEST_F(HttpRegistryTest, ClientsSeeServersComeAndGo) {
  start_registry();
  std::shared_ptr<Registry> registry = open();
  WatchedDiscovery seen(registry->discover("arith.Arith"));
  WatchedDiscovery other(registry->discover("other.Other"));
  EXPECT_THAT(seen.until({}), IsEmpty());

  Server server;
  Result<Endpoint> where = server.listen("tcp@127.0.0.1:0");
  ASSERT_TRUE(where.ok());
  Status announced = announce(server, *registry, "arith.Arith", Instance());
  ASSERT_TRUE(announced.ok()) << announced.to_string();
  EXPECT_THAT(seen.until({where->to_string()}), ElementsAre(where->to_string()));

  auto second = registry->announce("arith.Arith", Instance(*parse_endpoint("tcp@127.0.0.1:1")));
  EXPECT_THAT(seen.until({"tcp@127.0.0.1:1", where->to_string()}),
              ElementsAre("tcp@127.0.0.1:1", where->to_string()));
  second.reset();
  EXPECT_THAT(seen.until({where->to_string()}), ElementsAre(where->to_string()));

  server.stop(std::chrono::seconds(0));
  EXPECT_THAT(seen.until({}), IsEmpty());
  EXPECT_THAT(other.until({}), IsEmpty());
}

TEST_F(HttpRegistryTest, AServerIsWithdrawnBeforeItStopsToAnswer) {
  start_registry();
  std::shared_ptr<Registry> registry = open();
  WatchedDiscovery seen(registry->discover("x"));
  std::optional<Server> server(std::in_place);
  Result<Endpoint> where = server->listen("tcp@127.0.0.1:0");
  ASSERT_TRUE(where.ok());
  std::vector<std::string> during;
  // Runs behind the withdrawal: the last one that was added comes first.
  server->before_stop([&] { during = seen.until({}); });
  ASSERT_TRUE(announce(*server, *registry, "x", Instance()).ok());
  ASSERT_THAT(seen.until({where->to_string()}), ElementsAre(where->to_string()));
  during = {"not asked"};
  server.reset();
  EXPECT_THAT(during, IsEmpty());
}

TEST_F(HttpRegistryTest, AServerIsListedAgainAfterARestart) {
  start_registry();
  std::shared_ptr<Registry> registry = open();
  auto registration = registry->announce("x", Instance(*parse_endpoint("tcp@127.0.0.1:1")));
  WatchedDiscovery seen(registry->discover("x"));
  ASSERT_THAT(seen.until({"tcp@127.0.0.1:1"}), ElementsAre("tcp@127.0.0.1:1"));

  std::string where = endpoint_.to_string();
  stop_registry();
  start_registry(where);
  // A client that begins now knows only what the registry says.
  WatchedDiscovery fresh(registry->discover("x"));
  EXPECT_THAT(fresh.until({"tcp@127.0.0.1:1"}), ElementsAre("tcp@127.0.0.1:1"));
  EXPECT_TRUE(registration->status().ok()) << registration->status().to_string();
  EXPECT_THAT(seen.until({"tcp@127.0.0.1:1"}), ElementsAre("tcp@127.0.0.1:1"));
}

TEST_F(HttpRegistryTest, ThingsEndInAnyOrderWhereThereIsNoRegistry) {
  endpoint_ = *parse_endpoint("tcp@127.0.0.1:1");  // nobody listens there
  std::shared_ptr<Registry> registry = open();
  auto discovery = registry->discover("x");
  auto registration = registry->announce("x", Instance(*parse_endpoint("tcp@127.0.0.1:2")));
  registry.reset();
  registration.reset();
  EXPECT_FALSE(discovery->view().known());
}

// --- announce() ---

class AnnounceTest : public HttpRegistryTest {
 protected:
  std::string refusal(Instance instance) {
    Status status = announce(server_, *open(), "x", std::move(instance));
    return status.to_string();
  }
  static Instance at(std::string_view address) { return Instance(*parse_endpoint(address)); }

  Server server_;
};

TEST_F(AnnounceTest, FailsWhileTheServerListensNowhere) {
  start_registry();
  EXPECT_THAT(refusal(Instance()), HasSubstr("call listen() first"));
  EXPECT_THAT(refusal(at("tcp@10.0.0.1:0")), HasSubstr("call listen() first"));
}

TEST_F(AnnounceTest, FailsForAnAddressThatMeansEveryOne) {
  start_registry();
  ASSERT_TRUE(server_.listen("tcp@0.0.0.0:0").ok());
  EXPECT_THAT(refusal(Instance()), HasSubstr("means every address of this machine"));
  EXPECT_THAT(refusal(at("tcp@[::]:7000")), HasSubstr("\"tcp@10.0.0.1:7000\""));
  EXPECT_EQ(refusal(at("tcp@10.0.0.1:7000")), "ok");
}

TEST_F(AnnounceTest, TakesThePortThatTheServerWasGiven) {
  start_registry();
  Result<Endpoint> where = server_.listen("tcp@0.0.0.0:0");
  ASSERT_TRUE(where.ok());
  std::shared_ptr<Registry> registry = open();
  ASSERT_TRUE(announce(server_, *registry, "x", at("tcp@127.0.0.1:0")).ok());
  std::string listed = "tcp@127.0.0.1:" + std::to_string(where->port);
  WatchedDiscovery seen(registry->discover("x"));
  EXPECT_THAT(seen.until({listed}), ElementsAre(listed));
}

TEST_F(AnnounceTest, FailsForWhatNoListCouldCarry) {
  start_registry();
  ASSERT_TRUE(server_.listen("tcp@127.0.0.1:0").ok());
  Instance instance;
  instance.zone = std::string(300, 'z');
  EXPECT_THAT(refusal(instance), HasSubstr("X-Tern-Zone"));
}

TEST_F(AnnounceTest, FailsForAServerThatHasBeenStopped) {
  start_registry();
  ASSERT_TRUE(server_.listen("tcp@127.0.0.1:0").ok());
  server_.stop(std::chrono::seconds(0));
  EXPECT_THAT(refusal(Instance()), HasSubstr("has been stopped"));
}

TEST(Registries, SayWhichTheyKnow) {
  IoPool pool;
  Result<std::shared_ptr<Registry>> opened = Registries().open("ftp@x", pool);
  ASSERT_FALSE(opened.ok());
  EXPECT_THAT(opened.status().message(), HasSubstr("\"http@…\""));
}

}  // namespace
}  // namespace tern::test
