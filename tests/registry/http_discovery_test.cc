// What a client makes of a registry's lists, and of a registry that is not well.
#include <memory>
#include <string>
#include <vector>

#include "registry/registry_client_fixture.h"

namespace tern::test {
namespace {

using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using ::testing::StartsWith;

class HttpDiscoveryTest : public RegistryClientFixture {
 protected:
  ~HttpDiscoveryTest() override {
    discovery_.reset();
    settle();
  }

  void discover(std::string_view service = "arith.Arith",
                std::string_view where = "registry:9999") {
    discovery_ = open(where)->discover(service);
    settle();
  }
  std::vector<std::string> known() { return addresses(discovery_->view()); }
  Status failure() { return discovery_->view().status; }

  std::shared_ptr<Discovery> discovery_;
};

TEST_F(HttpDiscoveryTest, AsksForItsServiceUnderGeeRpcsPath) {
  discover("arith.A b");
  EXPECT_EQ(take_request(),
            "GET /_geerpc_/registry?service=arith.A%20b HTTP/1.1\r\nHost: registry:9999\r\n"
            "Connection: close\r\nAccept: application/json\r\n\r\n");
  EXPECT_THAT(known(), ElementsAre("unknown"));
}

TEST_F(HttpDiscoveryTest, AsksUnderThePathThatItWasGiven) {
  options_.token = "secret";
  discover("x", "[::1]:80/_myrpc_/registry");
  std::string request = take_request();
  EXPECT_THAT(request,
              StartsWith("GET /_myrpc_/registry?service=x HTTP/1.1\r\nHost: [::1]:80\r\n"));
  EXPECT_THAT(request, HasSubstr("\r\nAuthorization: Bearer secret\r\n"));
  answer("HTTP/1.1 200 OK\r\nX-Myrpc-Servers: tcp@a:1\r\nContent-Length: 0\r\n\r\n");
  EXPECT_THAT(known(), ElementsAre("tcp@a:1"));
}

// --- GeeRPC's ---

TEST_F(HttpDiscoveryTest, ReadsGosList) {
  discover();
  answer(plain("http@10.0.0.1:7001,tcp@10.0.0.1:9999, unix@/tmp/gee.sock,tcp@[::]:33415"));
  EXPECT_THAT(known(), ElementsAre("http@10.0.0.1:7001", "tcp@10.0.0.1:9999", "tcp@127.0.0.1:33415",
                                   "unix@/tmp/gee.sock"));
  EXPECT_TRUE(failure().ok()) << failure().to_string();
}

TEST_F(HttpDiscoveryTest, LooksAgainEvery10Seconds) {
  discover();
  answer(plain("tcp@a:1"));
  advance(seconds(10) - milliseconds(1));
  EXPECT_EQ(requests(), 1u);
  advance(milliseconds(1));
  ASSERT_EQ(requests(), 2u);
  EXPECT_THAT(take_request(), StartsWith("GET /_geerpc_/registry?service=arith.Arith HTTP"));
  answer(plain("tcp@b:1"));
  EXPECT_THAT(known(), ElementsAre("tcp@b:1"));
}

TEST_F(HttpDiscoveryTest, LooksSoonerWhenItIsAskedToButNotTwiceASecond) {
  discover();
  discovery_->refresh();  // there is one already
  settle();
  answer(plain("tcp@a:1"));
  for (int i = 0; i < 5; ++i) discovery_->refresh();
  settle();
  EXPECT_EQ(requests(), 1u);
  advance(seconds(1));
  EXPECT_EQ(requests(), 2u);
  answer(plain("tcp@a:1"));
  advance(seconds(5));
  discovery_->refresh();
  settle();
  advance(seconds(0));
  EXPECT_EQ(requests(), 3u);
}

TEST_F(HttpDiscoveryTest, IsEmptyIfTheFirstListIs) {
  discover();
  answer(plain(""));
  EXPECT_TRUE(discovery_->view().known());
  EXPECT_THAT(known(), IsEmpty());
}

TEST_F(HttpDiscoveryTest, DoubtsAListThatIsEmptyAllOfASuddenFor5Minutes) {
  discover();
  answer(plain("tcp@a:1,tcp@b:1"));
  for (int i = 0; i < 30; ++i) {
    advance(seconds(10));
    answer(plain(""));
    ASSERT_THAT(known(), ElementsAre("tcp@a:1", "tcp@b:1")) << i;
  }
  advance(seconds(10));
  answer(plain(""));
  EXPECT_THAT(known(), IsEmpty());
}

TEST_F(HttpDiscoveryTest, KeepsServersThatARestartedRegistryDoesNotListYet) {
  discover();
  answer(plain("tcp@a:1,tcp@b:1"));
  advance(seconds(10));
  answer(plain(""));
  advance(seconds(10));
  answer(plain("tcp@b:1,tcp@c:1"));
  EXPECT_THAT(known(), ElementsAre("tcp@a:1", "tcp@b:1", "tcp@c:1"));
  // B was heard of: when it leaves it has left.
  advance(seconds(10));
  answer(plain("tcp@c:1"));
  EXPECT_THAT(known(), ElementsAre("tcp@a:1", "tcp@c:1"));
  // Started anew once more.
  advance(seconds(10));
  answer(plain(""));
  EXPECT_THAT(known(), ElementsAre("tcp@a:1", "tcp@c:1"));
  advance(minutes(5));
  answer(plain("tcp@c:1"));
  EXPECT_THAT(known(), ElementsAre("tcp@c:1"));
}

// --- Ours ---

TEST_F(HttpDiscoveryTest, ReadsWhatServersSayOfThemselves) {
  discover();
  answer(json(R"({"version":"e-7","warming":false,"servers":[{"address":"tcp@a:1",)"
              R"("service":"arith.Arith","weight":3,"zone":"west","metadata":{"build":"7"}}]})"));
  ASSERT_TRUE(discovery_->view().known());
  const std::vector<Instance>& servers = *discovery_->view().servers;
  ASSERT_THAT(servers, SizeIs(1));
  EXPECT_EQ(servers[0].weight, 3u);
  EXPECT_EQ(servers[0].zone, "west");
  EXPECT_EQ(servers[0].metadata, (std::map<std::string, std::string>{{"build", "7"}}));
}

TEST_F(HttpDiscoveryTest, WaitsForTheNextListOfARegistryThatTellsOfChanges) {
  discover();
  answer(list("e-7", {"tcp@a:1"}));
  advance(milliseconds(100));
  ASSERT_EQ(requests(), 2u);
  EXPECT_THAT(take_request(),
              StartsWith("GET /_geerpc_/registry?service=arith.Arith&version=e-7&wait=30000ms "));
  advance(seconds(29));
  answer(list("e-8", {"tcp@b:1"}));
  EXPECT_THAT(known(), ElementsAre("tcp@b:1"));
  advance(seconds(0));
  EXPECT_EQ(requests(), 3u);
  // The same again after the whole time is as good.
  advance(seconds(30));
  answer(list("e-8", {"tcp@b:1"}));
  advance(seconds(0));
  EXPECT_EQ(requests(), 4u);
}

TEST_F(HttpDiscoveryTest, DoesNotAskFasterThanTenTimesASecondHoweverOftenListsChange) {
  discover();
  std::size_t asked = 0;
  for (int i = 0; i < 1000; ++i) {
    if (requests() > asked) answer(list(fmt::format("e-{}", ++asked), {"tcp@a:1"}));
    advance(milliseconds(1));
  }
  EXPECT_GE(asked, 9u);
  EXPECT_LE(asked, 11u);
}

TEST_F(HttpDiscoveryTest, PollsARegistryThatDoesNotWait) {
  discover();
  answer(list("e-7", {"tcp@a:1"}));
  advance(milliseconds(100));
  answer(list("e-7", {"tcp@a:1"}));
  advance(seconds(10) - milliseconds(1));
  EXPECT_EQ(requests(), 2u);
  advance(milliseconds(1));
  EXPECT_EQ(requests(), 3u);
}

TEST_F(HttpDiscoveryTest, KeepsWhomARegistryThatIsWarmingHasNotHeardOfYet) {
  discover();
  answer(list("e-7", {"tcp@a:1", "tcp@b:1", "tcp@c:1"}));
  advance(milliseconds(100));
  answer(list("f-1", {}, true));
  EXPECT_THAT(known(), ElementsAre("tcp@a:1", "tcp@b:1", "tcp@c:1"));
  advance(seconds(1));
  answer(list("f-2", {"tcp@a:1"}, true, {"tcp@b:1"}));
  EXPECT_THAT(known(), ElementsAre("tcp@a:1", "tcp@c:1"));
  // Within one life of the registry it knows who has left.
  advance(seconds(1));
  answer(list("f-3", {}, true, {"tcp@a:1", "tcp@b:1"}));
  EXPECT_THAT(known(), ElementsAre("tcp@c:1"));
  advance(seconds(1));
  answer(list("f-4", {"tcp@d:1"}));
  EXPECT_THAT(known(), ElementsAre("tcp@d:1"));
}

TEST_F(HttpDiscoveryTest, BelievesARegistryThatKnowsAll) {
  discover();
  answer(list("e-7", {"tcp@a:1"}));
  advance(milliseconds(100));
  answer(list("e-8", {}));
  EXPECT_THAT(known(), IsEmpty());
}

TEST_F(HttpDiscoveryTest, DoubtsNoLongerThanTheGraceHoweverLongTheRegistryWarms) {
  discover();
  answer(list("e-7", {"tcp@a:1"}));
  advance(milliseconds(100));
  answer(list("f-1", {}, true));
  for (int i = 0; i < 10; ++i) {
    EXPECT_THAT(known(), ElementsAre("tcp@a:1")) << i;
    advance(seconds(0));
    advance(seconds(30));
    answer(list("f-1", {}, true));
  }
  EXPECT_THAT(known(), IsEmpty());
}

// --- A registry that is not well ---

TEST_F(HttpDiscoveryTest, KeepsItsListWhileThereIsNoRegistry) {
  discover();
  answer(plain("tcp@a:1"));
  for (int i = 0; i < 40; ++i) dialer_.fail_next(refused());
  advance(seconds(10));
  for (int i = 0; i < 600; ++i) advance(seconds(1));
  EXPECT_THAT(known(), ElementsAre("tcp@a:1"));
  EXPECT_EQ(failure().code(), Code::kUnavailable);
  EXPECT_THAT(failure().message(), HasSubstr("registry http@registry:9999: connection refused"));
  // Attempts get rarer: 1 s, 1.6 s, 2.56 s, … 30 s.
  EXPECT_LE(requests(), 30u);
  while (dialer_.streams() < 2) advance(seconds(30));
  answer(plain("tcp@b:1"));
  EXPECT_THAT(known(), ElementsAre("tcp@b:1"));
  EXPECT_TRUE(failure().ok());
}

TEST_F(HttpDiscoveryTest, SaysThatItKnowsNothingWhileThereNeverWasARegistry) {
  dialer_.fail_next(refused());
  discover();
  EXPECT_FALSE(discovery_->view().known());
  EXPECT_EQ(failure().code(), Code::kUnavailable);
  advance(seconds(1));
  answer(plain("tcp@a:1"));
  EXPECT_THAT(known(), ElementsAre("tcp@a:1"));
}

TEST_F(HttpDiscoveryTest, TimesOutOnARegistryThatHangs) {
  discover();
  advance(seconds(5));
  EXPECT_TRUE(over(0));
  EXPECT_EQ(failure().code(), Code::kDeadlineExceeded);
  advance(seconds(1));
  answer(list("e-7", {"tcp@a:1"}));
  advance(milliseconds(100));
  advance(seconds(34));
  EXPECT_FALSE(over(2));
  advance(seconds(1));
  EXPECT_TRUE(over(2));
  EXPECT_THAT(known(), ElementsAre("tcp@a:1"));
  // The next one does not wait.
  advance(seconds(1));
  EXPECT_THAT(take_request(), StartsWith("GET /_geerpc_/registry?service=arith.Arith HTTP"));
}

TEST_F(HttpDiscoveryTest, KeepsItsListWhateverNonsenseItIsTold) {
  discover();
  answer(plain("tcp@a:1"));
  for (const std::string& nonsense : std::vector<std::string>{
           "SSH-2.0-OpenSSH_9.2\r\n", "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n",
           "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi", json("{"), json("[]"), json("{}"),
           json(R"({"version":"e-1","servers":7})"), json(R"({"servers":[]})"),
           plain("a:1,tcp@b:0,tcp@c:70000"), list("e-1", {"nobody", "tcp@x:0"}), "",
           "HTTP/1.1 200 OK\r\nX-Geerpc-Servers: tcp@b:1\r\nContent-Length: 9\r\n\r\n",
           "HTTP/1.1 200 OK\r\nX-Geerpc-Servers: " + std::string(100'000, 'x')}) {
    advance(seconds(30));
    answer(nonsense);
    EXPECT_FALSE(failure().ok()) << nonsense;
    EXPECT_THAT(known(), ElementsAre("tcp@a:1")) << nonsense;
  }
}

TEST_F(HttpDiscoveryTest, SaysWhatARegistrySays) {
  discover();
  answer("HTTP/1.1 401 Unauthorized\r\nContent-Length: 11\r\n\r\n401 a token");
  EXPECT_EQ(failure().code(), Code::kPermissionDenied);
  EXPECT_THAT(failure().message(), HasSubstr("answers 401 \"401 a token\""));
  advance(seconds(1));
  answer("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
  EXPECT_THAT(failure().message(), HasSubstr("neither JSON nor a header X-Geerpc-Servers"));
  advance(seconds(2));
  answer(plain("tcp@a:0"));
  EXPECT_THAT(failure().message(), HasSubstr("of 1 addresses none can be read"));
}

TEST_F(HttpDiscoveryTest, LeavesOutAddressesThatCannotBeDialled) {
  discover();
  answer(plain("tcp@a:1,nonsense,tcp@b:0,,tcp@c:70000,tcp@d;e:1,tcp@f:1"));
  EXPECT_THAT(known(), ElementsAre("tcp@a:1", "tcp@f:1"));
}

TEST_F(HttpDiscoveryTest, CutsAListThatIsTooLong) {
  options_.max_servers = 3;
  discover();
  answer(plain("tcp@a:1,tcp@b:1,tcp@c:1,tcp@d:1,tcp@e:1"));
  EXPECT_THAT(known(), ElementsAre("tcp@a:1", "tcp@b:1", "tcp@c:1"));
}

TEST_F(HttpDiscoveryTest, ReadsAHeaderOf2000Servers) {
  discover();
  std::string servers;
  for (int i = 0; i < 2000; ++i) servers += fmt::format("tcp@10.0.{}.{}:9999,", i / 250, i % 250);
  answer(plain(servers));
  EXPECT_THAT(known(), SizeIs(2000)) << failure().to_string();
}

TEST_F(HttpDiscoveryTest, EndsWithWhatIsUnderWay) {
  discover();
  discovery_.reset();
  settle();
  EXPECT_TRUE(over(0));
  EXPECT_EQ(test_.loop().timer_count(), 0u);
}

TEST(HttpRegistryAddress, IsRefusedInWords) {
  IoPool pool;
  auto refusal = [&pool](std::string_view where) {
    Result<std::shared_ptr<Registry>> opened = open_http_registry(where, pool);
    return opened.ok() ? "fine" : std::string(opened.status().message());
  };
  EXPECT_THAT(refusal("host:0"), HasSubstr("a port from 1 to 65535"));
  EXPECT_THAT(refusal("host:1/a?b"), HasSubstr("without a query"));
  EXPECT_THAT(refusal("host"), HasSubstr("host"));
  EXPECT_THAT(refusal(""), HasSubstr("http@"));
  EXPECT_EQ(refusal("localhost:9999"), "fine");
  EXPECT_EQ(refusal("[::1]:9999/_myrpc_/registry"), "fine");
}

}  // namespace
}  // namespace tern::test
