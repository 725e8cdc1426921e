// The registry on ZooKeeper at a real server: what every store's registry does, and what is
// ZooKeeper's own; also over connections that are cut.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <zookeeper/zookeeper.h>

#include <memory>
#include <optional>
#include <string>

#include "registry/listed_servers.h"
#include "registry/registry_on_store.h"
#include "registry/zookeeper/zk_server.h"
#include "support/cutting_proxy.h"
#include "tern/zookeeper.h"

namespace tern {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using test::becomes_listed;
using test::comes_to_list;
using test::server_at;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

constexpr std::string_view kA = "tcp@10.0.0.1:7000";
constexpr std::string_view kB = "tcp@10.0.0.2:7000";
constexpr std::string_view kC = "tcp@10.0.0.3:7000";

ZooKeeperOptions hasty() {
  ZooKeeperOptions options;
  options.session_timeout = milliseconds(1500);
  options.backoff.initial = milliseconds(50);
  options.backoff.max = milliseconds(500);
  return options;
}

// One server for all tests, each of which has a prefix of its own, and leaves the server running.
std::unique_ptr<test::ZkServer> zookeeper;

class ZooKeeperRuns final : public testing::Environment {
 public:
  void SetUp() override { zookeeper = std::make_unique<test::ZkServer>(); }
  void TearDown() override { zookeeper.reset(); }
};
const testing::Environment* const kZooKeeperRuns =
    testing::AddGlobalTestEnvironment(new ZooKeeperRuns);

std::string prefix() {
  std::string name = testing::UnitTest::GetInstance()->current_test_info()->name();
  return name.substr(0, name.find('/'));
}
std::string node(std::string_view address) {
  return "/" + prefix() + "/s/" + std::string(address);
}

std::shared_ptr<Registry> open_zookeeper(const std::string& where, const ZooKeeperOptions& options,
                                         IoPool& pool) {
  Registries registries;
  add_zookeeper(registries, options);
  auto registry = registries.open("zookeeper@" + where + "/" + prefix(), pool);
  EXPECT_TRUE(registry.ok()) << registry.status().to_string();
  return *registry;
}

class ZooKeeperStore final : public test::Store {
 public:
  std::string at() const override { return zookeeper->at(); }
  std::shared_ptr<Registry> open(IoPool& pool, std::optional<milliseconds> grace) override {
    ZooKeeperOptions options = hasty();
    if (grace) options.empty_grace = *grace;
    return open_zookeeper(at(), options, pool);
  }
  std::chrono::nanoseconds lifetime() const override { return hasty().session_timeout; }

  void kill() override { zookeeper->kill(); }
  void stop() override { zookeeper->stop(); }
  void go_on() override { zookeeper->go_on(); }
  void restart() override { zookeeper->restart(); }
  void restart_empty() override { zookeeper->restart_empty(); }

  bool comes_to_entries(std::string_view service, std::size_t count) override {
    return test::ZkClient(*zookeeper)
        .comes_to_children("/" + prefix() + "/" + std::string(service), count);
  }
  bool remove(std::string_view service, std::string_view address) override {
    return test::ZkClient(*zookeeper)
        .remove("/" + prefix() + "/" + std::string(service) + "/" + std::string(address));
  }
};

class ZooKeeperRealTest : public testing::Test {
 protected:
  static test::ZkServer& server() { return *zookeeper; }

  std::shared_ptr<Registry> open(const std::string& where) {
    return open_zookeeper(where, options_, pool_);
  }
  std::shared_ptr<Registry> open() { return open(server().at()); }
  std::shared_ptr<Registry> open(const test::CuttingProxy& proxy) {
    return open("127.0.0.1:" + std::to_string(proxy.port()));
  }

