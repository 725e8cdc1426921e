// The registry's answers over HTTP: those of GeeRPC to the letter, and what Tern adds.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <vector>

#include "base/same_secret.h"
#include "registry/registry_protocol.h"
#include "serve/http_fixture.h"
#include "tern/http_registry.h"

namespace tern::test {
namespace {

using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

constexpr std::string_view kPath = "/_geerpc_/registry";

class RegistryServerTest : public HttpFixture {
 protected:
  HttpRegistryServerOptions& registry() { return registry_; }

  // What comes back on a connection of its own.
  HttpAnswer request(std::string_view bytes) {
    begin();
    auto peer = open();
    std::string received = exchange(*peer, bytes);
    peer->end().close();
    settle();
    return take_answer(received);
  }
  HttpAnswer post(std::string_view address, std::string_view headers = "") {
    return request(bare("POST", kPath, fmt::format("X-Geerpc-Server: {}\r\n{}", address, headers)));
  }
  HttpAnswer remove(std::string_view address, std::string_view headers = "") {
    return request(
        bare("DELETE", kPath, fmt::format("X-Geerpc-Server: {}\r\n{}", address, headers)));
  }
  // The header of a plain GET.
  std::string listed(std::string_view path = kPath, std::string_view name = "X-Geerpc-Servers") {
    HttpAnswer answer = request(bare("GET", path));
    EXPECT_EQ(answer.status, 200);
    std::string line = fmt::format("\r\n{}: ", name);
    std::size_t at = answer.head.find(line);
    if (at == std::string::npos) return "no header";
    std::size_t begin = at + line.size();
    return answer.head.substr(begin, answer.head.find("\r\n", begin) - begin);
  }
  registry::ListAnswer read(std::string_view json) {
    Result<registry::ListAnswer> list = registry::parse_list_answer(json);
    EXPECT_TRUE(list.ok()) << list.status().to_string();
    return list.ok() ? *list : registry::ListAnswer();
  }
  static std::string ask(std::string_view query) {
    return bare("GET", fmt::format("{}?{}", kPath, query), "Accept: application/json\r\n");
  }
  registry::ListAnswer list(std::string_view query = "") { return read(request(ask(query)).body); }
  static std::vector<std::string> addresses(const registry::ListAnswer& list) {
    std::vector<std::string> all;
    for (const auto& one : list.servers) all.push_back(one.address);
    return all;
  }

  // A request that waits.
  std::unique_ptr<Peer> wait(std::string_view query) {
    begin();
    auto peer = open();
    EXPECT_EQ(exchange(*peer, ask(query)), "");
    return peer;
  }
  HttpAnswer answer_of(Peer& peer) {
    std::string received = peer.end().take_received();
    return take_answer(received);
  }

  void begin() {
    if (begun_) return;
    begun_ = true;
    Status added = add_http_registry(server(), registry_);
    EXPECT_TRUE(added.ok()) << added.to_string();
    settle();
  }

