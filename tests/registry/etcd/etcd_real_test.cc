// The registry on etcd at real servers: what every store's registry does, and what is etcd's own.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "etcd/etcd_messages.h"
#include "net/dial.h"
#include "net/loop.h"
#include "registry/etcd/etcd_server.h"
#include "registry/listed_servers.h"
#include "registry/registry_on_store.h"
#include "support/page_commands.h"
#include "tern/etcd.h"

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
    held_one_.notify_all();
    return held;
  }

  // The first `count` go at once.
  void hold_after(std::size_t count) { free_ = count; }
  void wait_until_it_holds_one() {
    std::unique_lock lock(mutex_);
    held_one_.wait(lock, [this] { return !held_.empty(); });
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

  net::SocketDialer sockets_;
  std::mutex mutex_;  // guards the following
  std::condition_variable held_one_;
  std::size_t free_ = static_cast<std::size_t>(-1);
  std::size_t dialed_ = 0;
  std::deque<UniqueFunction<void()>> held_;
  std::deque<Loop*> loops_;
};

EtcdOptions hasty() {
  EtcdOptions options;
  options.ttl = seconds(2);
  options.request_timeout = milliseconds(700);
  options.check_interval = milliseconds(500);
  options.backoff.initial = milliseconds(50);
  options.backoff.max = milliseconds(500);
  return options;
}

std::shared_ptr<Registry> open_etcd(const std::string& where, const EtcdOptions& options,
                                    IoPool& pool) {
  Registries registries;
  add_etcd(registries, options);
  auto registry = registries.open("etcd@" + where, pool);
  EXPECT_TRUE(registry.ok()) << registry.status().to_string();
  return *registry;
}

class EtcdStore final : public test::Store {
 public:
  std::string at() const override { return etcd_.at(); }
  std::shared_ptr<Registry> open(IoPool& pool, std::optional<milliseconds> grace) override {
    EtcdOptions options = hasty();
    if (grace) options.empty_grace = *grace;
    return open_etcd(at(), options, pool);
  }
  std::chrono::nanoseconds lifetime() const override { return hasty().ttl; }

  void kill() override { etcd_.kill(); }
  void stop() override { etcd_.stop(); }
  void go_on() override { etcd_.go_on(); }
  void restart() override { etcd_.restart(); }
  void restart_empty() override { etcd_.restart_empty(); }

  bool comes_to_entries(std::string_view service, std::size_t count) override {
    return etcd_.comes_to_keys("tern/" + std::string(service) + "/", count);
  }
  bool remove(std::string_view service, std::string_view address) override {
    etcd_.remove("tern/" + std::string(service) + "/" + std::string(address));
    return true;
  }

 private:
  test::EtcdServer etcd_;
};

class EtcdRealTest : public testing::Test {
 protected:
  std::shared_ptr<Registry> open(const std::string& where) {
    return open_etcd(where, options_, pool_);
  }
  std::shared_ptr<Registry> open(const test::EtcdServer& etcd) { return open(etcd.everywhere()); }

  IoPool pool_;
  EtcdOptions options_ = hasty();
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
  ASSERT_TRUE(comes_to_list(*discovery, {kA, "tcp@[::1]:7000"}));
  EXPECT_EQ(discovery->view().servers->back(), told);
  EXPECT_THAT(etcd.keys("some/where/arith.Arith/"),
              ElementsAre("some/where/arith.Arith/tcp@10.0.0.1:7000",
                          "some/where/arith.Arith/tcp@[::1]:7000"));

  told.weight = 2;
  registration->update(told);
  EXPECT_TRUE(test::comes_to(*discovery,
                             [&](const ServerView& view) { return view.servers->back() == told; }));
  registration->withdraw();
  EXPECT_THAT(etcd.keys("some/where/"), ElementsAre("some/where/arith.Arith/tcp@10.0.0.1:7000"));
  EXPECT_TRUE(comes_to_list(*discovery, {kA}));
  other.reset();
  EXPECT_THAT(etcd.keys("some/where/"), IsEmpty());
}

