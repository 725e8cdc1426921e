// A value that is read from files, and again when they change.
#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>

#include "base/file_watch.h"
#include "tern/result.h"
#include "tern/status.h"

namespace tern::base {

// What cannot be used leaves the value before in its place. Copies of it are cheap. Threads: any;
// who asks when the files are due waits until they have been read.
template <typename Value>
class Reloaded {
 public:
  using Read = std::function<Result<Value>()>;
  // What it is, for the log: "3 of them".
  using Describe = std::string (*)(const Value& value);
  struct Seen {
    Value value;
    FileWatch::Stats stats;
  };

  // Fails if the files cannot be used.
  static Result<std::unique_ptr<Reloaded>> open(FileWatchSetup setup, Read read,
                                                Describe describe) {
    auto made =
        std::unique_ptr<Reloaded>(new Reloaded(std::move(setup), std::move(read), describe));
    made->watch_.begin_read();
    Result<Value> first = made->read_();
    if (!first.ok()) return first.take_status();
    made->value_ = *std::move(first);
    return made;
  }
  // From no files.
  Reloaded(FileWatchSetup setup, Value value, Describe describe)
      : describe_(describe), watch_(std::move(setup)), value_(std::move(value)) {}
  Reloaded(const Reloaded&) = delete;
  Reloaded& operator=(const Reloaded&) = delete;

  Value current() {
    std::lock_guard lock(mutex_);
    look();
    return *value_;
  }
  Seen look_at() {
    std::lock_guard lock(mutex_);
    look();
    return {*value_, watch_.stats()};
  }
  // Reads the files now; without any it does nothing.
  Status reload() {
    std::lock_guard lock(mutex_);
    return watch_.has_files() ? read() : Status();
  }
  void set(Value value) {
    std::lock_guard lock(mutex_);
    take(std::move(value));
  }

 private:
  Reloaded(FileWatchSetup setup, Read read, Describe describe)
      : read_(std::move(read)), describe_(describe), watch_(std::move(setup)) {}

  // With mutex_ held.
  void look() {
    if (watch_.due()) (void)read();
  }
  Status read() {
    watch_.begin_read();
    Result<Value> read = read_();
    if (read.ok()) {
      take(*std::move(read));
      return {};
    }
    watch_.refused(describe_(*value_), read.status());
    return read.take_status();
  }
  void take(Value value) {
    value_ = std::move(value);
    watch_.took(describe_(*value_));
  }

  const Read read_;
  const Describe describe_;

  std::mutex mutex_;  // guards the following
  FileWatch watch_;
  std::optional<Value> value_;  // nothing only before open() has read it
};

}  // namespace tern::base
