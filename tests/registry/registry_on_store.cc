#include "registry/registry_on_store.h"

#include <gmock/gmock.h>

#include <thread>
#include <vector>

#include "registry/listed_servers.h"

namespace tern::test {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr std::string_view kA = "tcp@10.0.0.1:7000";
constexpr std::string_view kB = "tcp@10.0.0.2:7000";
constexpr std::string_view kC = "tcp@10.0.0.3:7000";

TEST_P(RegistryOnStore, ComesBackWhenTheStoreIsKilledAndStartedAgain) {
  auto registry = store_->open(pool_);
  auto discovery = registry->discover("s");
  auto a = registry->announce("s", server_at(kA));
  ASSERT_TRUE(comes_to_list(*discovery, {kA}));
  ShortestList shortest(*discovery);
  store_->kill();
  EXPECT_TRUE(comes_to_failure(*discovery));
  EXPECT_TRUE(becomes_unlisted(*a));
  auto b = registry->announce("s", server_at(kB));
  EXPECT_THAT(addresses(discovery->view()), ElementsAre(kA));
  store_->restart();
  EXPECT_TRUE(comes_to_list(*discovery, {kA, kB}));
  EXPECT_TRUE(becomes_listed(*a));
  EXPECT_TRUE(comes_to_health(*discovery));
  EXPECT_EQ(shortest.size(), 1u);
}

TEST_P(RegistryOnStore, StartsBeforeTheStoreDoes) {
  store_->kill();
  auto registry = store_->open(pool_);
  auto discovery = registry->discover("s");
  auto a = registry->announce("s", server_at(kA));
  EXPECT_TRUE(comes_to_failure(*discovery));
  EXPECT_FALSE(discovery->view().known());
  EXPECT_THAT(std::string(discovery->view().status.message()), HasSubstr(store_->at()));
  store_->restart();
  EXPECT_TRUE(comes_to_list(*discovery, {kA}));
}

// Entries end while it is stopped, and it says so when it goes on: they go and come back, and never
// are all of them gone.
TEST_P(RegistryOnStore, KeepsTheListWhileTheStoreIsStoppedForTwiceAnEntrysLife) {
  auto registry = store_->open(pool_);
  auto discovery = registry->discover("s");
  auto a = registry->announce("s", server_at(kA));
  auto b = registry->announce("s", server_at(kB));
  ASSERT_TRUE(comes_to_list(*discovery, {kA, kB}));
  ShortestList shortest(*discovery);
  auto stopped_at = std::chrono::steady_clock::now();
  store_->stop();
  EXPECT_TRUE(comes_to_failure(*discovery));
  EXPECT_TRUE(becomes_unlisted(*a));
  EXPECT_THAT(addresses(discovery->view()), ElementsAre(kA, kB));
  // That time has passed is the fault itself.
  std::this_thread::sleep_until(stopped_at + 2 * store_->lifetime());
  store_->go_on();
  EXPECT_TRUE(becomes_listed(*a));
  EXPECT_TRUE(becomes_listed(*b));
  EXPECT_TRUE(store_->comes_to_entries("s", 2));
  EXPECT_TRUE(comes_to_health(*discovery));
  EXPECT_TRUE(comes_to_list(*discovery, {kA, kB}));
  EXPECT_GE(shortest.size(), 1u);
  auto c = registry->announce("s", server_at(kC));
  EXPECT_TRUE(comes_to_list(*discovery, {kA, kB, kC}));
}

TEST_P(RegistryOnStore, KeepsTheListWhenTheStoreComesBackEmpty) {
  auto registry = store_->open(pool_);
  auto discovery = registry->discover("s");
  std::vector<std::shared_ptr<Registry>> registries;  // each with a session of its own
  std::vector<std::unique_ptr<Registration>> registrations;
  for (std::string_view one : {kA, kB, kC}) {
    registries.push_back(store_->open(pool_));
    registrations.push_back(registries.back()->announce("s", server_at(one)));
  }
  ASSERT_TRUE(comes_to_list(*discovery, {kA, kB, kC}));
  ShortestList shortest(*discovery);
  store_->kill();
  store_->restart_empty();
  EXPECT_TRUE(store_->comes_to_entries("s", 3));
  EXPECT_TRUE(comes_to_health(*discovery));
  EXPECT_THAT(addresses(discovery->view()), ElementsAre(kA, kB, kC));
  EXPECT_EQ(shortest.size(), 3u);
}

TEST_P(RegistryOnStore, ForgetsServersThatDoNotComeBack) {
  auto registry = store_->open(pool_, std::chrono::milliseconds(300));
  auto discovery = registry->discover("s");
  auto a = registry->announce("s", server_at(kA));
  ASSERT_TRUE(comes_to_list(*discovery, {kA}));
  a->withdraw();
  EXPECT_TRUE(comes_to_list(*discovery, {}));
}

TEST_P(RegistryOnStore, PutsAnEntryAgainThatSomebodyHasDeleted) {
  auto registry = store_->open(pool_);
  auto a = registry->announce("s", server_at(kA));
  ASSERT_TRUE(becomes_listed(*a));
  EXPECT_TRUE(store_->remove("s", kA));
  EXPECT_TRUE(store_->comes_to_entries("s", 1));
}

}  // namespace
}  // namespace tern::test
