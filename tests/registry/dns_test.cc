#include "tern/dns.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <future>

#include "registry/discovery_probe.h"
#include "registry/dns_discovery.h"
#include "registry/dns_stub.h"

namespace tern::test {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

class Dns : public testing::Test {
 protected:
  DnsOptions options() {
    DnsOptions made;
    made.nameserver = stub_.address();
    made.random = [] { return 0.5; };  // no jitter
    return made;
  }

  std::shared_ptr<Discovery> dns(std::string_view where) {
    return follow((*open_dns(where, loop_.pool(), options()))->discover("any"));
  }
  std::shared_ptr<Discovery> srv(std::string_view name) {
    return follow((*open_srv(name, loop_.pool(), options()))->discover("any"));
  }

  // Runs until the discovery has told of one more change.
  void next_view() {
    int before = views_;
    run_until(loop_, [&] { return views_ > before; });
  }

  // Lets time pass, and says whether that has begun another look.
  bool looks_after(Clock::Duration wait) {
    int before = stub_.questions();
    stub_.hold();
    loop_.advance(wait);
    bool looks = loop_.loop().timer_count() == 0;
    if (looks) run_until(loop_, [&] { return stub_.questions() > before; });
    stub_.release();
    if (looks) run_until(loop_, [&] { return loop_.loop().timer_count() > 0; });
    return looks;
  }

  DnsStub stub_;
  TestLoop loop_;

 private:
  std::shared_ptr<Discovery> follow(std::shared_ptr<Discovery> discovery) {
    discovery_ = discovery;
    watch_ = discovery_->watch([this](const ServerView&) { ++views_; });
    next_view();
    return discovery;
  }

