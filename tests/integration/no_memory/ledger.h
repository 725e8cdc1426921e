// What the calls of a program have come to.
#pragma once

#include <cstddef>
#include <string_view>
#include <utility>
#include <vector>

#include "tern/status.h"

namespace tern::test {

// What has become of the program, and of all that it started.
enum class Verdict : int {
  kGood = 0,
  kAllAllocationsDone = 50,  // there was no such allocation: the end
  kLostCall = 51,
  kDoubledCall = 52,
  kNotUsable = 53,
  kLeak = 54,
  kNotStopped = 55,
  kFalselyDenied = 56,
  kFalselyComplete = 57,
  kHandlerLeft = 58,
  kCallLeft = 59,
};
std::string_view name_of(Verdict verdict);

// The calls that a program has begun: each is to end once. Takes no memory after it is made.
class Ledger {
 public:
  Ledger() { calls_.reserve(kMost); }
  Ledger(const Ledger&) = delete;
  Ledger& operator=(const Ledger&) = delete;

  // --- The caller ---

  // One more that is about to begin. Its number.
  std::size_t begin() {
    calls_.emplace_back();
    return calls_.size() - 1;
  }
  void end(std::size_t call) { ++calls_[call].ended; }
  // The same, and how. `complete`: whether all that the other side has written was read.
  void end(std::size_t call, const Status& how, bool complete) {
    calls_[call].denied = !how.ok() && how.handler_ran() == HandlerRan::kNo;
    calls_[call].falsely_complete = how.ok() && !complete;
    if (how.ok() && complete) ++complete_;
    end(call);
  }
  // Starts one that is over when `done` is called, or could not be started.
  template <typename F>
  void watch(F start) {
    std::size_t call = begin();
    try {
      start([this, call] { end(call); });
    } catch (...) {
      end(call);  // the caller knows
      throw;
    }
  }

  // --- The handler ---

  void handler_begins(std::size_t call) {
    if (call < calls_.size()) calls_[call].ran = true;
    ++handlers_;
  }
  void handler_ends() { --handlers_; }

  Verdict verdict() const;
  // Calls that have come to a good end with all that belongs to them, as far as it is known.
  std::size_t complete() const { return complete_; }

 private:
  static constexpr std::size_t kMost = 200;
  struct Call {
    int ended = 0;  // how often
    bool ran = false;
    bool denied = false;
    bool falsely_complete = false;
  };

  std::vector<Call> calls_;
  std::size_t complete_ = 0;
  int handlers_ = 0;  // that run
};

// Ends a call of the ledger once: with what end() says, or else when it is destroyed.
class Ending {
 public:
  explicit Ending(Ledger& ledger) : ledger_(ledger), call_(ledger.begin()) {}
  Ending(Ending&& other) noexcept
      : ledger_(other.ledger_), call_(other.call_), owed_(std::exchange(other.owed_, false)) {}
  Ending& operator=(Ending&&) = delete;
  ~Ending() {
    if (owed_) ledger_.end(call_);
  }

  std::size_t call() const noexcept { return call_; }
  // See Ledger. A second time counts as a second end.
  void end(const Status& how, bool complete) {
    owed_ = false;
    ledger_.end(call_, how, complete);
  }

 private:
  Ledger& ledger_;
  const std::size_t call_;
  bool owed_ = true;
};

// Of the ledger: a handler, while it runs.
class Handling {
 public:
  Handling(Ledger& ledger, std::size_t call) : ledger_(&ledger) { ledger.handler_begins(call); }
  Handling(Handling&& other) noexcept : ledger_(std::exchange(other.ledger_, nullptr)) {}
  Handling& operator=(Handling&&) = delete;
  ~Handling() {
    if (ledger_) ledger_->handler_ends();
  }

 private:
  Ledger* ledger_;
};

}  // namespace tern::test