 private:
  HttpRegistryServerOptions registry_;
  bool begun_ = false;
};

// --- As GeeRPC has it. The requests were recorded from a program in Go. ---

TEST_F(RegistryServerTest, TakesAHeartbeatOfGosToTheLetter) {
  HttpAnswer answer = request(
      "POST /_geerpc_/registry HTTP/1.1\r\nHost: 127.0.0.1:37721\r\n"
      "User-Agent: Go-http-client/1.1\r\nContent-Length: 0\r\nX-Geerpc-Server: tcp@[::]:40493\r\n"
      "Accept-Encoding: gzip\r\n\r\n");
  EXPECT_EQ(answer.status, 200);
  EXPECT_TRUE(answer.has("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n"));
  EXPECT_EQ(listed(), "tcp@[::]:40493");
}

TEST_F(RegistryServerTest, AnswersAClientOfGosToTheLetter) {
  post("tcp@10.0.0.2:9999");
  post("tcp@10.0.0.1:9999");
  HttpAnswer answer = request(
      "GET /_geerpc_/registry HTTP/1.1\r\nHost: 127.0.0.1:37721\r\n"
      "User-Agent: Go-http-client/1.1\r\nAccept-Encoding: gzip\r\n\r\n");
  EXPECT_EQ(answer.head,
            "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n"
            "X-Geerpc-Servers: tcp@10.0.0.1:9999,tcp@10.0.0.2:9999\r\n\r\n");
}

TEST_F(RegistryServerTest, AnswersAnEmptyListWithAnEmptyHeader) {
  EXPECT_EQ(listed(), "");
}

TEST_F(RegistryServerTest, Answers500WithoutTheHeaderAnd405ForOtherVerbs) {
  EXPECT_EQ(request(bare("POST", kPath)).status, 500);
  EXPECT_EQ(request(bare("POST", kPath, "X-Myrpc-Server: tcp@a:1\r\n")).status, 500);
  for (std::string_view verb : {"PUT", "PATCH", "OPTIONS"}) {
    EXPECT_EQ(request(bare(verb, kPath)).status, 405) << verb;
  }
  EXPECT_EQ(request("HEAD /_geerpc_/registry HTTP/1.1\r\nHost: x\r\n\r\n").status, 405);
}

TEST_F(RegistryServerTest, HasMyRpcsNamesUnderItsPath) {
  HttpAnswer answer =
      request(bare("POST", "/_myrpc_/registry", "X-Myrpc-Server: http@10.0.0.1:7001\r\n"));
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(listed("/_myrpc_/registry", "X-Myrpc-Servers"), "http@10.0.0.1:7001");
  EXPECT_EQ(listed(), "http@10.0.0.1:7001");
}

TEST_F(RegistryServerTest, IsUnderAPathOfItsOwnWithGeeRpcsNames) {
  registry().paths = {"/mine"};
  EXPECT_EQ(request(bare("POST", "/mine", "X-Geerpc-Server: tcp@a:1\r\n")).status, 200);
  EXPECT_EQ(listed("/mine"), "tcp@a:1");
}

TEST_F(RegistryServerTest, DropsAServerThatIsSilentFor5Minutes) {
  post("tcp@a:1");
  post("tcp@b:1");
  advance(minutes(4));
  post("tcp@b:1");
  advance(minutes(1) - milliseconds(1));
  EXPECT_EQ(listed(), "tcp@a:1,tcp@b:1");
  advance(milliseconds(1));
  EXPECT_EQ(listed(), "tcp@b:1");
}

TEST_F(RegistryServerTest, DropsNobodyIfEntriesDoNotExpire) {
  registry().expire = std::chrono::nanoseconds(0);
  EXPECT_FALSE(post("tcp@a:1").has("X-Tern-Expire-Ms"));
  advance(std::chrono::hours(1000));
  EXPECT_EQ(listed(), "tcp@a:1");
}

// --- What Tern adds ---

TEST_F(RegistryServerTest, SaysWhoItIsAndWhenEntriesExpire) {
  HttpAnswer answer = post("tcp@a:1");
  EXPECT_TRUE(answer.has("\r\nX-Tern-Registry: "));
  EXPECT_TRUE(answer.has("\r\nX-Tern-Expire-Ms: 300000\r\n"));
}

TEST_F(RegistryServerTest, ListsWhatAServerSaysOfItself) {
  post("tcp@a:1",
       "X-Tern-Service: arith.Arith\r\nX-Tern-Weight: 3\r\nX-Tern-Zone: r%C3%BCck%20w\r\n"
       "X-Tern-Metadata: build=7&a%26b=c%3Dd\r\n");
  HttpAnswer answer = request(ask("service=arith.Arith"));
  EXPECT_TRUE(answer.has("Content-Type: application/json\r\n"));
  registry::ListAnswer list = read(answer.body);
  ASSERT_EQ(list.servers.size(), 1u);
  const registry::Listing& one = list.servers[0];
  EXPECT_EQ(one.address, "tcp@a:1");
  EXPECT_EQ(one.service, "arith.Arith");
  EXPECT_EQ(one.weight, 3u);
  EXPECT_EQ(one.zone,
            "r\xC3\xBC"
            "ck w");
  EXPECT_EQ(one.metadata, (std::map<std::string, std::string>{{"build", "7"}, {"a&b", "c=d"}}));
  EXPECT_EQ(answer.body.substr(answer.body.find(",\"warming\"")),
            ",\"warming\":true,\"servers\":[{\"address\":\"tcp@a:1\",\"service\":\"arith.Arith\","
            "\"weight\":3,\"zone\":\"r\xC3\xBC"
            "ck w\",\"metadata\":{\"a&b\":\"c=d\",\"build\":\"7\"}}],\"withdrawn\":[]}");
}

TEST_F(RegistryServerTest, TakesTheServiceFromTheQueryToo) {
  EXPECT_EQ(request(bare("POST", "/_geerpc_/registry?service=x&weight=2&zone=z",
                         "X-Geerpc-Server: tcp@a:1\r\n"))
                .status,
            200);
  EXPECT_EQ(list("service=x").servers.at(0).weight, 2u);
  EXPECT_EQ(list("service=x").servers.at(0).zone, "z");
}

TEST_F(RegistryServerTest, ListsServersWithoutAServiceForAll) {
  post("tcp@a:1", "X-Tern-Service: x\r\n");
  post("tcp@b:1");
  post("tcp@c:1", "X-Tern-Service: y\r\n");
  EXPECT_THAT(addresses(list("service=x")), ElementsAre("tcp@a:1", "tcp@b:1"));
  EXPECT_THAT(addresses(list("")), ElementsAre("tcp@a:1", "tcp@b:1", "tcp@c:1"));
  EXPECT_EQ(listed(), "tcp@a:1,tcp@b:1,tcp@c:1");
  EXPECT_EQ(listed("/_geerpc_/registry?service=y"), "tcp@b:1,tcp@c:1");
}

TEST_F(RegistryServerTest, TakesOutWhoWithdraws) {
  post("tcp@a:1", "X-Tern-Service: x\r\n");
  post("tcp@a:1", "X-Tern-Service: y\r\n");
  EXPECT_EQ(remove("tcp@a:1", "X-Tern-Service: x\r\n").status, 200);
  EXPECT_THAT(addresses(list("service=x")), IsEmpty());
  EXPECT_EQ(listed(), "tcp@a:1");
  EXPECT_EQ(remove("tcp@a:1").status, 200);
  EXPECT_EQ(listed(), "");
  EXPECT_EQ(remove("tcp@a:1").status, 200);
  EXPECT_EQ(request(bare("DELETE", kPath)).status, 400);
}

TEST_F(RegistryServerTest, SaysInWordsWhatItDoesNotTake) {
  EXPECT_THAT(post("tcp@a:0").body, HasSubstr("expected a port from 1 to 65535"));
  EXPECT_THAT(post("tcp@a:1", "X-Tern-Weight: -1\r\n").body,
              HasSubstr("X-Tern-Weight is \"-1\"; expected a number"));
  EXPECT_THAT(post("tcp@a:1", "X-Tern-Zone: %FF\r\n").body, HasSubstr("UTF-8"));
  EXPECT_THAT(post("tcp@a:1", "X-Tern-Metadata: novalue\r\n").body, HasSubstr("key=value"));
  EXPECT_THAT(
      post("tcp@a:1", fmt::format("X-Tern-Metadata: k={}\r\n", std::string(4097, 'x'))).body,
      HasSubstr("4096"));
  EXPECT_THAT(request(ask("wait=soon")).body, HasSubstr("wait=30s"));
  EXPECT_EQ(listed(), "");
}

TEST_F(RegistryServerTest, RefusesMoreServersThanItMayList) {
  registry().max_servers = 2;
  post("tcp@a:1");
  post("tcp@b:1");
  HttpAnswer answer = post("tcp@c:1");
  EXPECT_EQ(answer.status, 503);
  EXPECT_THAT(answer.body, HasSubstr("2 servers"));
  EXPECT_EQ(post("tcp@a:1").status, 200);
}

// --- Waiting for a change ---

TEST_F(RegistryServerTest, AnswersAtOnceWhoHasAnotherList) {
  post("tcp@a:1");
  EXPECT_THAT(addresses(list("wait=30s&version=other")), ElementsAre("tcp@a:1"));
  EXPECT_THAT(addresses(list("wait=30s")), ElementsAre("tcp@a:1"));
}

TEST_F(RegistryServerTest, AnswersWhoWaitsWhenTheListChanges) {
  std::string version = list("service=x").version;
  auto waiting = wait("service=x&wait=30s&version=" + version);
  post("tcp@a:1", "X-Tern-Service: y\r\n");
  EXPECT_EQ(waiting->end().take_received(), "");
  post("tcp@b:1", "X-Tern-Service: x\r\n");
  registry::ListAnswer list = read(answer_of(*waiting).body);
  EXPECT_THAT(addresses(list), ElementsAre("tcp@b:1"));
  EXPECT_NE(list.version, version);
}

TEST_F(RegistryServerTest, AnswersWhoWaitsWhenAServerExpiresOrWithdraws) {
  post("tcp@a:1");
  advance(minutes(1));
  post("tcp@b:1");
  auto waiting = wait("wait=1min&version=" + list().version);
  remove("tcp@b:1");
  EXPECT_THAT(addresses(read(answer_of(*waiting).body)), ElementsAre("tcp@a:1"));
  advance(minutes(4) - seconds(30));
  waiting = wait("wait=1min&version=" + list().version);
  advance(seconds(30));
  EXPECT_THAT(addresses(read(answer_of(*waiting).body)), IsEmpty());
}

TEST_F(RegistryServerTest, AnswersWhoWaitsWhenItsTimeIsOver) {
  post("tcp@a:1");
  std::string version = list().version;
  auto waiting = wait("wait=30s&version=" + version);
  auto longer = wait("wait=9h&version=" + version);
  advance(seconds(30) - milliseconds(1));
  EXPECT_EQ(waiting->end().take_received(), "");
  advance(milliseconds(1));
  registry::ListAnswer list = read(answer_of(*waiting).body);
  EXPECT_EQ(list.version, version);
  EXPECT_THAT(addresses(list), ElementsAre("tcp@a:1"));
  EXPECT_EQ(longer->end().take_received(), "");
  advance(seconds(30));
  EXPECT_EQ(read(answer_of(*longer).body).version, version);
}

TEST_F(RegistryServerTest, LetsOnlySoManyWait) {
  registry().max_waiting = 2;
  std::string query = "wait=30s&version=" + list().version;
  auto first = wait(query);
  auto second = wait(query);
  EXPECT_EQ(request(ask(query)).status, 200);
  first->end().close();
  settle();
  auto third = wait(query);
  post("tcp@a:1");
  EXPECT_THAT(addresses(read(answer_of(*third).body)), ElementsAre("tcp@a:1"));
}

TEST_F(RegistryServerTest, TellsWhoWaitsForOneServerThatItIsNotThereAnyMore) {
  post("tcp@a:1", "X-Tern-Service: x\r\n");
  auto waiting = wait("service=x&server=tcp%40a:1&wait=1min");
  post("tcp@b:1", "X-Tern-Service: x\r\n");
  EXPECT_EQ(waiting->end().take_received(), "");
  remove("tcp@a:1");
  EXPECT_THAT(addresses(read(answer_of(*waiting).body)), IsEmpty());
  EXPECT_THAT(addresses(list("service=x&server=tcp%40b:1")), ElementsAre("tcp@b:1"));
}

TEST_F(RegistryServerTest, AnswersWhoWaitsWhenItStops) {
  post("tcp@a:1");
  auto waiting = wait("wait=30s&version=" + list().version);
  begin_stop(seconds(30));
  std::string received;
  while (received.empty()) {
    settle();
    received = waiting->end().take_received();
  }
  EXPECT_THAT(addresses(read(take_answer(received).body)), ElementsAre("tcp@a:1"));
  waiting->end().close();
  finish_stop();
}

TEST_F(RegistryServerTest, TellsWhenItHasHeardFromAllThatLive) {
  EXPECT_TRUE(list().warming);
  advance(minutes(4) + seconds(30));
  auto waiting = wait("wait=1min&version=" + list().version);
  advance(seconds(30));
  EXPECT_FALSE(read(answer_of(*waiting).body).warming);
}

// --- Who may ---

TEST_F(RegistryServerTest, RefusesToRegisterWithoutTheToken) {
  registry().token = "secret";
  for (std::string_view header :
       {"", "Authorization: Bearer secre\r\n", "Authorization: Bearer secret2\r\n",
        "Authorization: secret\r\n", "Authorization: Bearer \r\n"}) {
    HttpAnswer answer = post("tcp@a:1", header);
    EXPECT_EQ(answer.status, 401) << header;
    EXPECT_TRUE(answer.has("WWW-Authenticate: Bearer\r\n"));
    EXPECT_EQ(remove("tcp@a:1", header).status, 401) << header;
  }
  EXPECT_EQ(listed(), "");
  EXPECT_EQ(post("tcp@a:1", "Authorization: Bearer secret\r\n").status, 200);
  EXPECT_EQ(listed(), "tcp@a:1");
}

TEST_F(RegistryServerTest, ShowsNothingWithoutTheTokenIfReadingNeedsItToo) {
  registry().token = "secret";
  registry().token_for_reading = true;
  EXPECT_EQ(request(bare("GET", kPath)).status, 401);
  EXPECT_EQ(request(bare("GET", kPath, "Authorization: Bearer secret\r\n")).status, 200);
}

TEST_F(RegistryServerTest, RefusesToRegisterForAPageInABrowser) {
  EXPECT_EQ(post("tcp@a:1", "Origin: https://evil.example\r\n").status, 403);
  EXPECT_EQ(remove("tcp@a:1", "Sec-Fetch-Site: same-origin\r\n").status, 403);
  EXPECT_EQ(listed(), "");
}

// --- Poison: addresses that must not get into a list ---

TEST_F(RegistryServerTest, DropsEachOf25BadAddresses) {
  const std::vector<std::string> bad = {"tcp@a:1,tcp@b:2",
                                        "tcp@a:1 tcp@b:2",
                                        "tcp@a:0",
                                        "tcp@a:70000",
                                        "tcp@a:-1",
                                        "tcp@a:+1",
                                        "tcp@a:1x",
                                        "tcp@a:",
                                        "tcp@a",
                                        "a:1",
                                        "@a:1",
                                        "udp@a:1",
                                        "tcp@a@b:1",
                                        "tcp@[::1:1",
                                        "tcp@::1:1",
                                        "tcp@a/b:1",
                                        "tcp@a;b:1",
                                        "tcp@\xC3\xA4:1",
                                        "tcp@a\t:1",
                                        "unix@",
                                        "unix@/" + std::string(200, 'x'),
                                        "http@a:1/x,y",
                                        "nonsense+tcp@a:1",
                                        "tcp@" + std::string(300, 'a') + ":1",
                                        "tcp@\"a\":1"};
  ASSERT_EQ(bad.size(), 25u);
  for (const std::string& address : bad) {
    EXPECT_EQ(post(address).status, 400) << address;
    EXPECT_FALSE(registry::parse_listed_address(address).ok()) << address;
  }
  EXPECT_EQ(listed(), "");
  // What HTTP itself does not let through.
  EXPECT_EQ(post("tcp@a:1\r").status, 400);
  EXPECT_EQ(post("tcp@a:1\n").status, 400);
  EXPECT_EQ(post(std::string_view("tcp@a:1\0", 8)).status, 400);
  EXPECT_FALSE(registry::parse_listed_address("tcp@a:1\r\nX: y").ok());
  EXPECT_EQ(listed(), "");
}

TEST(RegistryProtocol, ComparesSecretsToTheLetter) {
  EXPECT_TRUE(base::same_secret("abc", "abc"));
  EXPECT_FALSE(base::same_secret("abd", "abc"));
  EXPECT_FALSE(base::same_secret("ab", "abc"));
  EXPECT_FALSE(base::same_secret("abcabc", "abc"));
  EXPECT_FALSE(base::same_secret("", "abc"));
  EXPECT_FALSE(base::same_secret("abc", ""));
}

TEST(RegistryProtocol, TakesEveryAddressOfAMachineForThisOne) {
  for (std::string_view address : {"tcp@[::]:33415", "tcp@0.0.0.0:33415", "tcp@:33415"}) {
    Result<Endpoint> endpoint = registry::parse_listed_address(address);
    ASSERT_TRUE(endpoint.ok()) << endpoint.status().to_string();
    EXPECT_EQ(registry::dialled(*endpoint).to_string(), "tcp@127.0.0.1:33415");
  }
}

}  // namespace
}  // namespace tern::test
