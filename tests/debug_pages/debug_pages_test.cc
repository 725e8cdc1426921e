#include "debug_pages/pages_handler.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <new>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "debug_pages/sample_snapshot.h"
#include "http/query.h"
#include "tern/clock.h"

namespace tern::debug_pages {
namespace {

using Answer = HttpHandler::Answer;
using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::Key;
using ::testing::StartsWith;

class DebugPagesTest : public ::testing::Test {
 protected:
  // Runs what there is to run until the answer is there.
  Answer get(std::string_view target, std::string_view verb = "GET",
             std::string_view host = "localhost") {
    std::optional<Answer> answer;
    ask(target, verb, host, [&answer](Answer given) { answer = std::move(given); });
    run_all();
    EXPECT_TRUE(answer.has_value());
    return answer.value_or(Answer());
  }
  void ask(std::string_view target, std::string_view verb, std::string_view host,
           HttpHandler::Done done) {
    Metadata headers;
    headers.add("host", std::string(host));
    HttpHandler::Request request;
    request.verb = verb;
    request.path = http::path_of(target);
    request.query = http::query_of(target);
    request.headers = &headers;
    request.peer_is_local = local_;
    EXPECT_EQ(pages_.handle(request, std::move(done)), nullptr);
  }
  // The answers, in order, of so many who ask before the page is made.
  std::vector<int> statuses_of(int many) {
    std::vector<int> statuses;
    for (int i = 0; i < many; ++i) {
      ask("/metrics", "GET", "localhost",
          [&statuses](Answer answer) { statuses.push_back(answer.status); });
    }
    run_all();
    return statuses;
  }
  void run_all() {
    std::vector<UniqueFunction<void()>> tasks;
    tasks.swap(tasks_);
    for (auto& task : tasks) task();
  }
  bool run(UniqueFunction<void()> task) {
    if (run_throws_) throw std::bad_alloc();
    if (stopped_) return false;
    tasks_.push_back(std::move(task));
    return true;
  }
  int status(std::string_view target, std::string_view verb = "GET",
             std::string_view host = "localhost") {
    return get(target, verb, host).status;
  }
  // As the clock goes while a page is made.
  void take(std::chrono::milliseconds work) { work_ = work; }

  debug_pages::ServerSnapshot snapshot() {
    ++made_;
    clock_.advance(work_);
    if (snapshot_throws_) throw std::bad_alloc();
    return test::sample_snapshot();
  }

