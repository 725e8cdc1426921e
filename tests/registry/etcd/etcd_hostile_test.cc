// The registry on etcd at servers that answer nonsense, too much, too little, too slowly or never.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "etcd/etcd_discovery.h"
#include "etcd/etcd_registration.h"
#include "registry/listed_servers.h"
#include "support/fake_dialer.h"
#include "support/test_loop.h"

namespace tern {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using test::server_at;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr std::string_view kA = "tcp@10.0.0.1:7000";
constexpr std::string_view kB = "tcp@10.0.0.2:7000";

// An entry as lists and events have it.
std::string entry(std::string_view address, int revision) {
  std::string json = etcd::put_body("tern/s/" + std::string(address), "{}", 0);
  json.pop_back();
  return json + ",\"mod_revision\":\"" + std::to_string(revision) + "\"}";
}

std::string list_of(int revision, const std::vector<std::string_view>& addresses) {
  std::string json = "{\"header\":{\"revision\":\"" + std::to_string(revision) + "\"},\"kvs\":[";
  for (std::size_t i = 0; i < addresses.size(); ++i) {
    json += (i > 0 ? "," : "") + entry(addresses[i], revision);
  }
  return json + "]}";
}

const std::string kCreated = "{\"result\":{\"header\":{\"revision\":\"5\"},\"created\":true}}\n";

std::string event_of(std::string_view address, int revision) {
  return "{\"result\":{\"header\":{\"revision\":\"" + std::to_string(revision) +
         "\"},\"events\":[{\"kv\":" + entry(address, revision) + "}]}}\n";
}

// Two servers that do what the test says, on time that the test turns. Every request is a
// connection of its own, numbered from 0.
class EtcdHostileTest : public testing::Test {
 protected:
  EtcdHostileTest() {
    auto setup = std::make_shared<etcd::Setup>();
    setup->servers = {*parse_endpoint("tcp@one:2379"), *parse_endpoint("tcp@two:2379")};
    setup->prefix = "tern";
    setup->options.request_timeout = seconds(3);
    setup->options.random = [] { return 0.5; };
    setup->dialer = dialer_;
    setup_ = setup;
  }
  ~EtcdHostileTest() override {
    if (watcher_) watcher_->stop();
    if (keeper_) withdraw();
    settle();
  }

  void discover() {
    watcher_ = std::make_shared<etcd::Watcher>(test_.loop(), setup_, "s");
    watcher_->start();
    settle();
  }
  void announce() {
    keeper_ = std::make_shared<etcd::EntryKeeper>(test_.loop(), setup_, "s", server_at(kA));
    keeper_->start();
    settle();
  }
  void withdraw() {
    keeper_->withdraw();
    pass(seconds(10));
  }

  // Lets the time pass, and then what that has brought about happen at once.
  void pass(Clock::Duration by) {
    test_.advance(by);
    settle();
  }
  void settle() { test_.advance(Clock::Duration::zero()); }
  std::size_t requests() const { return dialer_->streams(); }
  // What the k-th request was: "one /v3/kv/range".
  std::string asked(std::size_t k) {
    std::string text = request(k);
    std::size_t host = text.find("Host: ") + 6;
    return text.substr(host, text.find(':', host) - host) + " " +
           text.substr(5, text.find(' ', 5) - 5);
  }
  std::string request(std::size_t k) {
    requests_.resize(std::max(requests_.size(), k + 1));
    requests_[k] += dialer_->server(k).take_received();
    return requests_[k];
  }
  // What the server says to the k-th request, byte for byte.
  void say(std::size_t k, std::string_view bytes) {
    dialer_->server(k).send(bytes);
    settle();
  }
  void end(std::size_t k) {
    dialer_->server(k).shutdown_write();
    settle();
  }
  void answer(std::size_t k, const std::string& body, const std::string& status = "200 OK") {
    say(k, "HTTP/1.1 " + status + "\r\nContent-Length: " + std::to_string(body.size()) +
               "\r\n\r\n" + body);
  }
  // A response without an end.
  void stream(std::size_t k, const std::string& body) { say(k, "HTTP/1.1 200 OK\r\n\r\n" + body); }
  // A list, and a watch that has begun: requests 0 and 1.
  void discover_a() {
    discover();
    answer(0, list_of(5, {kA}));
    stream(1, kCreated);
    ASSERT_THAT(servers(), ElementsAre(kA));
    ASSERT_EQ(asked(1), "one /v3/watch");
  }

