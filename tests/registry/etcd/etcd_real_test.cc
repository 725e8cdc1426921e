// The registry on etcd at real servers, which are killed, stopped, compacted, and lose their
// memory.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <deque>
#include <memory>
#include <mutex>
#include <string>

#include "etcd/etcd_messages.h"
#include "net/dial.h"
#include "net/loop.h"
#include "registry/etcd/etcd_server.h"
#include "registry/listed_servers.h"
#include "tern/etcd.h"

namespace tern {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using test::eventually;
using test::server_at;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr std::string_view kA = "tcp@10.0.0.1:7000";
constexpr std::string_view kB = "tcp@10.0.0.2:7000";
constexpr std::string_view kC = "tcp@10.0.0.3:7000";

// Holds back connections until the test lets them go.
class HoldingDialer final : public Dialer {
 public:
  std::unique_ptr<Attempt> dial(Loop& loop, const Endpoint& endpoint,
                                std::chrono::nanoseconds timeout, Done done) override {
    std::lock_guard lock(mutex_);
    if (dialed_++ < free_) return sockets_.dial(loop, endpoint, timeout, std::move(done));
    auto held = std::make_unique<Held>();
    held->place = std::make_shared<std::unique_ptr<Attempt>>();
    held_.push_back([this, &loop, endpoint, timeout, place = std::weak_ptr(held->place),
                     done = std::move(done)]() mutable {
      auto alive = place.lock();
      if (alive) *alive = sockets_.dial(loop, endpoint, timeout, std::move(done));
    });
    loops_.push_back(&loop);
    return held;
  }

  // The first `count` go at once.
  void hold_after(std::size_t count) { free_ = count; }
  bool holds_one() const {
    std::lock_guard lock(mutex_);
    return !held_.empty();
  }
  // From now on all go.
  void let_go() {
    std::lock_guard lock(mutex_);
    free_ = static_cast<std::size_t>(-1);
    for (std::size_t i = 0; i < held_.size(); ++i) loops_[i]->post(std::move(held_[i]));
    held_.clear();
    loops_.clear();
  }

 private:
  struct Held final : Attempt {
    std::shared_ptr<std::unique_ptr<Attempt>> place;
  };

  SocketDialer sockets_;
  mutable std::mutex mutex_;  // guards the following
  std::size_t free_ = static_cast<std::size_t>(-1);
  std::size_t dialed_ = 0;
  std::deque<UniqueFunction<void()>> held_;
  std::deque<Loop*> loops_;
};

class EtcdRealTest : public testing::Test {
 protected:
  EtcdRealTest() {
    options_.ttl = seconds(2);
    options_.request_timeout = milliseconds(700);
    options_.check_interval = milliseconds(500);
    options_.backoff.initial = milliseconds(50);
    options_.backoff.max = milliseconds(500);
  }

  std::shared_ptr<Registry> open(const std::string& where) {
    Registries registries;
    add_etcd(registries, options_);
    auto registry = registries.open("etcd@" + where, pool_);
    EXPECT_TRUE(registry.ok()) << registry.status().to_string();
    return *registry;
  }
  std::shared_ptr<Registry> open(const test::EtcdServer& etcd) { return open(etcd.everywhere()); }

  static bool comes_to(const std::shared_ptr<Discovery>& discovery,
                       const std::vector<std::string_view>& expected) {
    std::vector<std::string> wanted(expected.begin(), expected.end());
    bool came = eventually([&] { return test::addresses(discovery->view()) == wanted; });
    EXPECT_THAT(test::addresses(discovery->view()), wanted) << discovery->view().status.to_string();
    return came;
  }
  static bool becomes_listed(const std::unique_ptr<Registration>& registration) {
    bool listed = eventually([&] { return registration->status().ok(); });
    EXPECT_TRUE(listed) << registration->status().to_string();
    return listed;
  }