  IoPool pool_;
  ZooKeeperOptions options_ = hasty();
};

TEST_F(ZooKeeperRealTest, ListsAServerWithAllThatItTellsUntilItIsWithdrawn) {
  test::ZkClient inside(server());
  auto registry = open();
  auto discovery = registry->discover("s");
  ASSERT_TRUE(comes_to_list(*discovery, {}));
  auto other = registry->announce("s", server_at(kA));
  Instance told = server_at("http@[::1]:7000/rpc", 7);
  told.zone = "zürich \"1\"";
  told.metadata = {{"version", "7\n"}, {"", "empty"}};
  auto registration = registry->announce("s", told);
  ASSERT_TRUE(comes_to_list(*discovery, {"http@[::1]:7000/rpc", kA}));
  EXPECT_EQ(discovery->view().servers->front(), told);
  EXPECT_THAT(inside.children("/" + prefix() + "/s"),
              UnorderedElementsAre(std::string(kA), "http@[::1]:7000%2Frpc"));

  told.weight = 2;
  registration->update(told);
  EXPECT_TRUE(test::comes_to(
      *discovery, [&](const ServerView& view) { return view.servers->front() == told; }));
  registration->withdraw();
  EXPECT_THAT(inside.children("/" + prefix() + "/s"), ElementsAre(kA));
  EXPECT_TRUE(comes_to_list(*discovery, {kA}));
  other.reset();
  EXPECT_THAT(inside.children("/" + prefix() + "/s"), IsEmpty());
}

TEST_F(ZooKeeperRealTest, LetsNobodyChangeTheNodesOfAUser) {
  auto reader = open();
  options_.digest = "tern:secret";
  auto owner = open();
  auto registration = owner->announce("s", server_at(kA));
  auto discovery = reader->discover("s");
  ASSERT_TRUE(comes_to_list(*discovery, {kA}));  // everybody reads
  test::ZkClient stranger(server());
  const std::string service = "/" + prefix() + "/s";
  EXPECT_FALSE(stranger.remove(service + "/" + std::string(kA)));
  EXPECT_FALSE(stranger.create(service + "/tcp@10.6.6.6:7000", "", true));
  options_.digest = "tern:wrong";
  auto other = open()->announce("s", server_at(kB));
  EXPECT_TRUE(test::status_comes_to(*other, [](const Status& status) { return !status.ok(); }));
  options_.digest = "tern:secret";
  auto second = open()->announce("s", server_at(kB));
  EXPECT_TRUE(comes_to_list(*discovery, {kA, kB}));
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
  ASSERT_TRUE(comes_to_list(*discovery, {kA}));
  EXPECT_EQ(discovery->view().servers->front().weight, 3u);
  inside.create_all(node("junk"), "{}");
  inside.create_all(node(kB), "{}");
  EXPECT_TRUE(comes_to_list(*discovery, {kA, kB}));
  inside.remove(node(kA));
  EXPECT_TRUE(comes_to_list(*discovery, {kB}));
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
  EXPECT_TRUE(becomes_listed(*a));
  EXPECT_NE(inside.get(node(kA)).owner, earlier->session());
  EXPECT_TRUE(test::comes_to(*discovery, [](const ServerView& view) {
    return view.known() && view.servers->size() == 1 && view.servers->front().weight == 2;
  }));
}

TEST_F(ZooKeeperRealTest, BeginsAnewWhenTheSessionExpires) {
  test::ZkClient inside(server());
  test::CuttingProxy proxy(server().port());
  auto registry = open(proxy);
  auto discovery = registry->discover("s");
  auto a = registry->announce("s", server_at(kA));
  ASSERT_TRUE(comes_to_list(*discovery, {kA}));
  std::int64_t session = inside.get(node(kA)).owner;
  test::ShortestList shortest(*discovery);
  proxy.hold(true);
  ASSERT_TRUE(inside.comes_to(node(kA), false));
  proxy.hold(false);
  EXPECT_TRUE(inside.comes_to(node(kA), true));
  EXPECT_NE(inside.get(node(kA)).owner, session);
  EXPECT_TRUE(becomes_listed(*a));
  inside.create_all(node(kB), "{}");  // the watches are set again
  EXPECT_TRUE(comes_to_list(*discovery, {kA, kB}));
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
  EXPECT_TRUE(becomes_listed(*a));
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
  EXPECT_TRUE(becomes_listed(*a));
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
  EXPECT_TRUE(comes_to_list(*discovery, {kA}));
}

TEST_F(ZooKeeperRealTest, CanBeCancelledAtAnyTime) {
  for (int i = 0; i < 20; ++i) {
    auto registry = open();
    auto discovery = registry->discover("s");
    auto a = registry->announce("s", server_at(kA));
    if (i % 4 == 1) {
      EXPECT_TRUE(comes_to_list(*discovery, {kA}));
    }
    if (i % 4 == 2) registry.reset();
    if (i % 4 == 3) discovery.reset();
  }
  test::ZkClient inside(server());
  EXPECT_TRUE(inside.comes_to(node(kA), false));
}

}  // namespace

namespace test {
INSTANTIATE_TEST_SUITE_P(ZooKeeper, RegistryOnStore,
                         testing::Values([] { return std::make_unique<ZooKeeperStore>(); }),
                         [](const auto&) { return std::string("RealServer"); });
}  // namespace test
}  // namespace tern
