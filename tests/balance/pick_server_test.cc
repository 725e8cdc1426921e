#include <gtest/gtest.h>

#include <map>
#include <string>

#include "tern/balancer.h"
#include "tern/server_list.h"

namespace tern::test {
namespace {

Instance at(std::string_view address, std::uint32_t weight = 1) {
  Instance instance(*parse_endpoint(address));
  instance.weight = weight;
  return instance;
}

TEST(PickServer, TakesTurnsFromOneCallToTheNext) {
  ServerList list({at("tcp@a:1", 2), at("tcp@b:1"), at("tcp@c:1", 0)});
  auto balancer = weighted_round_robin();
  std::string hosts;
  for (int i = 0; i < 6; ++i) hosts += pick_server(list, *balancer)->endpoint.host;
  EXPECT_EQ(hosts, "abaaba");
}

TEST(PickServer, GivesOneServerForOneKey) {
  ServerList list({at("tcp@a:1"), at("tcp@b:1"), at("tcp@c:1")});
  auto balancer = consistent_hash();
  std::map<std::string, int> keys;
  for (int i = 0; i < 100; ++i) {
    std::string key = std::to_string(i);
    Instance first = *pick_server(list, *balancer, key);
    EXPECT_EQ(*pick_server(list, *balancer, key), first);
    ++keys[first.endpoint.host];
  }
  EXPECT_EQ(keys.size(), 3u);
}

TEST(PickServer, SaysWhyThereIsNone) {
  ServerList list;
  EXPECT_EQ(pick_server(list, *round_robin()).status().to_string(),
            "unavailable: pick a server: no server is known yet");
  list.set_failure(Status(Code::kUnavailable, "the registry is gone"));
  EXPECT_EQ(pick_server(list, *round_robin()).status().message(),
            "pick a server: no server is known yet; the registry is gone");
  list.update({});
  EXPECT_EQ(pick_server(list, *round_robin()).status().message(),
            "pick a server: the list of servers is empty");
  list.update({at("tcp@a:1", 0)});
  EXPECT_EQ(pick_server(list, *round_robin()).status().message(),
            "pick a server: every server has the weight 0");
}

TEST(PickServer, TellsTheBalancerTheTimeOfTheClock) {
  struct Watches : Balancer {
    std::string_view name() const noexcept override { return "watches"; }
    std::size_t pick(const Candidates&, const PickRequest& request) override {
      seen = request.now;
      return 0;
    }
    Clock::TimePoint seen{};
  } balancer;
  ManualClock clock;
  ServerList list({at("tcp@a:1")});
  EXPECT_TRUE(pick_server(list, balancer, "", clock).ok());
  EXPECT_EQ(balancer.seen, clock.now());
}

TEST(PickServer, TakesTheFirstWhenTheBalancerThrowsOrPointsBehindTheEnd) {
  struct Throws : Balancer {
    std::string_view name() const noexcept override { return "throws"; }
    std::size_t pick(const Candidates&, const PickRequest&) override { throw 7; }
  } throws;
  struct Beyond : Balancer {
    std::string_view name() const noexcept override { return "beyond"; }
    std::size_t pick(const Candidates& candidates, const PickRequest&) override {
      return candidates.servers.size();
    }
  } beyond;
  ServerList list({at("tcp@a:1"), at("tcp@b:1")});
  EXPECT_EQ(pick_server(list, throws)->endpoint.host, "a");
  EXPECT_EQ(pick_server(list, beyond)->endpoint.host, "a");
}

}  // namespace
}  // namespace tern::test