  IoPool pool_;
  EtcdOptions options_;
};

TEST_F(EtcdRealTest, ListsAServerWithAllThatItTellsUntilItIsWithdrawn) {
  test::EtcdServer etcd;
  auto registry = open(etcd.at() + "/some/where");
  auto discovery = registry->discover("arith.Arith");
  auto other = registry->announce("arith.Arith", server_at(kA));
  Instance told = server_at("tcp@[::1]:7000", 7);
  told.zone = "zürich \"1\"";
  told.metadata = {{"version", "7\n"}, {"", "empty"}};
  auto registration = registry->announce("arith.Arith", told);
  ASSERT_TRUE(comes_to(discovery, {kA, "tcp@[::1]:7000"}));
  EXPECT_EQ(discovery->view().servers->back(), told);
  EXPECT_THAT(etcd.keys("some/where/arith.Arith/"),
              ElementsAre("some/where/arith.Arith/tcp@10.0.0.1:7000",
                          "some/where/arith.Arith/tcp@[::1]:7000"));

  told.weight = 2;
  registration->update(told);
  EXPECT_TRUE(eventually([&] { return discovery->view().servers->back() == told; }));
  registration->withdraw();
  EXPECT_THAT(etcd.keys("some/where/"), ElementsAre("some/where/arith.Arith/tcp@10.0.0.1:7000"));
  EXPECT_TRUE(comes_to(discovery, {kA}));
  other.reset();
  EXPECT_THAT(etcd.keys("some/where/"), IsEmpty());
}

TEST_F(EtcdRealTest, PassesOverWhatIsNoServer) {
  test::EtcdServer etcd;
  for (const char* key : {"no address", "tcp@10.0.0.1:0", "tcp@10.0.0.1:70000", "tcp@0.0.0.0:1",
                          "tcp@a\r\nb:1", ""}) {
    etcd.put(std::string("tern/s/") + key, "{}");
  }
  etcd.put("tern/s/tcp@10.0.0.9:1", "weight 7");
  etcd.put("tern/s/tcp@10.0.0.9:2", R"({"weight":-1})");
  etcd.put("tern/s2/tcp@10.0.0.9:3", "{}");
  etcd.put("tern/s/" + std::string(kA), R"({"weight":3,"new":[1]})");
  auto discovery = open(etcd)->discover("s");
  ASSERT_TRUE(comes_to(discovery, {kA}));
  EXPECT_EQ(discovery->view().servers->front().weight, 3u);
  etcd.put("tern/s/junk", "{}");
  etcd.put("tern/s/" + std::string(kB), "{}");
  EXPECT_TRUE(comes_to(discovery, {kA, kB}));
}

TEST_F(EtcdRealTest, ComesBackWhenEtcdIsKilledAndStartedAgain) {
  test::EtcdServer etcd;
  auto registry = open(etcd);
  auto discovery = registry->discover("s");
  auto a = registry->announce("s", server_at(kA));
  ASSERT_TRUE(comes_to(discovery, {kA}));
  test::ShortestList shortest(*discovery);
  etcd.kill();
  EXPECT_TRUE(eventually([&] { return !discovery->view().status.ok() && !a->status().ok(); }));
  auto b = registry->announce("s", server_at(kB));
  EXPECT_THAT(test::addresses(discovery->view()), ElementsAre(kA));
  etcd.restart();
  EXPECT_TRUE(comes_to(discovery, {kA, kB}));
  EXPECT_TRUE(becomes_listed(a));
  EXPECT_TRUE(eventually([&] { return discovery->view().status.ok(); }));
  EXPECT_EQ(shortest.size(), 1u);
}

TEST_F(EtcdRealTest, StartsBeforeEtcdDoes) {
  test::EtcdServer etcd;
  etcd.kill();
  auto registry = open(etcd);
  auto discovery = registry->discover("s");
  auto a = registry->announce("s", server_at(kA));
  EXPECT_TRUE(eventually([&] { return !discovery->view().status.ok(); }));
  EXPECT_FALSE(discovery->view().known());
  EXPECT_THAT(std::string(discovery->view().status.message()), HasSubstr(etcd.at()));
  etcd.restart();
  EXPECT_TRUE(comes_to(discovery, {kA}));
}

// Its leases end while it is stopped, and it says so when it goes on.
TEST_F(EtcdRealTest, KeepsTheListWhileEtcdIsStoppedForTwiceTheTtl) {
  test::EtcdServer etcd;
  auto registry = open(etcd);
  auto discovery = registry->discover("s");
  auto a = registry->announce("s", server_at(kA));
  ASSERT_TRUE(comes_to(discovery, {kA}));
  test::ShortestList shortest(*discovery);
  auto stopped_at = std::chrono::steady_clock::now();
  etcd.stop();
  EXPECT_TRUE(eventually([&] { return !discovery->view().status.ok() && !a->status().ok(); }));
  EXPECT_TRUE(eventually(
      [&] { return std::chrono::steady_clock::now() - stopped_at >= 2 * options_.ttl; }));
  etcd.go_on();
  EXPECT_TRUE(becomes_listed(a));
  EXPECT_TRUE(eventually([&] { return etcd.keys("tern/s/").size() == 1; }));
  EXPECT_TRUE(eventually([&] { return discovery->view().status.ok(); }));
  EXPECT_THAT(test::addresses(discovery->view()), ElementsAre(kA));
  EXPECT_EQ(shortest.size(), 1u);
  auto b = registry->announce("s", server_at(kB));
  EXPECT_TRUE(comes_to(discovery, {kA, kB}));
}

TEST_F(EtcdRealTest, KeepsTheListWhenEtcdComesBackEmpty) {
  test::EtcdServer etcd;
  auto registry = open(etcd);
  auto discovery = registry->discover("s");
  std::vector<std::unique_ptr<Registration>> registrations;
  for (std::string_view one : {kA, kB, kC}) {
    registrations.push_back(registry->announce("s", server_at(one)));
  }
  ASSERT_TRUE(comes_to(discovery, {kA, kB, kC}));
  test::ShortestList shortest(*discovery);
  etcd.kill();
  etcd.restart_empty();
  EXPECT_TRUE(eventually([&] { return etcd.keys("tern/s/").size() == 3; }));
  EXPECT_TRUE(eventually([&] { return discovery->view().status.ok(); }));
  EXPECT_THAT(test::addresses(discovery->view()), ElementsAre(kA, kB, kC));
  EXPECT_EQ(shortest.size(), 3u);
}

TEST_F(EtcdRealTest, ForgetsServersThatDoNotComeBack) {
  options_.empty_grace = milliseconds(300);
  test::EtcdServer etcd;
  auto registry = open(etcd);
  auto discovery = registry->discover("s");
  auto a = registry->announce("s", server_at(kA));
  ASSERT_TRUE(comes_to(discovery, {kA}));
  a->withdraw();
  EXPECT_TRUE(comes_to(discovery, {}));
}

TEST_F(EtcdRealTest, PutsAnEntryAgainThatSomebodyHasDeleted) {
  test::EtcdServer etcd;
  auto registry = open(etcd);
  auto a = registry->announce("s", server_at(kA));
  ASSERT_TRUE(becomes_listed(a));
  etcd.remove("tern/s/" + std::string(kA));
  EXPECT_TRUE(eventually([&] { return etcd.keys("tern/s/").size() == 1; }));
}

TEST_F(EtcdRealTest, ReadsTheListAgainWhenTheWatchsRevisionIsCompacted) {
  options_.check_interval = seconds(600);
  auto dialer = std::make_shared<HoldingDialer>();
  dialer->hold_after(1);  // the list; the watch is held
  options_.dialer = dialer;
  options_.request_timeout = seconds(30);
  test::EtcdServer etcd;
  etcd.put("tern/s/" + std::string(kA), "{}");
  auto discovery = open(etcd)->discover("s");
  ASSERT_TRUE(comes_to(discovery, {kA}));
  ASSERT_TRUE(eventually([&] { return dialer->holds_one(); }));
  std::atomic<bool> told = false;
  auto watch = discovery->watch([&](const ServerView& view) {
    if (view.status.message().find("compacted") != std::string_view::npos) told = true;
  });
  etcd.put("tern/s/" + std::string(kB), "{}");
  etcd.put("tern/s/" + std::string(kC), "{}");
  etcd.compact();
  dialer->let_go();
  EXPECT_TRUE(comes_to(discovery, {kA, kB, kC}));
  EXPECT_TRUE(told);
  etcd.remove("tern/s/" + std::string(kB));
  EXPECT_TRUE(comes_to(discovery, {kA, kC}));
}

TEST_F(EtcdRealTest, AuthenticatesAndRenewsItsToken) {
  test::EtcdServer etcd;
  etcd.post("/v3/auth/user/add", R"({"name":"root","password":"pass \"word\""})");
  etcd.post("/v3/auth/role/add", R"({"name":"root"})");
  etcd.post("/v3/auth/user/grant", R"({"user":"root","role":"root"})");
  etcd.post("/v3/auth/enable", "{}");
  auto nobody = open(etcd)->discover("s");
  options_.name = "root";
  options_.password = "wrong";
  auto stranger = open(etcd)->announce("s", server_at(kC));
  options_.password = "pass \"word\"";
  auto registry = open(etcd);
  auto discovery = registry->discover("s");
  auto a = registry->announce("s", server_at(kA));
  ASSERT_TRUE(comes_to(discovery, {kA}));
  EXPECT_TRUE(eventually([&] { return !nobody->view().status.ok(); }));
  EXPECT_THAT(nobody->view().status.to_string(), HasSubstr("user name is empty"));
  EXPECT_TRUE(eventually([&] {
    return stranger->status().to_string().find("invalid user ID or password") != std::string::npos;
  })) << stranger->status().to_string();

