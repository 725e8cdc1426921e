// What an authenticator accepts: pages, and calls over HTTP/1.1.
#include <gtest/gtest.h>

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "serve/http_fixture.h"
#include "serve/scripted_authenticator.h"

namespace tern::test {
namespace {

using Mode = ScriptedAuthenticator::Mode;

class SaysWho final : public HttpHandler {
 public:
  std::unique_ptr<Pending> handle(const Request& request, Done done) override {
    ++asked;
    Answer answer(200);
    answer.content_type = "text/plain";
    answer.body = request.identity ? request.identity->name : "nobody";
    answer.body += request.body;
    done(std::move(answer));
    return nullptr;
  }
  bool is_public(const Request& request) const noexcept override { return request.query == "open"; }
  std::span<const std::string> roles(const Request& request) const noexcept override {
    if (request.query == "free") return {};
    return expected;
  }

  std::vector<std::string> expected;  // roles
  int asked = 0;
};

class PageAuthentication : public HttpFixture {
 protected:
  PageAuthentication() { options().authenticator = authenticator_; }
  std::unique_ptr<Peer> open_pages() {
    if (!std::exchange(added_, true)) {
      EXPECT_TRUE(server().add_http("/who", page_).ok());
    }
    return open();
  }
  HttpAnswer fetch(std::string_view path, std::string_view token = "") {
    auto peer = open_pages();
    std::string received = exchange(*peer, bare("GET", path, header(token)));
    return take_answer(received);
  }
  static std::string header(std::string_view token) {
    return token.empty() ? "" : fmt::format("Authorization: Bearer {}\r\n", token);
  }

