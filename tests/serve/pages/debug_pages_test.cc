#include "serve/pages/debug_pages.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "serve/pages/sample_snapshot.h"
#include "tern/clock.h"

namespace tern::pages {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::Key;
using ::testing::StartsWith;

class DebugPagesTest : public ::testing::Test {
 protected:
  Answer get(std::string_view target, std::string_view verb = "GET",
             std::string_view host = "localhost") {
    Request request;
    request.verb = verb;
    request.target = target;
    request.host = host;
    request.peer_is_local = local_;
    return pages_.answer(request, rules_);
  }
  int status(std::string_view target, std::string_view verb = "GET",
             std::string_view host = "localhost") {
    return get(target, verb, host).page.status;
  }
  // As the clock goes while a page is made.
  void take(std::chrono::milliseconds work) { work_ = work; }

  ServerSnapshot snapshot() {
    ++made_;
    clock_.advance(work_);
    if (while_made_) while_made_();
    return test::sample_snapshot();
  }

  DebugPages rules_;
  bool local_ = true;
  bool draining_ = false;
  int made_ = 0;
  std::chrono::milliseconds work_{0};
  std::function<void()> while_made_;
  ManualClock clock_;
  Pages pages_{{[this] { return snapshot(); }, [this] { return draining_; }}, clock_};
};

TEST_F(DebugPagesTest, AreUnderTheNamesOfTheirRelatives) {
  for (std::string_view path : {"/debug/rpc", "/debug/geerpc", "/debug/myrpc", "/debug/rpc?x=1"}) {
    Answer answer = get(path);
    EXPECT_EQ(answer.page.status, 200);
    EXPECT_EQ(answer.page.content_type, "text/html; charset=utf-8");
    EXPECT_THAT(std::string(answer.page.body), StartsWith("<!DOCTYPE html>"));
  }
}

TEST_F(DebugPagesTest, GiveJsonWhenAsked) {
  Answer answer = get("/debug/rpc?format=json");
  EXPECT_EQ(answer.page.content_type, "application/json");
  EXPECT_THAT(std::string(answer.page.body), StartsWith("{\"version\""));
  EXPECT_EQ(get("/debug/rpc?a=b&format=json").page.content_type, "application/json");
  EXPECT_EQ(get("/debug/rpc?xformat=json").page.content_type, "text/html; charset=utf-8");
}

TEST_F(DebugPagesTest, GiveMetrics) {
  Answer answer = get("/metrics");
  EXPECT_EQ(answer.page.content_type, "text/plain; version=0.0.4; charset=utf-8");
  EXPECT_THAT(std::string(answer.page.body), HasSubstr("tern_server_calls_total"));
}

TEST_F(DebugPagesTest, SayWhetherTheServerStops) {
  EXPECT_EQ(get("/healthz").page.body, "ok\n");
  draining_ = true;
  EXPECT_EQ(get("/healthz").page.body, "draining\n");
  EXPECT_EQ(status("/healthz"), 503);
}

TEST_F(DebugPagesTest, AreNotElsewhere) {
  for (std::string_view path :
       {"", "/", "/debug", "/debug/", "/debug/rpc/", "/debug/rpcx", "/Metrics", "//metrics"}) {
    EXPECT_EQ(status(path), 404) << path;
  }
}

TEST_F(DebugPagesTest, CanBeSwitchedOff) {
  rules_.enabled = false;
  for (std::string_view path : {"/debug/rpc", "/metrics", "/healthz"}) {
    EXPECT_EQ(status(path), 404) << path;
  }
}

TEST_F(DebugPagesTest, AreRefusedToStrangersAndOtherHosts) {
  for (std::string_view path : {"/debug/rpc", "/debug/rpc?format=json", "/metrics", "/healthz"}) {
    EXPECT_EQ(status(path, "GET", "evil.example"), 403) << path;
  }
  local_ = false;
  for (std::string_view path : {"/debug/rpc", "/debug/rpc?format=json", "/metrics", "/healthz"}) {
    EXPECT_EQ(status(path), 403) << path;
  }
  EXPECT_EQ(made_, 0);
}

TEST_F(DebugPagesTest, CanTellEverybodyOfTheirHealthAlone) {
  rules_.health_for_all = true;
  local_ = false;
  EXPECT_EQ(status("/healthz", "GET", "10.0.0.1"), 200);
  EXPECT_EQ(status("/healthz", "GET", ""), 200);
  EXPECT_EQ(status("/metrics", "GET", "10.0.0.1"), 403);
}

TEST_F(DebugPagesTest, AreForReadingOnly) {
  EXPECT_EQ(status("/debug/rpc", "HEAD"), 200);
  for (std::string_view verb : {"POST", "PUT", "DELETE", "OPTIONS", "get"}) {
    Answer answer = get("/debug/rpc", verb);
    EXPECT_EQ(answer.page.status, 405) << verb;
    EXPECT_THAT(answer.page.headers,
                Contains(std::pair<std::string_view, std::string_view>("Allow", "GET, HEAD")));
  }
}

TEST_F(DebugPagesTest, AreKeptByNobody) {
  for (std::string_view path : {"/debug/rpc", "/metrics", "/healthz", "/nothing"}) {
    Answer answer = get(path);
    EXPECT_THAT(answer.page.headers, Contains(Key("Cache-Control"))) << path;
    EXPECT_THAT(answer.page.headers, Contains(Key("Referrer-Policy"))) << path;
  }
  EXPECT_THAT(get("/debug/rpc").page.headers, Contains(Key("Content-Security-Policy")));
}

TEST_F(DebugPagesTest, AreMadeTenTimesASecondAtMost) {
  for (int i = 0; i < 100; ++i) {
    get("/debug/rpc");
    clock_.advance(std::chrono::milliseconds(10));
  }
  EXPECT_EQ(made_, 10);
}

TEST_F(DebugPagesTest, TakeNoMoreThanATwentiethOfAThread) {
  take(std::chrono::milliseconds(50));
  auto begun = clock_.now();
  while (clock_.now() - begun < std::chrono::seconds(21)) {
    get("/metrics");
    clock_.advance(std::chrono::milliseconds(1));
  }
  EXPECT_LE(made_ * 50, 21000 / 20);
  EXPECT_GE(made_, 19);
}

TEST_F(DebugPagesTest, GiveTheOldPageWhileANewOneIsMade) {
  const std::string* old_text = get("/debug/rpc").text.get();
  clock_.advance(std::chrono::seconds(1));
  const std::string* meanwhile = nullptr;
  while_made_ = [&] { meanwhile = get("/debug/rpc").text.get(); };
  const std::string* new_text = get("/debug/rpc").text.get();
  EXPECT_EQ(meanwhile, old_text);
  EXPECT_NE(new_text, old_text);
  EXPECT_EQ(made_, 2);
}

TEST_F(DebugPagesTest, AreMadeAgainAfterAFailure) {
  while_made_ = [] { throw std::bad_alloc(); };
  EXPECT_THROW(get("/debug/rpc"), std::bad_alloc);
  while_made_ = nullptr;
  EXPECT_EQ(status("/debug/rpc"), 200);
}

}  // namespace
}  // namespace tern::pages