  std::vector<std::string> servers() { return test::addresses(watcher_->list().view()); }
  std::string failure() { return watcher_->list().view().status.to_string(); }

  test::TestLoop test_;
  std::shared_ptr<test::FakeDialer> dialer_ = std::make_shared<test::FakeDialer>();
  std::shared_ptr<const etcd::Setup> setup_;
  std::shared_ptr<etcd::Watcher> watcher_;
  std::shared_ptr<etcd::EntryKeeper> keeper_;
  std::vector<std::string> requests_;
};

TEST_F(EtcdHostileTest, AsksTheNextServerWhenOneTalksNonsense) {
  for (std::string_view nonsense :
       {"SSH-2.0-OpenSSH_9.2\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nnull",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        "HTTP/1.1 502 Bad Gateway\r\nContent-Length: 1\r\n\r\n<",
        "HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{}",
        "HTTP/1.1 101 Switching Protocols\r\n\r\n"}) {
    SCOPED_TRACE(nonsense);
    std::size_t first = requests();
    discover();
    say(first, nonsense);
    EXPECT_THAT(failure(), HasSubstr("etcd"));
    ASSERT_EQ(requests(), first + 2);
    EXPECT_EQ(asked(first + 1), "two /v3/kv/range");
    answer(first + 1, list_of(5, {kA}));
    EXPECT_THAT(servers(), ElementsAre(kA));
    watcher_->stop();
  }
}

TEST_F(EtcdHostileTest, BelievesNoPartOfAListThatIsCutOff) {
  discover();
  std::string body = list_of(5, {kA, kB});
  say(0, "HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" +
             body.substr(0, body.size() - 1));
  end(0);
  EXPECT_FALSE(watcher_->list().view().known());
  EXPECT_EQ(asked(1), "two /v3/kv/range");
}

TEST_F(EtcdHostileTest, TimesOutOnAnAnswerThatDrips) {
  discover();
  say(0, "HTTP/1.1 200 OK\r\n\r\n");
  for (int i = 0; i < 29; ++i) {
    pass(milliseconds(100));
    say(0, " ");
  }
  EXPECT_EQ(requests(), 1u);
  pass(milliseconds(100));
  ASSERT_EQ(requests(), 2u);
  EXPECT_EQ(asked(1), "two /v3/kv/range");
  EXPECT_TRUE(dialer_->server(0).end_received());
}

TEST_F(EtcdHostileTest, WaitsLongerAndLongerWhileNobodyMakesSense) {
  discover();
  for (std::size_t k = 0; k < 60; ++k) {
    while (requests() <= k) pass(milliseconds(50));
    answer(k, "[]");
  }
  std::vector<Clock::TimePoint> times = dialer_->attempt_times();
  // Each server once, then a wait; 5 s is the longest, half of which may be jitter.
  EXPECT_EQ(times[0], times[1]);
  EXPECT_GE(times[2] - times[1], milliseconds(100));
  EXPECT_EQ(times[58], times[59]);
  EXPECT_GE(times[58] - times[57], milliseconds(2500));
}

// One server is gone, and the other one says no: neither is asked without a pause.
TEST_F(EtcdHostileTest, WaitsWhenTheOnlyServerThatIsThereRefuses) {
  dialer_->fail_next(Status(Code::kUnavailable, "refused", HandlerRan::kNo));
  discover();
  ASSERT_EQ(requests(), 1u);
  EXPECT_EQ(asked(0), "two /v3/kv/range");
  answer(0, R"({"error":"etcdserver: permission denied","code":7})", "403 Forbidden");
  EXPECT_THAT(failure(), HasSubstr("permission denied"));
  EXPECT_EQ(requests(), 1u);
  pass(seconds(5));
  EXPECT_EQ(requests(), 2u);
}

// Lists are fine, and no watch ever lasts.
TEST_F(EtcdHostileTest, WaitsLongerAndLongerWhileNoWatchLasts) {
  discover();
  for (std::size_t k = 0; k < 40; k += 2) {
    while (requests() <= k) pass(milliseconds(50));
    answer(k, list_of(5, {kA}));
    ASSERT_EQ(requests(), k + 2);
    stream(k + 1, kCreated);
    end(k + 1);
  }
  std::vector<Clock::TimePoint> times = dialer_->attempt_times();
  EXPECT_GE(times[38] - times[37], milliseconds(2500));
  EXPECT_THAT(servers(), ElementsAre(kA));
}

TEST_F(EtcdHostileTest, KeepsTheListWhenAWatchTalksNonsense) {
  discover_a();
  say(1, "nonsense\n");
  EXPECT_THAT(failure(), HasSubstr("nonsense"));
  EXPECT_THAT(servers(), ElementsAre(kA));
  ASSERT_EQ(requests(), 3u);
  EXPECT_EQ(asked(2), "two /v3/kv/range");
  answer(2, list_of(6, {kA, kB}));
  EXPECT_THAT(servers(), ElementsAre(kA, kB));
  EXPECT_THAT(request(3), HasSubstr(R"("start_revision":"7")"));
}

TEST_F(EtcdHostileTest, ClosesAWatchWhoseLineHasNoEnd) {
  discover_a();
  const std::string piece(1024 * 1024, ' ');
  for (int i = 0; i < 17 && requests() == 2; ++i) say(1, piece);
  EXPECT_THAT(failure(), HasSubstr("a line is over 16777216 bytes long"));
  EXPECT_TRUE(dialer_->server(1).end_received());
  EXPECT_EQ(asked(2), "two /v3/kv/range");
}

TEST_F(EtcdHostileTest, TimesOutOnAWatchThatDoesNotBegin) {
  discover();
  answer(0, list_of(5, {kA}));
  stream(1, "");
  pass(seconds(3));
  EXPECT_THAT(failure(), HasSubstr("the stream does not begin"));
  EXPECT_THAT(servers(), ElementsAre(kA));
  EXPECT_EQ(asked(2), "two /v3/kv/range");
}

TEST_F(EtcdHostileTest, ReadsEventsHoweverTheyAreCut) {
  discover_a();
  std::string lines = event_of(kB, 6) + "\n" + event_of("tcp@10.0.0.3:7000", 7);
  for (char c : lines) say(1, std::string_view(&c, 1));
  EXPECT_THAT(servers(), ElementsAre(kA, kB, "tcp@10.0.0.3:7000"));
  say(1, event_of("tcp@10.0.0.4:7000", 8) + event_of("tcp@10.0.0.5:7000", 9));
  EXPECT_EQ(servers().size(), 5u);
  EXPECT_EQ(requests(), 2u);
}

TEST_F(EtcdHostileTest, PassesOverEventsOlderThanTheList) {
  discover_a();
  say(1, event_of(kB, 5));
  EXPECT_THAT(servers(), ElementsAre(kA));
}

// The connection is dead on one side: nothing comes, and nobody says that nothing will.
TEST_F(EtcdHostileTest, ReplacesAWatchThatHasMissedAChange) {
  discover_a();
  pass(setup_->options.check_interval);
  EXPECT_EQ(asked(2), "one /v3/kv/range");
  answer(2, list_of(5, {kA}));
  EXPECT_EQ(requests(), 3u);
  pass(setup_->options.check_interval);
  answer(3, list_of(8, {kA, kB}));
  EXPECT_THAT(servers(), ElementsAre(kA, kB));
  EXPECT_TRUE(dialer_->server(1).end_received());
  ASSERT_EQ(requests(), 5u);
  EXPECT_EQ(asked(4), "one /v3/watch");
  EXPECT_THAT(request(4), HasSubstr(R"("start_revision":"9")"));
}

// A store that knows less than it did has lost its memory.
TEST_F(EtcdHostileTest, DoubtsAListFromBeforeTheOneItKnows) {
  discover_a();
  end(1);
  pass(seconds(1));
  answer(2, list_of(2, {kB}));
  EXPECT_THAT(servers(), ElementsAre(kA, kB));
  stream(3, kCreated);
  say(3, event_of("tcp@10.0.0.3:7000", 3));
  EXPECT_EQ(servers().size(), 3u);
  pass(setup_->options.empty_grace);
  EXPECT_THAT(servers(), ElementsAre(kB, "tcp@10.0.0.3:7000"));
}

TEST_F(EtcdHostileTest, AsksTheNextServerForALeaseWhenOneTalksNonsense) {
  announce();
  ASSERT_EQ(asked(0), "one /v3/lease/grant");
  answer(0, R"({"ID":"7"})");
  EXPECT_THAT(keeper_->status().get().to_string(), HasSubstr("expected a lease"));
  ASSERT_EQ(requests(), 2u);
  EXPECT_EQ(asked(1), "two /v3/lease/grant");
  answer(1, R"({"ID":"7","TTL":"9"})");
  EXPECT_EQ(asked(2), "two /v3/kv/put");
  answer(2, "{}");
  EXPECT_TRUE(keeper_->status().get().ok());
}

TEST_F(EtcdHostileTest, BeginsAgainWhenALeaseAnswersWithoutATtl) {
  announce();
  answer(0, R"({"ID":"7","TTL":"9"})");
  answer(1, "{}");
  pass(seconds(3));
  ASSERT_EQ(asked(2), "one /v3/lease/keepalive");
  answer(2, "{\"result\":{\"header\":{\"revision\":\"5\"},\"ID\":\"7\"}}\n");
  EXPECT_EQ(asked(3), "one /v3/lease/grant");
  EXPECT_FALSE(keeper_->status().get().ok());
  answer(3, R"({"ID":"8","TTL":"9"})");
  EXPECT_THAT(request(4), HasSubstr(R"("lease":"8")"));
}

TEST_F(EtcdHostileTest, RenewsAtTheNextServerWhenOneIsSilent) {
  announce();
  answer(0, R"({"ID":"7","TTL":"9"})");
  answer(1, "{}");
  pass(seconds(3));
  ASSERT_EQ(asked(2), "one /v3/lease/keepalive");
  pass(seconds(3));
  ASSERT_EQ(requests(), 4u);
  EXPECT_EQ(asked(3), "two /v3/lease/keepalive");
}

TEST_F(EtcdHostileTest, ForgetsALeaseThatNobodyHasRenewedInTime) {
  announce();
  answer(0, R"({"ID":"7","TTL":"9"})");
  answer(1, "{}");
  for (int i = 0; i < 20; ++i) pass(seconds(1));
  EXPECT_THAT(asked(requests() - 1), HasSubstr("/v3/lease/grant"));
  EXPECT_FALSE(keeper_->status().get().ok());
}

TEST_F(EtcdHostileTest, WaitsLongerAndLongerWhileNobodyTakesTheEntry) {
  announce();
  for (std::size_t k = 0; k < 40; ++k) {
    while (requests() <= k) pass(milliseconds(50));
    if (asked(k).find("grant") != std::string::npos) {
      answer(k, R"({"ID":"7","TTL":"9"})");
    } else {
      answer(k, R"({"error":"etcdserver: requested lease not found","code":5})", "404 Not Found");
    }
  }
  std::vector<Clock::TimePoint> times = dialer_->attempt_times();
  EXPECT_GE(times[38] - times[37], milliseconds(2500));
  EXPECT_THAT(keeper_->status().get().to_string(), HasSubstr("requested lease not found"));
}

TEST_F(EtcdHostileTest, SendsNoTokenThatWouldBeMoreThanAHeader) {
  auto setup = std::make_shared<etcd::Setup>(*setup_);
  setup->options.name = "root";
  setup_ = setup;
  discover();
  ASSERT_EQ(asked(0), "one /v3/auth/authenticate");
  answer(0, R"({"token":"a\r\nX-Other: b"})");
  EXPECT_THAT(failure(), HasSubstr("expected a token"));
  EXPECT_EQ(asked(1), "two /v3/auth/authenticate");
}

TEST_F(EtcdHostileTest, CanBeStoppedAtAnyPointOfAnAnswer) {
  const std::string whole = "HTTP/1.1 200 OK\r\n\r\n" + kCreated + event_of(kB, 6);
  for (std::size_t size = 0; size <= whole.size(); ++size) {
    std::size_t first = requests();
    discover();
    answer(first, list_of(5, {kA}));
    say(first + 1, whole.substr(0, size));
    watcher_->stop();
    settle();
    EXPECT_TRUE(dialer_->server(first + 1).end_received());
  }
}

}  // namespace
}  // namespace tern
