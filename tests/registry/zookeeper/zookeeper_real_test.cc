// The registry on ZooKeeper at a real server, which is killed, stopped, and loses its memory; and
// over connections that are cut.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <zookeeper/zookeeper.h>

#include <memory>
#include <string>

#include "registry/listed_servers.h"
#include "registry/zookeeper/zk_server.h"
#include "support/cutting_proxy.h"
#include "tern/zookeeper.h"

namespace tern {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using test::eventually;
using test::server_at;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

constexpr std::string_view kA = "tcp@10.0.0.1:7000";
constexpr std::string_view kB = "tcp@10.0.0.2:7000";
constexpr std::string_view kC = "tcp@10.0.0.3:7000";

// One server for all tests, each of which has a prefix of its own, and leaves the server running.
class ZooKeeperRealTest : public testing::Test {
 protected:
  static void SetUpTestSuite() { server_ = std::make_unique<test::ZkServer>(); }
  static void TearDownTestSuite() { server_.reset(); }
  static test::ZkServer& server() { return *server_; }

  ZooKeeperRealTest() {
    options_.session_timeout = milliseconds(1500);
    options_.backoff.initial = milliseconds(50);
    options_.backoff.max = milliseconds(500);
  }

  static std::string prefix() {
    return testing::UnitTest::GetInstance()->current_test_info()->name();
  }
  static std::string node(std::string_view address) {
    return "/" + prefix() + "/s/" + std::string(address);
  }

  std::shared_ptr<Registry> open(const std::string& where) {
    Registries registries;
    add_zookeeper(registries, options_);
    auto registry = registries.open("zookeeper@" + where + "/" + prefix(), pool_);
    EXPECT_TRUE(registry.ok()) << registry.status().to_string();
    return *registry;
  }
  std::shared_ptr<Registry> open() { return open(server().at()); }
  std::shared_ptr<Registry> open(const test::CuttingProxy& proxy) {
    return open("127.0.0.1:" + std::to_string(proxy.port()));
  }

  static bool comes_to(const std::shared_ptr<Discovery>& discovery,
                       const std::vector<std::string_view>& expected) {
    std::vector<std::string> wanted(expected.begin(), expected.end());
    bool came = eventually([&] { return test::addresses(discovery->view()) == wanted; });
    EXPECT_EQ(test::addresses(discovery->view()), wanted) << discovery->view().status.to_string();
    return came;
  }
  static bool becomes_listed(const std::unique_ptr<Registration>& registration) {
    bool listed = eventually([&] { return registration->status().ok(); });
    EXPECT_TRUE(listed) << registration->status().to_string();
    return listed;
  }