  std::shared_ptr<ScriptedAuthenticator> authenticator_ = std::make_shared<ScriptedAuthenticator>();
  std::shared_ptr<SaysWho> page_ = std::make_shared<SaysWho>();
  bool added_ = false;
};

TEST_F(PageAuthentication, TellsTheHandlerWhoAsks) {
  HttpAnswer answer = fetch("/who?me", "alice");
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.body, "alice");
  EXPECT_EQ(authenticator_->page, "/who");
  EXPECT_EQ(authenticator_->method, "");
  EXPECT_EQ(authenticator_->protocol, "http");
}

TEST_F(PageAuthentication, RefusesBeforeTheHandlerRuns) {
  for (std::string_view token : {"", "mallory", "expired"}) {
    HttpAnswer answer = fetch("/who", token);
    EXPECT_EQ(answer.status, 401) << token;
    EXPECT_TRUE(answer.has("WWW-Authenticate: Bearer\r\n")) << answer.head;
  }
  EXPECT_EQ(page_->asked, 0);
  EXPECT_EQ(refused("unauthenticated"), 3u);
}

TEST_F(PageAuthentication, IsAskedForTheServersOwnPagesAndForNothing) {
  for (std::string_view path : {"/metrics", "/debug/rpc", "/healthz", "/", "/nothing/here"}) {
    EXPECT_EQ(fetch(path).status, 401) << path;
  }
}

TEST_F(PageAuthentication, ShowsTheKeysOfTheAuthenticator) {
  options().debug_pages.loopback_only = false;
  options().debug_pages.hosts = {"here"};
  options().page_executor = loop().io().get_executor();
  authenticator_->keys.emplace();
  authenticator_->keys->keys = 2;
  authenticator_->keys->reload_failures = 3;
  authenticator_->keys->last_failure = "keys.json: expected a JWK set";
  const std::string metrics = fetch("/metrics", "root").body;
  EXPECT_NE(metrics.find("\ntern_server_token_keys 2\n"), std::string::npos);
  EXPECT_NE(metrics.find("\ntern_server_token_key_reload_failures_total 3\n"), std::string::npos);
  const std::string page = fetch("/debug/rpc?format=json", "root").body;
  EXPECT_NE(page.find("keys.json: expected a JWK set"), std::string::npos) << page;
}

TEST_F(PageAuthentication, LeavesThePagesTheirOwnRules) {
  options().debug_pages.loopback_only = false;
  auto peer = open_pages();
  std::string received =
      exchange(*peer,
               "GET /metrics HTTP/1.1\r\nHost: foreign.example\r\nAuthorization: Bearer "
               "alice\r\n\r\n");
  EXPECT_EQ(take_answer(received).status, 403);
}

TEST_F(PageAuthentication, IsNotAskedForHealthThatIsForAll) {
  options().debug_pages.health_for_all = true;
  EXPECT_EQ(fetch("/healthz").status, 200);
  EXPECT_EQ(fetch("/metrics").status, 401);
}

TEST_F(PageAuthentication, IsNotAskedForWhatAHandlerCallsPublic) {
  EXPECT_EQ(fetch("/who?open", "mallory").body, "nobody");
  EXPECT_EQ(authenticator_->asked, 0);
  EXPECT_EQ(fetch("/who", "mallory").status, 401);
}

TEST_F(PageAuthentication, AsksForOneOfTheRolesOfAPage) {
  page_->expected = {"ops", "admin"};
  HttpAnswer denied = fetch("/who", "alice");
  EXPECT_EQ(denied.status, 403);
  EXPECT_EQ(denied.body, "403 /who: expected one of the roles ops, admin; the caller has none\n");
  EXPECT_EQ(page_->asked, 0);
  EXPECT_EQ(refused("permission denied"), 1u);
  EXPECT_EQ(fetch("/who", "mallory").status, 401);
  EXPECT_EQ(fetch("/who", "root").body, "root");
  EXPECT_EQ(fetch("/who?free", "alice").body, "alice");
  EXPECT_EQ(fetch("/who?open").body, "nobody");
}

TEST_F(PageAuthentication, AsksForTheRolesOfAPageWhenItIsAnsweredLater) {
  page_->expected = {"admin"};
  authenticator_->mode = Mode::kLater;
  for (std::string_view token : {"alice", "root"}) {
    auto peer = open_pages();
    exchange(*peer, bare("GET", "/who", header(token)));
    authenticator_->answer();
    settle();
    std::string received = peer->end().take_received();
    EXPECT_EQ(take_answer(received).status, token == "root" ? 200 : 403) << token;
  }
  EXPECT_EQ(page_->asked, 1);
}

TEST_F(PageAuthentication, IsNotAskedForRolesWhereThereIsNone) {
  options().authenticator = nullptr;
  page_->expected = {"admin"};
  EXPECT_EQ(fetch("/who").body, "nobody");
}

TEST_F(PageAuthentication, AsksForTheRolesOfTheServersOwnPagesButNotOfHealth) {
  options().debug_pages.loopback_only = false;
  options().debug_pages.hosts = {"here"};
  options().debug_pages.roles = {"admin"};
  options().page_executor = loop().io().get_executor();
  for (std::string_view path : {"/metrics", "/debug/rpc", "/debug/rpc?format=json"}) {
    EXPECT_EQ(fetch(path, "alice").status, 403) << path;
    EXPECT_EQ(fetch(path, "root").status, 200) << path;
    EXPECT_EQ(fetch(path).status, 401) << path;
  }
  EXPECT_EQ(fetch("/healthz", "alice").status, 200);
  EXPECT_EQ(fetch("/healthz").status, 401);
}

TEST_F(PageAuthentication, MayAnswerLater) {
  authenticator_->mode = Mode::kLater;
  auto peer = open_pages();
  EXPECT_EQ(exchange(*peer,
                     "POST /who HTTP/1.1\r\nHost: here\r\nAuthorization: Bearer alice\r\n"
                     "Content-Length: 5\r\n\r\n, yes"),
            "");
  EXPECT_EQ(page_->asked, 0);
  authenticator_->answer();
  settle();
  std::string received = peer->end().take_received();
  EXPECT_EQ(take_answer(received).body, "alice, yes");
}

TEST_F(PageAuthentication, MayRefuseLater) {
  authenticator_->mode = Mode::kLater;
  auto peer = open_pages();
  exchange(*peer, bare("GET", "/who", header("mallory")));
  authenticator_->answer();
  settle();
  std::string received = peer->end().take_received();
  EXPECT_EQ(take_answer(received).status, 401);
}

TEST_F(PageAuthentication, IsNotWaitedForByAPeerThatHasLeft) {
  authenticator_->mode = Mode::kLater;
  auto peer = open_pages();
  exchange(*peer, bare("GET", "/who", header("alice")));
  peer->end().reset();
  settle();
  EXPECT_EQ(server().stats().connections, 0u);
  authenticator_->answer();
  settle();
  EXPECT_EQ(page_->asked, 0);
}

TEST_F(PageAuthentication, ThatHasNotAnsweredWhenTheServerStopsIsAnsweredFor) {
  authenticator_->mode = Mode::kLater;
  auto peer = open_pages();
  exchange(*peer, bare("GET", "/who", header("alice")));
  begin_stop(std::chrono::seconds(0));
  while (!peer->end().end_received()) settle();
  peer->end().shutdown_write();
  finish_stop();
  std::string received = peer->end().take_received();
  EXPECT_EQ(take_answer(received).status, 503);
  EXPECT_EQ(page_->asked, 0);
}

TEST_F(PageAuthentication, IsTheSameForCallsOverHttp) {
  EXPECT_EQ(ask(echo("x", header("alice"))).body, "\"x\"");
  EXPECT_EQ(authenticator_->method, "Echo");
  HttpAnswer answer = ask(echo("x", header("mallory")));
  EXPECT_EQ(answer.status, 401);
  EXPECT_TRUE(answer.has("WWW-Authenticate: Bearer\r\n")) << answer.head;
  EXPECT_EQ(ask(post("/sample.Sample/Measure", "\"1\"", header("alice"))).status, 403);
}

TEST_F(PageAuthentication, MayAnswerCallsOverHttpLater) {
  authenticator_->mode = Mode::kLater;
  auto peer = open();
  EXPECT_EQ(exchange(*peer, echo("x", header("alice")) + echo("y", header("alice"))), "");
  EXPECT_EQ(authenticator_->asked, 1);
  authenticator_->answer();
  settle();
  authenticator_->answer();
  settle();
  std::string received = peer->end().take_received();
  EXPECT_EQ(take_answer(received).body, "\"x\"");
  EXPECT_EQ(take_answer(received).body, "\"y\"");
}

// Each of a batch is asked for, one behind the other; their answers leave together.
TEST_F(PageAuthentication, MayAnswerBatchesLater) {
  authenticator_->mode = Mode::kLater;
  auto peer = open();
  const std::string one = R"({"jsonrpc":"2.0","method":"Sample.Echo","params":["x"],"id":1})";
  const std::string two = R"({"jsonrpc":"2.0","method":"Sample.Echo","params":["y"],"id":2})";
  EXPECT_EQ(exchange(*peer, post("/rpc", "[" + one + "," + two + "]", header("alice"))), "");
  for (int i = 0; i < 2; ++i) {
    ASSERT_EQ(authenticator_->waiting.size(), 1u);
    authenticator_->answer();
    settle();
  }
  std::string received = peer->end().take_received();
  HttpAnswer answer = take_answer(received);
  EXPECT_NE(answer.body.find(R"("result":"x")"), std::string::npos) << answer.body;
  EXPECT_NE(answer.body.find(R"("result":"y")"), std::string::npos) << answer.body;
}

}  // namespace
}  // namespace tern::test
