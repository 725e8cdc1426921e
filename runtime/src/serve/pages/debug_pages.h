// /debug/rpc, /metrics and /healthz: who may see them, what they say, and how often it is made
// anew.
#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "serve/pages/access.h"
#include "serve/server_snapshot.h"
#include "tern/clock.h"
#include "tern/debug_pages.h"
#include "tern/function.h"
#include "wire/server_protocol.h"

namespace tern::pages {

// A page with the text that it views.
struct Answer {
  Page page;
  std::shared_ptr<const std::string> text;
};

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
class Pages {
 public:
  // Takes an answer on any thread.
  using Later = UniqueFunction<void(Answer)>;

  Pages(Source source, Clock& clock) : source_(std::move(source)), clock_(clock) {}
  Pages(const Pages&) = delete;
  Pages& operator=(const Pages&) = delete;

  // Nothing if a page has to be made first: `later` gets the answer then.
  std::optional<Answer> answer(const Request& request, const DebugPages& rules, Later later);

 private:
  enum class Kind : std::uint8_t { kHtml, kJson, kMetrics, kCount };
  using Text = std::shared_ptr<const std::string>;
  struct Made {
    Text text;
    Clock::TimePoint good_until{};
    std::vector<Later> waiting;  // for the one that is being made
  };

  static Answer answer_of(Kind kind, Text text);
  void make(Kind kind);
  void finish(Kind kind, Text text, Clock::TimePoint good_until);
  std::string text_of(Kind kind) const;
  Made& made(Kind kind) noexcept { return made_[static_cast<std::size_t>(kind)]; }

  const Source source_;
  Clock& clock_;

  std::mutex mutex_;  // guards the following
  std::array<Made, static_cast<std::size_t>(Kind::kCount)> made_;
};

}  // namespace tern::pages