TEST_F(EtcdRealTest, IsSeenFromOutsideAsItsPageShows) {
  test::EtcdServer etcd;
  auto a = open(etcd)->announce("arith.Arith", server_at("tcp@10.0.0.7:7000"));
  ASSERT_TRUE(becomes_listed(*a));
  std::vector<test::PageCommand> shown = test::page_commands(TERN_ETCD_PAGE);
  ASSERT_EQ(shown.size(), 1u);
  test::expect_as_shown(shown[0], {{"etcdctl ", "etcdctl --endpoints " + etcd.at() + " "}});
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
  ASSERT_TRUE(comes_to_list(*discovery, {kA}));
  EXPECT_EQ(discovery->view().servers->front().weight, 3u);
  etcd.put("tern/s/junk", "{}");
  etcd.put("tern/s/" + std::string(kB), "{}");
  EXPECT_TRUE(comes_to_list(*discovery, {kA, kB}));
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
  ASSERT_TRUE(comes_to_list(*discovery, {kA}));
  dialer->wait_until_it_holds_one();
  std::atomic<bool> told = false;
  auto watch = discovery->watch([&](const ServerView& view) {
    if (view.status.message().find("compacted") != std::string_view::npos) told = true;
  });
  etcd.put("tern/s/" + std::string(kB), "{}");
  etcd.put("tern/s/" + std::string(kC), "{}");
  etcd.compact();
  dialer->let_go();
  EXPECT_TRUE(comes_to_list(*discovery, {kA, kB, kC}));
  EXPECT_TRUE(told);
  etcd.remove("tern/s/" + std::string(kB));
  EXPECT_TRUE(comes_to_list(*discovery, {kA, kC}));
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
  ASSERT_TRUE(comes_to_list(*discovery, {kA}));
  EXPECT_TRUE(test::comes_to_failure(*nobody));
  EXPECT_THAT(nobody->view().status.to_string(), HasSubstr("user name is empty"));
  EXPECT_TRUE(test::status_comes_to(*stranger, [](const Status& status) {
    return status.to_string().find("invalid user ID or password") != std::string::npos;
  })) << stranger->status().to_string();

  etcd.kill();  // and with it its tokens
  EXPECT_TRUE(test::becomes_unlisted(*a));
  etcd.restart();
  auto b = registry->announce("s", server_at(kB));
  EXPECT_TRUE(becomes_listed(*a));
  EXPECT_TRUE(comes_to_list(*discovery, {kA, kB}));
}

TEST_F(EtcdRealTest, WorksWithAPasswordThatEtcdDoesNotAskFor) {
  options_.name = "root";
  options_.password = "pw";
  test::EtcdServer etcd;
  auto registry = open(etcd);
  auto a = registry->announce("s", server_at(kA));
  EXPECT_TRUE(becomes_listed(*a));
}

TEST_F(EtcdRealTest, GoesOnAtAnotherServerOfTheCluster) {
  options_.ttl = seconds(5);
  test::EtcdServer etcd(3);
  auto registry = open(etcd);
  auto discovery = registry->discover("s");
  auto a = registry->announce("s", server_at(kA));
  ASSERT_TRUE(comes_to_list(*discovery, {kA}));
  test::ShortestList shortest(*discovery);
  etcd.stop(0);
  auto b = registry->announce("s", server_at(kB));
  EXPECT_TRUE(comes_to_list(*discovery, {kA, kB}));
  EXPECT_TRUE(becomes_listed(*a));
  etcd.go_on(0);
  etcd.kill(1);
  auto c = registry->announce("s", server_at(kC));
  EXPECT_TRUE(comes_to_list(*discovery, {kA, kB, kC}));
  EXPECT_EQ(shortest.size(), 1u);
  EXPECT_TRUE(becomes_listed(*a));
  EXPECT_TRUE(becomes_listed(*b));
}

}  // namespace

namespace test {
INSTANTIATE_TEST_SUITE_P(Etcd, RegistryOnStore,
                         testing::Values([] { return std::make_unique<EtcdStore>(); }),
                         [](const auto&) { return std::string("RealServer"); });
}  // namespace test
}  // namespace tern
