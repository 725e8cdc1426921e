// The registry of GeeRPC and MyRPC in Go, and ours: who uses one finds those who use the other.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "interop.service.h"
#include "registry/watched_discovery.h"
#include "services.h"
#include "support/child_process.h"
#include "tern/cluster.h"
#include "tern/http_registry.h"
#include "tern/tern.h"

namespace tern::test {
namespace {

using std::chrono::milliseconds;
using ::testing::ElementsAre;

// One of the two dialects.
struct Dialect {
  std::string name;
  std::string path;
};

class GoRegistry : public testing::TestWithParam<Dialect> {
 protected:
  GoRegistry() {
    options_.refresh = milliseconds(100);
    options_.heartbeat = milliseconds(100);
    options_.backoff.initial = milliseconds(20);
    options_.backoff.max = milliseconds(200);
  }

  using Go = std::unique_ptr<ChildProcess>;
  static Go go(const std::vector<std::string>& arguments) {
    std::vector<std::string> command{TERN_GO_REGISTRY, GetParam().name};
    command.insert(command.end(), arguments.begin(), arguments.end());
    return std::make_unique<ChildProcess>(command);
  }
  // What such a program prints.
  static std::string go_says(const std::vector<std::string>& arguments) {
    return go(arguments)->first_line();
  }

  // A registry in Go; where it is, as Registries have it.
  std::string start_gos_registry(const std::string& where, const std::string& expire = "5m") {
    gos_registry_.reset();
    gos_registry_ = go({"registry", "tcp", where, expire});
    return gos_registry_->first_line();
  }
  // Ours.
  std::string start_our_registry(std::chrono::nanoseconds expire) {
    HttpRegistryServerOptions options;
    options.expire = expire;
    EXPECT_TRUE(add_http_registry(our_registry_, options).ok());
    Result<Endpoint> where = our_registry_.listen("tcp@127.0.0.1:0");
    EXPECT_TRUE(where.ok()) << where.status().to_string();
    return "http@127.0.0.1:" + std::to_string(where->port) + GetParam().path;
  }
  static std::string url(const std::string& registry) {
    return "http://" + registry.substr(registry.find('@') + 1);
  }
  std::shared_ptr<Registry> open(const std::string& where) {
    Result<std::shared_ptr<Registry>> registry =
        open_http_registry(where.substr(where.find('@') + 1), pool_, options_);
    EXPECT_TRUE(registry.ok()) << registry.status().to_string();
    return *registry;
  }
  // A server of ours; where it listens.
  std::string start_our_server(Server& server) {
    EXPECT_TRUE(add_interop_services(server).ok());
    Result<Endpoint> where = server.listen("tcp@127.0.0.1:0");
    EXPECT_TRUE(where.ok()) << where.status().to_string();
    return where->to_string();
  }