  IoPool pool_;
  ZooKeeperOptions options_;
  static std::unique_ptr<test::ZkServer> server_;
};

std::unique_ptr<test::ZkServer> ZooKeeperRealTest::server_;

TEST_F(ZooKeeperRealTest, ListsAServerWithAllThatItTellsUntilItIsWithdrawn) {
  test::ZkClient inside(server());
  auto registry = open();
  auto discovery = registry->discover("s");
  ASSERT_TRUE(comes_to(discovery, {}));
  auto other = registry->announce("s", server_at(kA));
  Instance told = server_at("http@[::1]:7000/rpc", 7);
  told.zone = "zürich \"1\"";
  told.metadata = {{"version", "7\n"}, {"", "empty"}};
  auto registration = registry->announce("s", told);
  ASSERT_TRUE(comes_to(discovery, {"http@[::1]:7000/rpc", kA}));
  EXPECT_EQ(discovery->view().servers->front(), told);
  EXPECT_THAT(inside.children("/" + prefix() + "/s"),
              UnorderedElementsAre(std::string(kA), "http@[::1]:7000%2Frpc"));

  told.weight = 2;
  registration->update(told);
  EXPECT_TRUE(eventually([&] { return discovery->view().servers->front() == told; }));
  registration->withdraw();
  EXPECT_THAT(inside.children("/" + prefix() + "/s"), ElementsAre(kA));
  EXPECT_TRUE(comes_to(discovery, {kA}));
  other.reset();
  EXPECT_THAT(inside.children("/" + prefix() + "/s"), IsEmpty());
}

TEST_F(ZooKeeperRealTest, PassesOverWhatIsNoServer) {
  test::ZkClient inside(server());
  inside.create_all(node(kA), R"({"weight":3,"new":[1]})");
  for (const char* name :
       {"no address", "tcp@10.0.0.1:0", "tcp@0.0.0.0:1", "%", "tcp%4010.0.0.8:1"}) {
    inside.create_all(node(name), "{}");
  }
  inside.create_all(node("tcp@10.0.0.9:1"), "weight 7");
  auto discovery = open()->discover("s");
  ASSERT_TRUE(comes_to(discovery, {kA}));
  EXPECT_EQ(discovery->view().servers->front().weight, 3u);
  inside.create_all(node("junk"), "{}");
  inside.create_all(node(kB), "{}");
  EXPECT_TRUE(comes_to(discovery, {kA, kB}));
  inside.remove(node(kA));
  EXPECT_TRUE(comes_to(discovery, {kB}));
}

TEST_F(ZooKeeperRealTest, ComesBackWhenZooKeeperIsKilledAndStartedAgain) {
  auto registry = open();
  auto discovery = registry->discover("s");
  auto a = registry->announce("s", server_at(kA));
  ASSERT_TRUE(comes_to(discovery, {kA}));
  test::ShortestList shortest(*discovery);
  server().kill();
  EXPECT_TRUE(eventually([&] { return !discovery->view().status.ok() && !a->status().ok(); }));
  auto b = registry->announce("s", server_at(kB));
  EXPECT_THAT(test::addresses(discovery->view()), ElementsAre(kA));
  server().restart();
  EXPECT_TRUE(comes_to(discovery, {kA, kB}));
  EXPECT_TRUE(becomes_listed(a));
  EXPECT_TRUE(eventually([&] { return discovery->view().status.ok(); }));
  EXPECT_EQ(shortest.size(), 1u);
}

TEST_F(ZooKeeperRealTest, StartsBeforeZooKeeperDoes) {
  server().kill();
  auto registry = open();
  auto discovery = registry->discover("s");
  auto a = registry->announce("s", server_at(kA));
  EXPECT_TRUE(eventually([&] { return !discovery->view().status.ok(); }));
  EXPECT_FALSE(discovery->view().known());
  EXPECT_THAT(std::string(discovery->view().status.message()), HasSubstr(server().at()));
  server().restart();
  EXPECT_TRUE(comes_to(discovery, {kA}));
}

TEST_F(ZooKeeperRealTest, KeepsTheListWhileZooKeeperIsStoppedForTwiceTheTimeout) {
  auto registry = open();
  auto discovery = registry->discover("s");
  auto a = registry->announce("s", server_at(kA));
  auto b = registry->announce("s", server_at(kB));
  ASSERT_TRUE(comes_to(discovery, {kA, kB}));
  test::ShortestList shortest(*discovery);
  auto stopped_at = std::chrono::steady_clock::now();
  server().stop();
  EXPECT_TRUE(eventually([&] { return !discovery->view().status.ok() && !a->status().ok(); }));
  EXPECT_TRUE(eventually([&] {
    return std::chrono::steady_clock::now() - stopped_at >= 2 * options_.session_timeout;
  }));
  server().go_on();
  EXPECT_TRUE(becomes_listed(a));
  EXPECT_TRUE(becomes_listed(b));
  EXPECT_TRUE(eventually([&] { return discovery->view().status.ok(); }));
  EXPECT_EQ(shortest.size(), 2u);
  auto c = registry->announce("s", server_at(kC));
  EXPECT_TRUE(comes_to(discovery, {kA, kB, kC}));
}

TEST_F(ZooKeeperRealTest, KeepsTheListWhenZooKeeperComesBackEmpty) {
  auto registry = open();
  auto discovery = registry->discover("s");
  std::vector<std::unique_ptr<Registration>> registrations;
  for (std::string_view one : {kA, kB, kC}) {
    registrations.push_back(open()->announce("s", server_at(one)));
  }
  ASSERT_TRUE(comes_to(discovery, {kA, kB, kC}));
  test::ShortestList shortest(*discovery);
  server().kill();
  server().restart_empty();
  test::ZkClient inside(server());
  EXPECT_TRUE(eventually([&] { return inside.children("/" + prefix() + "/s").size() == 3; }));
  EXPECT_TRUE(eventually([&] { return discovery->view().status.ok(); }));
  EXPECT_THAT(test::addresses(discovery->view()), ElementsAre(kA, kB, kC));
  EXPECT_EQ(shortest.size(), 3u);
}

TEST_F(ZooKeeperRealTest, ForgetsServersThatDoNotComeBack) {
  options_.empty_grace = milliseconds(300);
  auto registry = open();
  auto discovery = registry->discover("s");
  auto a = registry->announce("s", server_at(kA));
  ASSERT_TRUE(comes_to(discovery, {kA}));
  a->withdraw();
  EXPECT_TRUE(comes_to(discovery, {}));
}

TEST_F(ZooKeeperRealTest, PutsAnEntryAgainThatSomebodyHasDeleted) {
  test::ZkClient inside(server());
  auto a = open()->announce("s", server_at(kA));
  ASSERT_TRUE(becomes_listed(a));
  ASSERT_TRUE(inside.remove(node(kA)));
  EXPECT_TRUE(eventually([&] { return inside.get(node(kA)).code == ZOK; }));
}

// The process that had the address has died, and its session is not over yet.
TEST_F(ZooKeeperRealTest, ReplacesTheNodeOfAnEarlierSession) {
  auto earlier = std::make_unique<test::ZkClient>(server());
  test::ZkClient inside(server());
  earlier->create_all(node("x"), "");
  ASSERT_TRUE(earlier->create(node(kA), R"({"weight":9})", true));
  auto registry = open();
  auto discovery = registry->discover("s");
  auto a = registry->announce("s", server_at(kA, 2));
  EXPECT_TRUE(becomes_listed(a));
  EXPECT_NE(inside.get(node(kA)).owner, earlier->session());
  EXPECT_TRUE(eventually([&] {
    ServerView view = discovery->view();
    return view.known() && view.servers->size() == 1 && view.servers->front().weight == 2;
  }));
}

TEST_F(ZooKeeperRealTest, BeginsAnewWhenTheSessionExpires) {
  test::ZkClient inside(server());
  test::CuttingProxy proxy(server().port());
  auto registry = open(proxy);
  auto discovery = registry->discover("s");
  auto a = registry->announce("s", server_at(kA));
  ASSERT_TRUE(comes_to(discovery, {kA}));
  std::int64_t session = inside.get(node(kA)).owner;
  test::ShortestList shortest(*discovery);
  proxy.hold(true);
  ASSERT_TRUE(eventually([&] { return inside.get(node(kA)).code == ZNONODE; }));
  proxy.hold(false);
  EXPECT_TRUE(eventually([&] { return inside.get(node(kA)).code == ZOK; }));
  EXPECT_NE(inside.get(node(kA)).owner, session);
  EXPECT_TRUE(becomes_listed(a));
  inside.create_all(node(kB), "{}");  // the watches are set again
  EXPECT_TRUE(comes_to(discovery, {kA, kB}));
  EXPECT_EQ(shortest.size(), 1u);
}

// What only the request that creates the node has in it.
constexpr const char* kValue = "{\"weight\"";

TEST_F(ZooKeeperRealTest, FindsItsNodeWhenTheAnswerThatItIsThereWasLost) {
  test::ZkClient inside(server());
  inside.create_all(node("x"), "");
  test::CuttingProxy proxy(server().port());
  proxy.cut_answer_to(kValue);
  auto a = open(proxy)->announce("s", server_at(kA));
  EXPECT_TRUE(becomes_listed(a));
  EXPECT_TRUE(proxy.has_cut());
  EXPECT_EQ(proxy.seen(), 1);
  EXPECT_EQ(inside.get(node(kA)).code, ZOK);
}

TEST_F(ZooKeeperRealTest, CreatesItsNodeWhenTheRequestForItWasLost) {
  test::ZkClient inside(server());
  inside.create_all(node("x"), "");
  test::CuttingProxy proxy(server().port());
  proxy.cut_request_with(kValue);
  auto a = open(proxy)->announce("s", server_at(kA));
  EXPECT_TRUE(becomes_listed(a));
  EXPECT_TRUE(proxy.has_cut());
  EXPECT_EQ(proxy.seen(), 2);
  EXPECT_EQ(inside.get(node(kA)).code, ZOK);
}

TEST_F(ZooKeeperRealTest, GoesOnAtAnotherServer) {
  test::CuttingProxy other(server().port());
  auto registry =
      open("127.0.0.1:1," + server().at() + ",127.0.0.1:" + std::to_string(other.port()));
  auto discovery = registry->discover("s");
  auto a = registry->announce("s", server_at(kA));
  EXPECT_TRUE(comes_to(discovery, {kA}));
}

TEST_F(ZooKeeperRealTest, CanBeGivenUpAtAnyTime) {
  for (int i = 0; i < 20; ++i) {
    auto registry = open();
    auto discovery = registry->discover("s");
    auto a = registry->announce("s", server_at(kA));
    if (i % 4 == 1) {
      EXPECT_TRUE(comes_to(discovery, {kA}));
    }
    if (i % 4 == 2) registry.reset();
    if (i % 4 == 3) discovery.reset();
  }
  test::ZkClient inside(server());
  EXPECT_TRUE(eventually([&] { return inside.get(node(kA)).code == ZNONODE; }));
}

}  // namespace
}  // namespace tern
