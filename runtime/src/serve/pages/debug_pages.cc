#include "serve/pages/debug_pages.h"

#include <algorithm>
#include <exception>
#include <utility>
#include <vector>

#include "serve/pages/html.h"
#include "serve/pages/json.h"
#include "serve/pages/metrics.h"
#include "serve/pages/process.h"

namespace tern::pages {

namespace {

using Header = std::pair<std::string_view, std::string_view>;

constexpr std::chrono::milliseconds kShortestLife{100};
// How many times longer than it took to make it a text is good: there are three of them.
constexpr int kLifeToWork = 60;

constexpr std::array<std::string_view, 3> kDebugPaths = {"/debug/rpc", "/debug/geerpc",
                                                         "/debug/myrpc"};
constexpr std::string_view kPlain = "text/plain; charset=utf-8";

constexpr std::array<Header, 2> kHeaders = {
    {{"Cache-Control", "no-store"}, {"Referrer-Policy", "no-referrer"}}};
constexpr std::array<Header, 3> kHeadersOfRefusedVerb = {
    {kHeaders[0], kHeaders[1], {"Allow", "GET, HEAD"}}};

std::span<const Header> html_headers() {
  static const std::array<Header, 3> headers = {
      {kHeaders[0],
       kHeaders[1],

       {"Content-Security-Policy", content_security_policy()}}};
  return headers;
}

Answer plain(int status, std::string_view body) {
  Answer answer;
  answer.page.status = status;
  answer.page.content_type = kPlain;
  answer.page.headers = kHeaders;
  answer.page.body = body;
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

// To others than those who may see the pages, nothing is there.
bool points_to_pages(const Request& request, const DebugPages& rules) {
  return rules.enabled && (request.verb == "GET" || request.verb == "HEAD") &&
         refusal_of(request, rules).empty();
}

Answer entrance() {
  Answer answer = plain(200, kEntrance);
  answer.page.content_type = "text/html; charset=utf-8";
  answer.page.headers = html_headers();
  return answer;
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

std::optional<Answer> Pages::answer(const Request& request, const DebugPages& rules, Later later) {
  std::size_t mark = std::min(request.target.find('?'), request.target.size());
  std::string_view path = request.target.substr(0, mark);
  std::string_view query = request.target.substr(std::min(mark + 1, request.target.size()));
  bool debug = std::find(kDebugPaths.begin(), kDebugPaths.end(), path) != kDebugPaths.end();
  bool health = path == "/healthz";
  if (path == "/" && points_to_pages(request, rules)) return entrance();
  if (!rules.enabled || (!debug && !health && path != "/metrics")) {
    return plain(404, "404 nothing is here\n");
  }
  if (!health || !rules.health_for_all) {
    std::string_view why = refusal_of(request, rules);
    if (!why.empty()) return plain(403, why);
  }
  if (request.verb != "GET" && request.verb != "HEAD") {
    Answer answer = plain(405, "405 only GET and HEAD\n");
    answer.page.headers = kHeadersOfRefusedVerb;
    return answer;
  }
  if (health) return source_.draining() ? plain(503, "draining\n") : plain(200, "ok\n");

  Kind kind = !debug ? Kind::kMetrics : asks_for_json(query) ? Kind::kJson : Kind::kHtml;
  {
    std::lock_guard lock(mutex_);
    Made& last = made(kind);
    if (last.text && clock_.now() < last.good_until) return answer_of(kind, last.text);
    last.waiting.push_back(std::move(later));
    if (last.waiting.size() > 1) return std::nullopt;
  }
  bool runs = false;
  try {
    runs = source_.run([this, kind] { make(kind); });
  } catch (const std::exception&) {
    // No memory, or no thread.
  }
  if (!runs) finish(kind, nullptr, {});
  return std::nullopt;
}

Answer Pages::answer_of(Kind kind, Text text) {
  if (!text) return plain(500, "500 no memory for this page\n");
  Answer answer = plain(200, *text);
  answer.text = std::move(text);
  if (kind == Kind::kHtml) {
    answer.page.content_type = "text/html; charset=utf-8";
    answer.page.headers = html_headers();
  } else if (kind == Kind::kJson) {
    answer.page.content_type = "application/json";
  } else {
    answer.page.content_type = "text/plain; version=0.0.4; charset=utf-8";
  }
  return answer;
}

// On the thread for it.
void Pages::make(Kind kind) {
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
void Pages::finish(Kind kind, Text text, Clock::TimePoint good_until) {
  std::vector<Later> waiting;
  {
    std::lock_guard lock(mutex_);
    Made& now = made(kind);
    now.text = text;
    now.good_until = good_until;
    waiting.swap(now.waiting);
  }
  for (Later& later : waiting) later(answer_of(kind, text));
}

std::string Pages::text_of(Kind kind) const {
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

}  // namespace tern::pages
