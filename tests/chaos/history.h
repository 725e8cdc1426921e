// What the processes of a run write down: each call, each outcome, each execution.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "tern/status.h"

namespace tern::chaos {

// CLOCK_MONOTONIC, which all processes of a machine share.
using Nanoseconds = std::chrono::nanoseconds;
Nanoseconds monotonic_now() noexcept;

// A call's number. Its upper bits are the process that makes it; it fits into the numbers of JSON.
using Nonce = std::int64_t;
constexpr int kCallerShift = 32;
constexpr std::uint32_t caller_of(Nonce nonce) noexcept {
  return static_cast<std::uint32_t>(nonce >> kCallerShift);
}

// One line of a history, as it is in the file: a block of the page cache is a multiple of it, so
// that a process that is killed leaves whole records.
struct Record {
  enum class Kind : std::uint8_t {
    kStart,   // a client begins a call; `value` is its deadline
    kEnd,     // and learns its outcome; `value` is the nonce that the answer has
    kRun,     // a server runs a handler
    kPaused,  // a client did not run, since `value`
  };
  // Of `flags`.
  static constexpr std::uint8_t kOnceOnly = 1;  // kStart, kRun: the method must not run twice
  static constexpr std::uint8_t kCancels = 2;   // kStart: its caller may cancel it
  static constexpr std::uint8_t kAnswered = 4;  // kEnd: `value` is there
  static constexpr std::uint8_t kDamaged = 8;   // kEnd: the load is not what was asked for

  Nonce nonce = 0;
  std::int64_t at = 0;  // nanoseconds of monotonic_now()
  std::int64_t value = 0;
  Kind kind = Kind::kStart;
  std::uint8_t flags = 0;
  Code code = Code::kOk;                  // kEnd
  HandlerRan ran = HandlerRan::kUnknown;  // kEnd
  std::uint16_t where = 0;                // kStart: the channel; kRun: the server
  std::uint16_t whole = kWhole;

  static constexpr std::uint16_t kWhole = 0x7e21;
};
static_assert(sizeof(Record) == 32);

// Appends to a file with one write(2) each: what has been added is there, whatever befalls the
// process afterwards, as long as the machine lives. Throws std::system_error. Threads: any.
class History {
 public:
  explicit History(const std::filesystem::path& path);
  History(const History&) = delete;
  History& operator=(const History&) = delete;
  ~History();

  // Sets the time, and returns when it is written.
  void add(Record record);

 private:
  int file_ = -1;
};

// All records of a file, in their order; nothing if the file is not one of whole records.
std::optional<std::vector<Record>> read_history(const std::filesystem::path& path);

}  // namespace tern::chaos
