#include "base/file_watch.h"

#include <fmt/format.h>

#include <cstddef>
#include <utility>

namespace tern::base {

FileWatch::FileWatch(FileWatchSetup setup)
    : paths_(std::move(setup.paths)),
      interval_(setup.check_interval),
      clock_(setup.clock),
      log_(setup.clock, std::move(setup.log), setup.log_level),
      area_(setup.area),
      contents_(setup.contents),
      states_(paths_.size()),
      looked_at_(clock_.now()),
      taken_at_(looked_at_) {}

bool FileWatch::due() {
  if (!has_files()) return false;
  const Clock::TimePoint now = clock_.now();
  if (now - looked_at_ < interval_) return false;
  looked_at_ = now;
  // What could not be used may have been a half of it: it is tried again.
  return !stats_.last_failure.empty() || changed();
}

void FileWatch::begin_read() {
  for (std::size_t i = 0; i < paths_.size(); ++i) states_[i] = state_of(paths_[i]);
}

void FileWatch::took(std::string_view taken) {
  taken_at_ = clock_.now();
  ++stats_.reloads;
  stats_.last_failure.clear();
  if (log_.takes(LogLevel::kInfo)) {
    log_.line(fmt::format("tern: {}: new {}, {}", area_, contents_, taken), LogLevel::kInfo);
  }
}

void FileWatch::refused(std::string_view stays, const Status& why) {
  ++stats_.reload_failures;
  stats_.last_failure = why.message();
  if (log_.takes(LogLevel::kWarning)) {
    log_.line(fmt::format("tern: {}: the {} stay as they are, {}: {}", area_, contents_, stays,
                          why.message()),
              LogLevel::kWarning);
  }
}

FileWatch::Stats FileWatch::stats() const {
  Stats stats = stats_;
  stats.age = clock_.now() - taken_at_;
  return stats;
}

bool FileWatch::changed() const {
  for (std::size_t i = 0; i < paths_.size(); ++i) {
    if (state_of(paths_[i]) != states_[i]) return true;
  }
  return false;
}

}  // namespace tern::base
