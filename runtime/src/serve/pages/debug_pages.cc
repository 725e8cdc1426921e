#include "serve/pages/debug_pages.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "serve/pages/html.h"
#include "serve/pages/json.h"
#include "serve/pages/metrics.h"

namespace tern::pages {

namespace {

using Header = std::pair<std::string_view, std::string_view>;

constexpr std::chrono::milliseconds kShortestLife{100};
// How many times longer than it took to make it a text is good.
constexpr int kLifeToWork = 20;

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

Answer Pages::answer(const Request& request, const DebugPages& rules) {
  std::size_t mark = std::min(request.target.find('?'), request.target.size());
  std::string_view path = request.target.substr(0, mark);
  std::string_view query = request.target.substr(std::min(mark + 1, request.target.size()));
  bool debug = std::find(kDebugPaths.begin(), kDebugPaths.end(), path) != kDebugPaths.end();
  bool health = path == "/healthz";
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
  std::shared_ptr<const std::string> text = text_of(kind);
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

std::shared_ptr<const std::string> Pages::text_of(Kind kind) {
  Made& made = made_[static_cast<std::size_t>(kind)];
  Clock::TimePoint begun = clock_.now();
  {
    std::lock_guard lock(mutex_);
    if (made.text && (made.in_work || begun < made.good_until)) return made.text;
    made.in_work = true;
  }
  std::shared_ptr<const std::string> text;
  try {
    text = std::make_shared<const std::string>(make(kind));
  } catch (...) {
    std::lock_guard lock(mutex_);
    made.in_work = false;
    throw;
  }
  Clock::TimePoint done = clock_.now();
  std::lock_guard lock(mutex_);
  made.text = text;
  made.good_until = done + std::max<Clock::Duration>(kShortestLife, kLifeToWork * (done - begun));
  made.in_work = false;
  return text;
}

std::string Pages::make(Kind kind) const {
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
  return metrics_page(snapshot);
}

}  // namespace tern::pages
