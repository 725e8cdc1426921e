// When files are to be read again, and what has come of that.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/file_state.h"
#include "base/log_throttle.h"
#include "tern/clock.h"
#include "tern/log.h"
#include "tern/status.h"

namespace tern::base {

struct FileWatchSetup {
  std::vector<std::string> paths;  // "" is no file; none at all: they are never read
  std::chrono::nanoseconds check_interval{0};
  Clock& clock;
  LogSink log;
  LogLevel log_level = LogLevel::kWarning;
  // For the log: "jwt", "keys".
  std::string_view area;
  std::string_view contents;
};

// Looks at the files now and then, when it is asked. Threads: one at a time.
class FileWatch {
 public:
  struct Stats {
    std::chrono::nanoseconds age{0};  // since something was taken, or the watch began
    std::uint64_t reloads = 0;
    std::uint64_t reload_failures = 0;
    std::string last_failure;  // unless something has been taken since
  };

  explicit FileWatch(FileWatchSetup setup);
  FileWatch(const FileWatch&) = delete;
  FileWatch& operator=(const FileWatch&) = delete;

  bool has_files() const noexcept { return !paths_.empty(); }
  // Whether they are to be read now: they have not been looked at for so long, and have changed, or
  // could not be used.
  bool due();
  // They are about to be read: what is written meanwhile is seen the next time.
  void begin_read();
  // What has been taken, or what stays, for the log: "3 of them".
  void took(std::string_view taken);
  void refused(std::string_view stays, const Status& why);

  Stats stats() const;

 private:
  bool changed() const;

  const std::vector<std::string> paths_;
  const std::chrono::nanoseconds interval_;
  Clock& clock_;
  LogThrottle log_;
  const std::string_view area_;
  const std::string_view contents_;
  std::vector<FileState> states_;  // of the paths, when they were last read
  Clock::TimePoint looked_at_;
  Clock::TimePoint taken_at_;
  Stats stats_;  // but for the age
};

}  // namespace tern::base
