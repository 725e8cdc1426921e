// /debug/rpc, /metrics and /healthz, and that nothing is elsewhere: who may see the pages, what
// they say, and how often it is made anew.
#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "debug_pages/server_snapshot.h"
#include "tern/clock.h"
#include "tern/debug_pages.h"
#include "tern/function.h"
#include "tern/http_handler.h"

namespace tern::debug_pages {

// What pages need of their server.
struct Source {
  std::function<ServerSnapshot()> snapshot;
  std::function<bool()> draining;
  // Runs a task on a thread where it holds up no loop. False if the server has stopped.
  std::function<bool(UniqueFunction<void()> task)> run;
  // Appends metrics of the user's own. May be empty.
  std::function<void(std::string& text)> more_metrics = nullptr;
};

// Each page is made at most ten times a second, all of them in at most a twentieth of the time of
// one thread; in between, the same text answers everybody.
// Threads: any.
class PagesHandler final : public HttpHandler {
 public:
  // `rules` and `clock` outlive this, and `source` is there until its run() is false.
  PagesHandler(Source source, const DebugPages& rules, Clock& clock)
      : source_(std::move(source)), rules_(rules), clock_(clock) {}
  PagesHandler(const PagesHandler&) = delete;
  PagesHandler& operator=(const PagesHandler&) = delete;

  bool is_public(const Request& request) const noexcept override {
    return rules_.enabled && rules_.health_for_all && request.path == "/healthz";
  }
  std::span<const std::string> roles(const Request& request) const noexcept override {
    if (request.path == "/healthz") return {};
    return rules_.roles;
  }
  std::unique_ptr<Pending> handle(const Request& request, Done done) override;

 private:
  enum class Kind : std::uint8_t { kHtml, kJson, kMetrics, kCount };
  using Text = std::shared_ptr<const std::string>;
  struct CachedPage {
    Text text;
    Clock::TimePoint good_until{};
    std::vector<Done> waiting;  // for the one that is being made
  };

  static Answer answer_of(Kind kind, const Text& text);
  // Nothing if a page has to be made, or looked up.
  std::optional<Answer> answer_at_once(const Request& request) const;
  void give(Kind kind, Done done);
  void make(Kind kind);
  void finish(Kind kind, Text text, Clock::TimePoint good_until);
  std::string text_of(Kind kind) const;
  CachedPage& cached(Kind kind) noexcept { return cache_[static_cast<std::size_t>(kind)]; }

  const Source source_;
  const DebugPages& rules_;
  Clock& clock_;

  std::mutex mutex_;  // guards the following
  std::array<CachedPage, static_cast<std::size_t>(Kind::kCount)> cache_;
};

}  // namespace tern::debug_pages
