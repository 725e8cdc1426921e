#include "debug_pages/pages_handler.h"

#include <algorithm>
#include <exception>
#include <utility>
#include <vector>

#include "debug_pages/access.h"
#include "debug_pages/html.h"
#include "debug_pages/json.h"
#include "debug_pages/metrics.h"
#include "debug_pages/process.h"

namespace tern::debug_pages {

namespace {

using Answer = HttpHandler::Answer;

constexpr std::chrono::milliseconds kShortestLife{100};
// How many times longer than it took to make it a text is good: there are three of them.
constexpr int kLifeToWork = 60;

constexpr std::array<std::string_view, 3> kDebugPaths = {"/debug/rpc", "/debug/geerpc",
                                                         "/debug/myrpc"};
Answer with_type(int status, std::string_view type, std::string body) {
  Answer answer(status);
  answer.content_type = type;
  answer.headers = {{"Cache-Control", "no-store"}, {"Referrer-Policy", "no-referrer"}};
  answer.body = std::move(body);
  return answer;
}

Answer plain(int status, std::string_view body) {
  return with_type(status, "text/plain; charset=utf-8", std::string(body));
}

Answer html(std::string body) {
  Answer answer = with_type(200, "text/html; charset=utf-8", std::move(body));
  answer.headers.emplace_back("Content-Security-Policy", content_security_policy());
  return answer;
}

// What a person finds who asks for nothing in particular.
constexpr std::string_view kEntrance = R"(<!DOCTYPE html>
<html lang="en">
<head><meta charset="utf-8"><link rel="icon" href="data:,"><title>Tern server</title></head>
<body>
<p>This is a Tern server. What it says of itself:</p>
<ul>
<li><a href="/debug/rpc">/debug/rpc</a>: its methods, calls and connections</li>
<li><a href="/metrics">/metrics</a>: the same for Prometheus</li>
<li><a href="/healthz">/healthz</a>: whether it serves</li>
</ul>
</body>
</html>
)";

bool only_reads(const HttpHandler::Request& request) noexcept {
  return request.verb == "GET" || request.verb == "HEAD";
}

bool is_debug_path(std::string_view path) noexcept {
  return std::find(kDebugPaths.begin(), kDebugPaths.end(), path) != kDebugPaths.end();
}

// Whether the query has `format=json` among its pairs.
bool asks_for_json(std::string_view query) {
  while (!query.empty()) {
    std::size_t end = std::min(query.find('&'), query.size());
    if (query.substr(0, end) == "format=json") return true;
    query.remove_prefix(std::min(end + 1, query.size()));
  }
  return false;
}

}  // namespace

std::unique_ptr<HttpHandler::Pending> PagesHandler::handle(const Request& request, Done done) {
  if (std::optional<Answer> now = answer_at_once(request)) {
    done(std::move(*now));
  } else if (!is_debug_path(request.path)) {
    give(Kind::kMetrics, std::move(done));
  } else {
    give(asks_for_json(request.query) ? Kind::kJson : Kind::kHtml, std::move(done));
  }
  return nullptr;  // a page is made whether or not somebody still waits for it
}

std::optional<HttpHandler::Answer> PagesHandler::answer_at_once(const Request& request) const {
  const std::string_view path = request.path;
  const std::string_view refusal = refusal_of(asker_of(request), rules_);
  const bool health = path == "/healthz";
  // To others than those who may see the pages, nothing is there.
  if (path == "/" && rules_.enabled && only_reads(request) && refusal.empty()) {
    return html(std::string(kEntrance));
  }
  if (!rules_.enabled || (!is_debug_path(path) && !health && path != "/metrics")) {
    return plain(404, "404 nothing is here\n");
  }
  if ((!health || !rules_.health_for_all) && !refusal.empty()) return plain(403, refusal);
  if (!only_reads(request)) {
    Answer answer = plain(405, "405 only GET and HEAD\n");
    answer.headers.emplace_back("Allow", "GET, HEAD");
    return answer;
  }
  if (health) return source_.draining() ? plain(503, "draining\n") : plain(200, "ok\n");
  return std::nullopt;
}

void PagesHandler::give(Kind kind, Done done) {
  Text good;
  {
    std::lock_guard lock(mutex_);
    CachedPage& last = cached(kind);
    if (last.text && clock_.now() < last.good_until) {
      good = last.text;
    } else {
      last.waiting.push_back(std::move(done));
      if (last.waiting.size() > 1) return;
    }
  }
  if (good) {
    done(answer_of(kind, good));
    return;
  }
  bool runs = false;
  try {
    runs = source_.run([this, kind] { make(kind); });
  } catch (const std::exception&) {
    // No memory, or no thread.
  }
  if (!runs) finish(kind, nullptr, {});
}

HttpHandler::Answer PagesHandler::answer_of(Kind kind, const Text& text) {
  if (!text) return plain(500, "500 no memory for this page\n");
  switch (kind) {
    case Kind::kHtml:
      return html(*text);
    case Kind::kJson:
      return with_type(200, "application/json", *text);
    case Kind::kMetrics:
    case Kind::kCount:
      break;
  }
  return with_type(200, "text/plain; version=0.0.4; charset=utf-8", *text);
}

// On the thread for it.
void PagesHandler::make(Kind kind) {
  Clock::TimePoint begun = clock_.now();
  Text text;
  try {
    text = std::make_shared<const std::string>(text_of(kind));
  } catch (const std::exception&) {
    // Waiting requests get an error.
  }
  Clock::TimePoint done = clock_.now();
  auto life = std::max<Clock::Duration>(kShortestLife, kLifeToWork * (done - begun));
  finish(kind, std::move(text), done + life);
}

// Null: it could not be made.
void PagesHandler::finish(Kind kind, Text text, Clock::TimePoint good_until) {
  std::vector<Done> waiting;
  {
    std::lock_guard lock(mutex_);
    CachedPage& now = cached(kind);
    now.text = text;
    now.good_until = good_until;
    waiting.swap(now.waiting);
  }
  for (Done& done : waiting) done(answer_of(kind, text));
}

std::string PagesHandler::text_of(Kind kind) const {
  ServerSnapshot snapshot = source_.snapshot();
  switch (kind) {
    case Kind::kHtml:
      return html_page(snapshot);
    case Kind::kJson:
      return json_page(snapshot);
    case Kind::kMetrics:
    case Kind::kCount:
      break;
  }
  std::string text = metrics_page(snapshot);
  if (std::optional<ProcessNumbers> process = read_process()) append_process(text, *process);
  if (source_.more_metrics) source_.more_metrics(text);
  return text;
}

}  // namespace tern::debug_pages
