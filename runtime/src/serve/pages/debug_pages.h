// /debug/rpc, /metrics and /healthz: who may see them, what they say, and how often it is made
// anew.
#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>

#include "serve/pages/access.h"
#include "serve/server_snapshot.h"
#include "tern/clock.h"
#include "tern/debug_pages.h"
#include "wire/frame_codec.h"

namespace tern::pages {

// What a page is made of, when it is made.
struct Source {
  std::function<ServerSnapshot()> snapshot;
  std::function<bool()> draining;
};

// A page with the text that it views.
struct Answer {
  Page page;
  std::shared_ptr<const std::string> text;
};

// Each page is made at most ten times a second, and never takes more than a twentieth of the time
// of one thread; in between, the same text answers everybody.
// Threads: any. Nobody waits while another thread makes a page.
class Pages {
 public:
  Pages(Source source, Clock& clock) : source_(std::move(source)), clock_(clock) {}
  Pages(const Pages&) = delete;
  Pages& operator=(const Pages&) = delete;

  Answer answer(const Request& request, const DebugPages& rules);

 private:
  enum class Kind : std::uint8_t { kHtml, kJson, kMetrics, kCount };
  struct Made {
    std::shared_ptr<const std::string> text;
    Clock::TimePoint good_until{};
    bool in_work = false;  // on some thread
  };

  std::shared_ptr<const std::string> text_of(Kind kind);
  std::string make(Kind kind) const;

  const Source source_;
  Clock& clock_;

  std::mutex mutex_;  // guards the following
  std::array<Made, static_cast<std::size_t>(Kind::kCount)> made_;
};

}  // namespace tern::pages