  IoPool pool_;
  HttpRegistryOptions options_;
  Go gos_registry_;
  Server our_registry_;
};

std::string on_loopback(const std::string& address) {
  return "tcp@127.0.0.1" + address.substr(address.rfind(':'));
}

TEST_P(GoRegistry, GosServersAreInOurRegistryAndOurClusterCallsThem) {
  std::string where = start_our_registry(std::chrono::minutes(5));
  std::vector<Go> servers;
  std::set<std::string> listen;
  for (int i = 0; i < 3; ++i) {
    servers.push_back(go({"server", url(where)}));
    listen.insert(on_loopback(servers.back()->first_line()));
  }
  std::shared_ptr<Discovery> discovery = open(where)->discover("Foo");
  WatchedDiscovery seen(discovery);
  std::vector<std::string> all(listen.begin(), listen.end());
  ASSERT_EQ(seen.until(all), all);

  ClusterOptions options;
  options.client.codec = "application/gob";
  options.balancer = round_robin();
  Cluster cluster(discovery, pool_, options);
  interop::FooStub foo(cluster);
  for (std::int64_t i = 0; i < 30; ++i) {
    Result<std::int64_t> sum = foo.Sum({i, i}).get();
    ASSERT_TRUE(sum.ok()) << sum.status().to_string();
    EXPECT_EQ(*sum, 2 * i);
  }
  ClusterStats stats = cluster.stats();
  ASSERT_EQ(stats.servers.size(), 3u);
  for (const ClusterServerStats& server : stats.servers) EXPECT_GT(server.calls, 0u);
}

TEST_P(GoRegistry, GosServersThatAreKilledLeaveOurRegistry) {
  std::string where = start_our_registry(milliseconds(500));
  std::shared_ptr<Discovery> discovery = open(where)->discover("Foo");
  WatchedDiscovery seen(discovery);
  Go lasting = go({"server", url(where), "50ms"});
  Go passing = go({"server", url(where), "50ms"});
  std::set<std::string> both{on_loopback(lasting->first_line()),
                             on_loopback(passing->first_line())};
  std::vector<std::string> all(both.begin(), both.end());
  ASSERT_EQ(seen.until(all), all);
  passing->kill();
  EXPECT_THAT(seen.until({on_loopback(lasting->first_line())}),
              ElementsAre(on_loopback(lasting->first_line())));
}

TEST_P(GoRegistry, OurServersAreInGosRegistryAndGosClientCallsThem) {
  std::string where = start_gos_registry("127.0.0.1:0");
  std::shared_ptr<Registry> registry = open(where);
  Server first;
  Server second;
  std::set<std::string> both{start_our_server(first), start_our_server(second)};
  ASSERT_TRUE(announce(first, *registry, "", Instance()).ok());
  ASSERT_TRUE(announce(second, *registry, "Foo", Instance()).ok());
  WatchedDiscovery seen(registry->discover("Foo"));
  std::vector<std::string> all(both.begin(), both.end());
  ASSERT_EQ(seen.until(all), all);
  EXPECT_EQ(go_says({"list", url(where)}), all[0] + "," + all[1]);
  EXPECT_EQ(go_says({"call", url(where)}), "2");
}

TEST_P(GoRegistry, OurServersAreInOurRegistryAndGosClientCallsThem) {
  std::string where = start_our_registry(std::chrono::minutes(5));
  std::shared_ptr<Registry> registry = open(where);
  Server server;
  std::string listens = start_our_server(server);
  ASSERT_TRUE(announce(server, *registry, "Foo", Instance()).ok());
  WatchedDiscovery seen(registry->discover("Foo"));
  ASSERT_THAT(seen.until({listens}), ElementsAre(listens));
  EXPECT_EQ(go_says({"list", url(where)}), listens);
  EXPECT_EQ(go_says({"call", url(where)}), "1");
  server.stop(milliseconds(0));
  EXPECT_EQ(go_says({"list", url(where)}), "");
}

TEST_P(GoRegistry, OurServersStayInGosRegistryWhichHearsOfThemInTime) {
  std::string where = start_gos_registry("127.0.0.1:0", "400ms");
  std::shared_ptr<Registry> registry = open(where);
  Server server;
  std::string listens = start_our_server(server);
  ASSERT_TRUE(announce(server, *registry, "Foo", Instance()).ok());
  WatchedDiscovery seen(registry->discover("Foo"));
  ASSERT_THAT(seen.until({listens}), ElementsAre(listens));
  // One that says so once: when it has gone, ours has outlived its time.
  Go once = go({"server", url(where), "1h"});
  std::vector<std::string> both{listens, on_loopback(once->first_line())};
  std::sort(both.begin(), both.end());
  ASSERT_EQ(seen.until(both), both);
  seen.take_fewest();
  EXPECT_THAT(seen.until({listens}), ElementsAre(listens));
  EXPECT_EQ(seen.take_fewest(), 1u);
}

TEST_P(GoRegistry, OurServersComeBackToGosRegistryThatStartsAnewAndNoClientLosesThem) {
  std::string where = start_gos_registry("127.0.0.1:0");
  std::shared_ptr<Registry> registry = open(where);
  Server server;
  std::string listens = start_our_server(server);
  ASSERT_TRUE(announce(server, *registry, "Foo", Instance()).ok());
  WatchedDiscovery seen(registry->discover("Foo"));
  ASSERT_THAT(seen.until({listens}), ElementsAre(listens));
  seen.take_fewest();
  std::string address = where.substr(where.find('@') + 1);
  address.resize(address.find('/'));
  for (int i = 0; i < 3; ++i) {
    gos_registry_->kill();
    EXPECT_EQ(seen.until_status(Code::kUnavailable), Code::kUnavailable);
    ASSERT_EQ(start_gos_registry(address), where);
    EXPECT_EQ(seen.until_status(Code::kOk), Code::kOk);
    WatchedDiscovery fresh(registry->discover("Foo"));
    EXPECT_THAT(fresh.until({listens}), ElementsAre(listens));
  }
  EXPECT_EQ(seen.take_fewest(), 1u);
}

const Dialect kDialects[] = {{"geerpc", "/_geerpc_/registry"}, {"myrpc", "/_myrpc_/registry"}};
std::string name_of(const testing::TestParamInfo<Dialect>& info) {
  return info.param.name;
}
INSTANTIATE_TEST_SUITE_P(Dialects, GoRegistry, testing::ValuesIn(kDialects), name_of);

}  // namespace
}  // namespace tern::test