  etcd.kill();  // and with it its tokens
  EXPECT_TRUE(eventually([&] { return !a->status().ok(); }));
  etcd.restart();
  auto b = registry->announce("s", server_at(kB));
  EXPECT_TRUE(becomes_listed(a));
  EXPECT_TRUE(comes_to(discovery, {kA, kB}));
}

TEST_F(EtcdRealTest, WorksWithAPasswordThatEtcdDoesNotAskFor) {
  options_.name = "root";
  options_.password = "pw";
  test::EtcdServer etcd;
  auto registry = open(etcd);
  auto a = registry->announce("s", server_at(kA));
  EXPECT_TRUE(becomes_listed(a));
}

TEST_F(EtcdRealTest, GoesOnAtAnotherServerOfTheCluster) {
  options_.ttl = seconds(5);
  test::EtcdServer etcd(3);
  auto registry = open(etcd);
  auto discovery = registry->discover("s");
  auto a = registry->announce("s", server_at(kA));
  ASSERT_TRUE(comes_to(discovery, {kA}));
  test::ShortestList shortest(*discovery);
  etcd.stop(0);
  auto b = registry->announce("s", server_at(kB));
  EXPECT_TRUE(comes_to(discovery, {kA, kB}));
  EXPECT_TRUE(becomes_listed(a));
  etcd.go_on(0);
  etcd.kill(1);
  auto c = registry->announce("s", server_at(kC));
  EXPECT_TRUE(comes_to(discovery, {kA, kB, kC}));
  EXPECT_EQ(shortest.size(), 1u);
  EXPECT_TRUE(eventually([&] { return a->status().ok() && b->status().ok(); }));
}

}  // namespace
}  // namespace tern