  int views_ = 0;
  std::shared_ptr<Discovery> discovery_;
  std::unique_ptr<Discovery::Watch> watch_;
};

TEST_F(Dns, ListsEveryAddressOfAName) {
  stub_.add_ipv6("arith.test", "2001:db8::1");
  stub_.add_ipv4("arith.test", "10.0.0.2");
  stub_.add_ipv4("arith.test", "10.0.0.1");
  EXPECT_THAT(servers_of(*dns("arith.test:7000")),
              ElementsAre("tcp@10.0.0.1:7000", "tcp@10.0.0.2:7000", "tcp@[2001:db8::1]:7000"));
}

TEST_F(Dns, IsContentWithOneKindOfAddress) {
  stub_.add_ipv6("six.test", "::1");
  EXPECT_THAT(servers_of(*dns("six.test:1")), ElementsAre("tcp@[::1]:1"));
}

TEST_F(Dns, FollowsAliases) {
  stub_.add_alias("www.test", "arith.test");
  stub_.add_ipv4("arith.test", "10.0.0.1");
  EXPECT_THAT(servers_of(*dns("www.test:7000")), ElementsAre("tcp@10.0.0.1:7000"));
}

TEST_F(Dns, KeepsProtocolAndPathOfTheAddress) {
  stub_.add_ipv4("go.test", "10.0.0.1");
  EXPECT_THAT(servers_of(*dns("netrpc+http@go.test:1234/_goRPC_")),
              ElementsAre("netrpc+http@10.0.0.1:1234/_goRPC_"));
}

TEST_F(Dns, AsksNobodyForANumber) {
  EXPECT_THAT(servers_of(*dns("127.0.0.1:7000")), ElementsAre("tcp@127.0.0.1:7000"));
  EXPECT_EQ(stub_.questions(), 0);
}

TEST_F(Dns, SaysThatThereIsNoSuchName) {
  auto discovery = dns("nobody.test:7000");
  EXPECT_THAT(servers_of(*discovery), ElementsAre("nothing known"));
  EXPECT_EQ(discovery->view().status.to_string(),
            "not_found: dns: there is no name \"nobody.test\"");
}

TEST_F(Dns, SaysThatAHostHasNoAddress) {
  stub_.add_name("empty.test");
  EXPECT_EQ(failure_of(*dns("empty.test:7000")), "dns: host \"empty.test\" has no address");
}

TEST_F(Dns, SaysThatANameserverFails) {
  stub_.fail_with(2);
  EXPECT_EQ(failure_of(*dns("arith.test:7000")), "dns: A records of \"arith.test\": nameserver " +
                                                     stub_.address() +
                                                     " has not answered, or not been able to");
}

TEST_F(Dns, KeepsTheServersWhenALookFails) {
  stub_.add_ipv4("arith.test", "10.0.0.1", 10);
  auto discovery = dns("arith.test:7000");
  stub_.remove("arith.test");
  loop_.advance(10s);
  next_view();
  EXPECT_THAT(servers_of(*discovery), ElementsAre("tcp@10.0.0.1:7000"));
  EXPECT_THAT(failure_of(*discovery), HasSubstr("there is no name"));
  stub_.add_ipv4("arith.test", "10.0.0.9", 10);
  loop_.advance(1s);
  next_view();
  EXPECT_THAT(servers_of(*discovery), ElementsAre("tcp@10.0.0.9:7000"));
  EXPECT_TRUE(discovery->view().status.ok());
}

TEST_F(Dns, BearsAnswersThatAreWrong) {
  stub_.add_ipv4("arith.test", "10.0.0.1", 10);
  auto discovery = dns("arith.test:7000");
  stub_.answer_with(3, "\x40nonsense");
  loop_.advance(10s);
  next_view();
  EXPECT_THAT(servers_of(*discovery), ElementsAre("tcp@10.0.0.1:7000"));
  EXPECT_EQ(failure_of(*discovery),
            "dns: A records of \"arith.test\": the answer, at byte 28: expected a label of at most "
            "63 bytes, not 64");
}

TEST_F(Dns, PassesOverDatagramsThatAnswerAnotherQuestion) {
  stub_.add_ipv4("arith.test", "10.0.0.1");
  stub_.send_before_answers("10.6.6.6");
  EXPECT_THAT(servers_of(*dns("arith.test:7000")), ElementsAre("tcp@10.0.0.1:7000"));
}

TEST_F(Dns, AsksByTcpForWhatADatagramHasNoRoomFor) {
  for (int i = 1; i <= 200; ++i) stub_.add_ipv4("many.test", "10.0.0." + std::to_string(i));
  stub_.truncate_datagrams();
  EXPECT_EQ(servers_of(*dns("many.test:7000")).size(), 200u);
  EXPECT_EQ(stub_.tcp_questions(), 2);  // one for each kind of address
}

TEST_F(Dns, LooksAgainWhenTheShortestTimeToLiveIsOver) {
  stub_.add_ipv4("arith.test", "10.0.0.1", 60);
  stub_.add_ipv6("arith.test", "::1", 20);
  auto discovery = dns("arith.test:7000");
  EXPECT_FALSE(looks_after(19s));
  EXPECT_TRUE(looks_after(1s));
}

TEST_F(Dns, CountsTheTimeToLiveOfAliases) {
  stub_.add_alias("www.test", "arith.test", 5);
  stub_.add_ipv4("arith.test", "10.0.0.1", 60);
  auto discovery = dns("www.test:7000");
  EXPECT_FALSE(looks_after(4s));
  EXPECT_TRUE(looks_after(1s));
}

TEST_F(Dns, LooksNoFasterThanItMayHoweverShortTheTimeToLive) {
  stub_.add_ipv4("arith.test", "10.0.0.1", 0);
  auto discovery = dns("arith.test:7000");
  EXPECT_FALSE(looks_after(999ms));
  EXPECT_TRUE(looks_after(1ms));
}

TEST_F(Dns, LooksAgainWhileTheTimeToLiveIsLong) {
  stub_.add_ipv4("arith.test", "10.0.0.1", 0x7fffffff);
  auto discovery = dns("arith.test:7000");
  EXPECT_FALSE(looks_after(299s));
  EXPECT_TRUE(looks_after(1s));
}

TEST_F(Dns, LooksAgainWhenAskedTo) {
  stub_.add_ipv4("arith.test", "10.0.0.1", 600);
  auto discovery = dns("arith.test:7000");
  stub_.add_ipv4("arith.test", "10.0.0.2", 600);
  loop_.advance(1s);
  discovery->refresh();
  next_view();
  EXPECT_THAT(servers_of(*discovery), ElementsAre("tcp@10.0.0.1:7000", "tcp@10.0.0.2:7000"));
}

TEST_F(Dns, LooksNoFasterThanItMayHoweverOftenItIsAsked) {
  stub_.add_ipv4("arith.test", "10.0.0.1", 600);
  auto discovery = dns("arith.test:7000");
  for (int i = 0; i < 1000; ++i) discovery->refresh();
  loop_.settle();
  EXPECT_FALSE(looks_after(999ms));
  for (int i = 0; i < 1000; ++i) discovery->refresh();
  EXPECT_TRUE(looks_after(1ms));
}

TEST_F(Dns, WaitsLongerAfterEveryFailure) {
  stub_.fail_with(2);
  auto discovery = dns("arith.test:7000");
  EXPECT_FALSE(looks_after(999ms));
  EXPECT_TRUE(looks_after(1ms));
  EXPECT_FALSE(looks_after(1599ms));
  EXPECT_TRUE(looks_after(1ms));
}

TEST_F(Dns, DelaysNoCallWhileANameserverIsSlow) {
  stub_.add_ipv4("arith.test", "10.0.0.1", 10);
  auto discovery = dns("arith.test:7000");
  stub_.hold();
  loop_.advance(10s);
  stub_.wait_for_question();
  bool others_run = false;
  loop_.loop().post([&] { others_run = true; });
  loop_.settle();
  EXPECT_TRUE(others_run);
  EXPECT_THAT(servers_of(*discovery), ElementsAre("tcp@10.0.0.1:7000"));
  stub_.release();
}

TEST_F(Dns, ListsTheServersOfSrvRecords) {
  stub_.add_srv("_arith._tcp.test", 10, 3, 7001, "a.test");
  stub_.add_srv("_arith._tcp.test", 10, 0, 7002, "b.test");
  stub_.add_srv("_arith._tcp.test", 20, 9, 7003, "spare.test");
  stub_.add_ipv4("a.test", "10.0.0.1");
  stub_.add_ipv6("a.test", "2001:db8::1");
  stub_.add_ipv4("b.test", "10.0.0.2");
  stub_.add_ipv4("spare.test", "10.0.0.3");
  EXPECT_THAT(servers_of(*srv("_arith._tcp.test")),
              ElementsAre("tcp@10.0.0.1:7001*3", "tcp@10.0.0.2:7002", "tcp@[2001:db8::1]:7001*3"));
}

TEST_F(Dns, LeavesOutSrvTargetsThatDoNotExist) {
  stub_.add_srv("_arith._tcp.test", 10, 1, 7001, "gone.test");
  stub_.add_srv("_arith._tcp.test", 10, 1, 7002, "b.test");
  stub_.add_ipv4("b.test", "10.0.0.2");
  EXPECT_THAT(servers_of(*srv("_arith._tcp.test")), ElementsAre("tcp@10.0.0.2:7002"));
}

TEST_F(Dns, TurnsToSparesWhenNoTargetBeforeThemExists) {
  stub_.add_srv("_arith._tcp.test", 10, 1, 7001, "gone.test");
  stub_.add_srv("_arith._tcp.test", 30, 1, 7003, "c.test");
  stub_.add_srv("_arith._tcp.test", 20, 5, 7002, "b.test");
  stub_.add_ipv4("b.test", "10.0.0.2");
  stub_.add_ipv4("c.test", "10.0.0.3");
  EXPECT_THAT(servers_of(*srv("_arith._tcp.test")), ElementsAre("tcp@10.0.0.2:7002*5"));
}

TEST_F(Dns, AsksForEachSrvTargetOnce) {
  for (std::uint16_t port = 1; port <= 50; ++port) {
    stub_.add_srv("_arith._tcp.test", 10, 1, port, "a.test");
  }
  stub_.add_ipv4("a.test", "10.0.0.1");
  stub_.truncate_datagrams();
  EXPECT_EQ(servers_of(*srv("_arith._tcp.test")).size(), 50u);
  EXPECT_EQ(stub_.tcp_questions(), 3);
}

TEST_F(Dns, TakesNoMoreSrvRecordsThanItCanAskFor) {
  for (std::uint16_t port = 1; port <= 257; ++port) {
    stub_.add_srv("_arith._tcp.test", 10, 1, port, "a.test");
  }
  stub_.truncate_datagrams();
  EXPECT_EQ(failure_of(*srv("_arith._tcp.test")),
            "dns: \"_arith._tcp.test\" has 257 SRV records; expected at most 256");
}

TEST_F(Dns, SaysThatNoSrvTargetExists) {
  stub_.add_srv("_arith._tcp.test", 10, 1, 7001, "gone.test");
  EXPECT_EQ(failure_of(*srv("_arith._tcp.test")),
            "dns: SRV of \"_arith._tcp.test\": dns: there is no name \"gone.test\"");
}

TEST_F(Dns, UnderstandsThatAServiceIsNotOffered) {
  stub_.add_srv("_arith._tcp.test", 0, 0, 0, ".");
  EXPECT_EQ(failure_of(*srv("_arith._tcp.test")),
            "dns: \"_arith._tcp.test\" has no SRV record of a server");
}

TEST_F(Dns, TakesNoAnnouncements) {
  auto registry = *open_dns("arith.test:7000", loop_.pool(), options());
  auto registration = registry->announce("arith", Instance(*parse_endpoint("tcp@a:1")));
  EXPECT_EQ(registration->status().to_string(),
            "unimplemented: announce \"tcp@a:1\" of \"arith\": DNS takes no announcements: list "
            "the server where the zone is kept");
}

TEST(DnsAddresses, AreReadAtOnce) {
  TestLoop loop;
  auto dns = [&](std::string_view where) {
    return std::string(open_dns(where, loop.pool()).status().message());
  };
  EXPECT_THAT(dns("arith.test"), HasSubstr("registry \"dns@arith.test\""));
  EXPECT_THAT(dns(":7000"), HasSubstr("no host"));
  EXPECT_THAT(dns("arith.test:0"), HasSubstr("expected a port"));
  EXPECT_THAT(dns("unix@/run/x"), HasSubstr("a Unix socket has no name in DNS"));
  for (std::string_view name : {"", "a b", "_x._tcp.test:7000", "tcp@x"}) {
    EXPECT_THAT(std::string(open_srv(name, loop.pool()).status().message()),
                HasSubstr("expected a name alone"));
  }
  for (std::string nameserver : {"dns.test", "[::1]:53", "10.0.0.1:0", "10.0.0.1:x"}) {
    DnsOptions options;
    options.nameserver = nameserver;
    EXPECT_THAT(std::string(open_dns("a:1", loop.pool(), options).status().message()),
                HasSubstr("nameserver \"" + nameserver + "\": expected an IPv4 address"));
  }
}

TEST(DnsOfTheSystem, FindsThisMachine) {
  TestLoop loop;
  auto discovery = (*open_dns("localhost:7000", loop.pool()))->discover("any");
  run_until(loop, [&] { return discovery->view().known() || !discovery->view().status.ok(); });
  EXPECT_THAT(servers_of(*discovery), ::testing::Contains("tcp@127.0.0.1:7000"));
}

// A lookup that lasts as long as the test wants.
struct SlowLookup {
  registry::ServerLookup lookup() {
    return [begun = begun, end = end.get_future().share()]() -> Result<registry::FoundServers> {
      begun->set_value();
      end.wait();
      return Status(Code::kUnavailable, "too late");
    };
  }
  std::shared_ptr<std::promise<void>> begun = std::make_shared<std::promise<void>>();
  std::promise<void> end;
};

TEST(DnsDiscoveries, EndWithoutWaitingForALook) {
  SlowLookup slow;
  {
    IoPool pool;
    registry::DnsDiscovery discovery(slow.lookup(), pool.next(), DnsOptions());
    slow.begun->get_future().wait();
  }
  slow.end.set_value();
}

TEST(DnsDiscoveries, MayBeAskedAndEndedByAnyThread) {
  IoPool pool(2);
  auto looks = std::make_shared<std::atomic<std::uint32_t>>(0);
  registry::ServerLookup lookup = [looks]() -> Result<registry::FoundServers> {
    registry::FoundServers found;
    Instance& server = found.servers.emplace_back(*parse_endpoint("tcp@a:1"));
    server.weight = ++*looks;
    return found;
  };
  DnsOptions options;
  options.min_age = 0ns;
  options.age = 1ms;
  for (int round = 0; round < 20; ++round) {
    auto discovery = std::make_shared<registry::DnsDiscovery>(lookup, pool.next(), options);
    std::promise<void> told;
    std::atomic<int> views = 0;
    auto watch = discovery->watch([&](const ServerView&) {
      if (++views == 3) told.set_value();
    });
    std::thread asks([&] {
      for (int i = 0; i < 100; ++i) discovery->refresh();
    });
    told.get_future().wait();
    asks.join();
    watch.reset();
  }
}

}  // namespace
}  // namespace tern::test
