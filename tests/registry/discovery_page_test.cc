// What docs/discovery.md shows, as it stands there.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "registry/page_code.h"
#include "tern/cluster.h"
#include "tern/fan_out.h"
#include "tern/registry.h"
#include "tern/server_list.h"

namespace {

// --- the page's own balancer ---

// Primary and spares: the first server gets all calls as long as it can be reached.
class PrimaryFirst final : public tern::Balancer {
 public:
  std::string_view name() const noexcept override { return "primary first"; }
  std::size_t pick(const tern::Candidates&, const tern::PickRequest&) override { return 0; }
};

// --- the page's own discovery ---

// The servers that a function knows, such as one that reads an inventory in memory.
class KnownServers final : public tern::Discovery {
 public:
  using Look = std::function<tern::Result<std::vector<tern::Instance>>()>;

  explicit KnownServers(Look look) : look_(std::move(look)) { refresh(); }

  tern::ServerView view() const override { return list_.view(); }
  std::unique_ptr<Watch> watch(OnChange on_change) override {
    return list_.watch(std::move(on_change));
  }
  void refresh() override {
    tern::Result<std::vector<tern::Instance>> found = look_();
    if (found.ok()) {
      list_.update(std::move(*found));
    } else {
      list_.set_failure(found.take_status());
    }
  }

 private:
  const Look look_;
  tern::ServerList list_;
};

// --- the page's clusters ---

tern::Result<std::unique_ptr<tern::Cluster>> open_cluster(tern::IoPool& pool) {
  tern::Registries registries;
  auto registry = registries.open("file@/etc/tern/servers", pool);
  if (!registry.ok()) return registry.take_status();
  tern::ClusterOptions options;
  options.balancer = tern::power_of_two();
  return std::make_unique<tern::Cluster>((*registry)->discover("Arith"), pool, options);
}

std::shared_ptr<tern::ServerList> by_hand(std::vector<tern::Instance> others) {
  auto list = tern::ServerList::of({"tcp@10.0.0.1:7000", "tcp@10.0.0.2:7000"});
  if (!list.ok()) return nullptr;
  tern::Cluster cluster(*list);
  (*list)->update(std::move(others));
  return *list;
}

// --- and what they do ---

using ::testing::ElementsAre;
using ::testing::HasSubstr;

TEST(DiscoveryPage, ShowsCodeThatCompiles) {
  std::string here = tern::test::without_indent(std::ifstream(TERN_PAGE_TEST));
  std::vector<std::string> blocks = tern::test::code_of_page(TERN_PAGE);
  EXPECT_EQ(blocks.size(), 4u);
  for (const std::string& block : blocks) EXPECT_THAT(here, HasSubstr(block));
}

TEST(DiscoveryPage, HasABalancerThatPicksTheFirst) {
  auto list = *tern::ServerList::of({"tcp@b:1", "tcp@a:1"});
  PrimaryFirst balancer;
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(tern::pick_server(*list, balancer)->endpoint.to_string(), "tcp@a:1");
  }
}

TEST(DiscoveryPage, HasADiscoveryThatKeepsItsServers) {
  bool fails = false;
  std::string address = "tcp@a:1";
  KnownServers servers([&]() -> tern::Result<std::vector<tern::Instance>> {
    if (fails) return tern::Status(tern::Code::kUnavailable, "the inventory is locked");
    return std::vector<tern::Instance>{tern::Instance(*tern::parse_endpoint(address))};
  });
  std::vector<std::string> seen;
  auto watch = servers.watch([&](const tern::ServerView& view) {
    seen.push_back(view.servers->front().endpoint.to_string() + " " + view.status.to_string());
  });
  address = "tcp@b:1";
  servers.refresh();
  fails = true;
  servers.refresh();
  EXPECT_THAT(seen, ElementsAre("tcp@a:1 ok", "tcp@b:1 ok",
                                "tcp@b:1 unavailable: the inventory is locked"));
}

TEST(DiscoveryPage, HasClusters) {
  tern::IoPool pool;
  EXPECT_TRUE(open_cluster(pool).ok());
  auto list = by_hand({tern::Instance(*tern::parse_endpoint("tcp@a:1"))});
  EXPECT_EQ(list->view().servers->size(), 1u);
}

}  // namespace