  DebugPages rules_;
  bool local_ = true;
  bool draining_ = false;
  int made_ = 0;
  std::chrono::milliseconds work_{0};
  bool snapshot_throws_ = false;
  bool run_throws_ = false;
  bool stopped_ = false;
  std::function<void(std::string&)> more_metrics_ = [](std::string&) {};
  std::vector<UniqueFunction<void()>> tasks_;
  ManualClock clock_;
  debug_pages::PagesHandler pages_{
      {[this] { return snapshot(); }, [this] { return draining_; },
       [this](UniqueFunction<void()> task) { return run(std::move(task)); },
       [this](std::string& text) { more_metrics_(text); }},
      rules_,
      clock_};
};

TEST_F(DebugPagesTest, AreUnderTheNamesOfTheirRelatives) {
  for (std::string_view path : {"/debug/rpc", "/debug/geerpc", "/debug/myrpc", "/debug/rpc?x=1"}) {
    Answer answer = get(path);
    EXPECT_EQ(answer.status, 200);
    EXPECT_EQ(answer.content_type, "text/html; charset=utf-8");
    EXPECT_THAT(std::string(answer.body), StartsWith("<!DOCTYPE html>"));
  }
}

TEST_F(DebugPagesTest, GiveJsonWhenAsked) {
  Answer answer = get("/debug/rpc?format=json");
  EXPECT_EQ(answer.content_type, "application/json");
  EXPECT_THAT(std::string(answer.body), StartsWith("{\"version\""));
  EXPECT_EQ(get("/debug/rpc?a=b&format=json").content_type, "application/json");
  EXPECT_EQ(get("/debug/rpc?xformat=json").content_type, "text/html; charset=utf-8");
}

TEST_F(DebugPagesTest, GiveMetrics) {
  Answer answer = get("/metrics");
  EXPECT_EQ(answer.content_type, "text/plain; version=0.0.4; charset=utf-8");
  EXPECT_THAT(std::string(answer.body), HasSubstr("tern_server_calls_total"));
}

TEST_F(DebugPagesTest, GiveMetricsOfTheProcessAndOfTheUser) {
  more_metrics_ = [](std::string& text) { text += "mine 7\n"; };
  std::string text(get("/metrics").body);
  EXPECT_THAT(text, HasSubstr("\nprocess_open_fds "));
  EXPECT_THAT(text, testing::EndsWith("\nmine 7\n"));
}

TEST_F(DebugPagesTest, ArePointedAtByTheRoot) {
  Answer answer = get("/");
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.content_type, "text/html; charset=utf-8");
  for (const char* page : {"/debug/rpc", "/metrics", "/healthz"}) {
    EXPECT_THAT(std::string(answer.body), HasSubstr("href=\"" + std::string(page) + "\""));
    EXPECT_EQ(status(page), 200);
  }
  EXPECT_EQ(status("/", "HEAD"), 200);
  EXPECT_EQ(status("/", "POST"), 404);
  EXPECT_EQ(status("/", "GET", "evil.example"), 404);
  local_ = false;
  EXPECT_EQ(status("/"), 404);
}

TEST_F(DebugPagesTest, SayWhetherTheServerStops) {
  EXPECT_EQ(get("/healthz").body, "ok\n");
  draining_ = true;
  EXPECT_EQ(get("/healthz").body, "draining\n");
  EXPECT_EQ(status("/healthz"), 503);
}

TEST_F(DebugPagesTest, AreNotElsewhere) {
  for (std::string_view path :
       {"", "//", "/debug", "/debug/", "/debug/rpc/", "/debug/rpcx", "/Metrics", "//metrics"}) {
    EXPECT_EQ(status(path), 404) << path;
  }
}

TEST_F(DebugPagesTest, CanBeSwitchedOff) {
  rules_.enabled = false;
  for (std::string_view path : {"/", "/debug/rpc", "/metrics", "/healthz"}) {
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
    EXPECT_EQ(answer.status, 405) << verb;
    EXPECT_THAT(answer.headers,
                Contains(std::pair<std::string, std::string>("Allow", "GET, HEAD")));
  }
}

TEST_F(DebugPagesTest, AreKeptByNobody) {
  for (std::string_view path : {"/debug/rpc", "/metrics", "/healthz", "/nothing"}) {
    Answer answer = get(path);
    EXPECT_THAT(answer.headers, Contains(Key("Cache-Control"))) << path;
    EXPECT_THAT(answer.headers, Contains(Key("Referrer-Policy"))) << path;
  }
  EXPECT_THAT(get("/debug/rpc").headers, Contains(Key("Content-Security-Policy")));
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
  EXPECT_LE(3 * made_ * 50, 21000 / 20);
  EXPECT_GE(made_, 6);
}

TEST_F(DebugPagesTest, AreMadeOnceForAllWhoWait) {
  EXPECT_EQ(statuses_of(5), std::vector<int>(5, 200));
  EXPECT_EQ(made_, 1);
}

TEST_F(DebugPagesTest, SayWhenTheyCannotBeMade) {
  snapshot_throws_ = true;
  EXPECT_EQ(statuses_of(2), std::vector<int>(2, 500));
  snapshot_throws_ = false;
  run_throws_ = true;
  EXPECT_EQ(statuses_of(1), std::vector<int>(1, 500));
  run_throws_ = false;
  EXPECT_EQ(statuses_of(2), std::vector<int>(2, 200));
}

TEST_F(DebugPagesTest, LeaveNobodyWaitingWhenTheServerHasStopped) {
  stopped_ = true;
  EXPECT_EQ(statuses_of(1), std::vector<int>(1, 500));
}

}  // namespace
}  // namespace tern::debug_pages
