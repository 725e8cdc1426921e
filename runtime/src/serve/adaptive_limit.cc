#include "serve/adaptive_limit.h"

#include <algorithm>
#include <cmath>

namespace tern::serve {

namespace {

// Calls take too long when they take so many times what is usual.
constexpr double kTooLong = 2;
// Calls that take so many times what is usual, or less, are as usual.
constexpr double kAsUsual = 1.25;
// A window in which no fewer calls ran than this part of what ran before shows nothing.
constexpr double kHardlyFewer = 0.9;
// The calls of one method count for no more than so many times what is usual: those that hang must
// not stand for all.
constexpr double kMostTimesLonger = 4;
// How far the usual time follows one window in which calls were shorter.
constexpr double kFollow = 0.25;
// The time that fewer calls took in a window counts for less.
constexpr double kEnoughOfAMethod = 10;

// A window has so many ends of calls at least, one for each that may run, and lasts so long.
constexpr std::uint64_t kFewestEnds = 50;
constexpr std::chrono::milliseconds kShortestWindow{100};
// It has seen too little when it lasts longer than this, and than so many calls in a row.
constexpr std::chrono::seconds kLongestWindow{2};
constexpr double kLongestWindowInCalls = 16;

// The usual times are measured again after this, and not before so many times what that takes: the
// limit is half of what it could be meanwhile.
constexpr std::chrono::seconds kMeasureAgain{10};
constexpr int kMeasureAgainAtLeast = 40;

double in_seconds(Clock::Duration time) {
  return std::chrono::duration<double>(time).count();
}

}  // namespace

void AdaptiveLimit::MethodTimes::count_to(Clock::TimePoint now) noexcept {
  running_seconds += static_cast<double>(running) * in_seconds(now - counted_to);
  counted_to = now;
}

double AdaptiveLimit::MethodTimes::seen() const noexcept {
  return ended > 0 ? running_seconds / static_cast<double>(ended) : 0;
}

const char* AdaptiveLimit::problem_with(const AdaptiveConcurrency& options) noexcept {
  if (options.lowest == 0) return "lowest is 0, so that no call would run";
  if (options.initial < options.lowest) return "initial is less than lowest";
  if (options.highest < options.initial) return "highest is less than initial";
  return "";
}

AdaptiveLimit::AdaptiveLimit(const AdaptiveConcurrency& options, std::size_t methods,
                             Clock::TimePoint now)
    : lowest_(options.lowest),
      highest_(options.highest),
      always_(options.always_of_each_method),
      now_(now),
      limit_(options.initial),
      methods_(methods),
      measure_again_(now) {
  begin_window();
}

bool AdaptiveLimit::try_begin(std::size_t method, Clock::TimePoint now) noexcept {
  std::lock_guard lock(mutex_);
  pass_time(now);
  MethodTimes& times = methods_[method];
  if (running_ >= limit_) {
    reached_ = true;
    if (times.running >= always_) return false;
  }
  times.count_to(now_);
  ++times.running;
  ++running_;
  if (running_ >= limit_) reached_ = true;
  return true;
}

void AdaptiveLimit::end(std::size_t method, Clock::TimePoint now, Ran ran) noexcept {
  std::lock_guard lock(mutex_);
  pass_time(now);
  MethodTimes& times = methods_[method];
  times.count_to(now_);
  --times.running;
  --running_;
  if (ends_before_window_ > 0) {
    --ends_before_window_;
    if (running_ <= limit_) ends_before_window_ = 0;
    if (ends_before_window_ == 0) begin_window();
    return;
  }
  if (ran == Ran::kHandler) {
    ++times.ended;
    ++ended_;
  }
  if (complete()) decide();
}

std::size_t AdaptiveLimit::limit() const noexcept {
  std::lock_guard lock(mutex_);
  return limit_;
}

std::size_t AdaptiveLimit::running() const noexcept {
  std::lock_guard lock(mutex_);
  return running_;
}

// Loops read the clock at different moments, so `now` may be a little before now_.
void AdaptiveLimit::pass_time(Clock::TimePoint now) noexcept {
  now_ = std::max(now_, now);
  if (now_ - window_start_ > patience()) give_up_window();
}

void AdaptiveLimit::begin_window() noexcept {
  window_start_ = now_;
  ended_ = 0;
  reached_ = running_ >= limit_;
  for (MethodTimes& one : methods_) {
    one.counted_to = now_;
    one.running_seconds = 0;
    one.ended = 0;
  }
}

bool AdaptiveLimit::complete() const noexcept {
  return ended_ >= std::max<std::uint64_t>(kFewestEnds, limit_) &&
         now_ - window_start_ >= kShortestWindow;
}

// Without a limit for the first window: nothing is known then.
Clock::Duration AdaptiveLimit::patience() const noexcept {
  if (call_seconds_ == 0) return Clock::Duration::max();
  auto calls = std::chrono::duration<double>(kLongestWindowInCalls * call_seconds_);
  return std::max<Clock::Duration>(kLongestWindow,
                                   std::chrono::duration_cast<Clock::Duration>(calls));
}

double AdaptiveLimit::mean_running() const noexcept {
  double seconds = 0;
  for (const MethodTimes& one : methods_) seconds += one.running_seconds;
  double elapsed = in_seconds(now_ - window_start_);
  return elapsed > 0 ? seconds / elapsed : 0;
}

// How many times as long as formerly calls take, on average over those that have ended: each is
// compared to others of its own method, so that it does not matter which methods are called. 1 if
// there are none to compare.
double AdaptiveLimit::times_longer_than(double MethodTimes::*former) const noexcept {
  double sum = 0;
  double count = 0;
  for (const MethodTimes& one : methods_) {
    if (one.ended == 0 || one.*former == 0) continue;
    auto ended = static_cast<double>(one.ended);
    sum += ended * std::min(kMostTimesLonger, one.seen() / (one.*former));
    count += ended;
  }
  return count > 0 ? sum / count : 1;
}

void AdaptiveLimit::decide() noexcept {
  for (MethodTimes& one : methods_) one.count_to(now_);
  double mean = mean_running();
  call_seconds_ = mean * in_seconds(now_ - window_start_) / static_cast<double>(ended_);
  if (state_ == State::kSteady) {
    decide_steady(mean);
  } else {
    decide_lowered(mean);
  }
  begin_window();
}

void AdaptiveLimit::decide_steady(double mean_running) noexcept {
  follow_shorter_times();
  if (!reached_) return;
  double longer = times_longer_than(&MethodTimes::usual);
  if (!usual_is_measured_ || (longer > kAsUsual && now_ >= measure_again_)) {
    lower(State::kMeasuring, mean_running);
  } else if (longer > kTooLong) {
    lower(State::kLowered, mean_running);
  } else {
    raise(longer);
  }
}

void AdaptiveLimit::decide_lowered(double mean_running) noexcept {
  double fewer = mean_running_before_ > 0 ? mean_running / mean_running_before_ : 1;
  if (fewer > kHardlyFewer) {
    // It is not the limit that decides how many run.
    limit_ = limit_before_;
    state_ = State::kSteady;
    measure_again_ = now_ + kMeasureAgain;
    return;
  }
  if (state_ == State::kLowered && times_longer_than(&MethodTimes::usual) <= kAsUsual) {
    state_ = State::kSteady;
    return;
  }
  // If every call had waited for the others, the time would be shorter in proportion; if none had,
  // it would be the same.
  bool shorter = times_longer_than(&MethodTimes::before) < (1 + fewer) / 2;
  if (shorter && limit_ > lowest_) {
    lower(state_, mean_running);
    return;
  }
  if (!shorter) limit_ = limit_before_;
  take_for_usual();
}

// Calls are rare, or nearly all hang: what was seen is no measure.
void AdaptiveLimit::give_up_window() noexcept {
  if (state_ != State::kSteady) {
    limit_ = limit_before_;
    state_ = State::kSteady;
  } else if (reached_ && ended_ > 0) {
    // Bursts with pauses between them.
    for (MethodTimes& one : methods_) one.count_to(now_);
    double longer = times_longer_than(&MethodTimes::usual);
    if (longer <= kTooLong) raise(longer);
  }
  ends_before_window_ = 0;
  begin_window();
}

// By half while calls are as usual, and then in small steps.
void AdaptiveLimit::raise(double longer) noexcept {
  auto small = static_cast<std::size_t>(std::sqrt(static_cast<double>(limit_)));
  std::size_t step = longer <= kAsUsual ? std::max(small, limit_ / 2) : small;
  limit_ = std::min(highest_, limit_ + step);
}

void AdaptiveLimit::lower(State why, double mean_running) noexcept {
  if (state_ == State::kSteady) lowered_at_ = now_;
  if (limit_ == lowest_) {
    take_for_usual();
    return;
  }
  state_ = why;
  limit_before_ = limit_;
  mean_running_before_ = mean_running;
  for (MethodTimes& one : methods_) one.before = one.seen();
  limit_ = std::max(lowest_, limit_ / 2);
  ends_before_window_ = running_ > limit_ ? running_ : 0;
}

void AdaptiveLimit::follow_shorter_times() noexcept {
  for (MethodTimes& one : methods_) {
    if (one.ended == 0) continue;
    if (one.usual == 0) {
      one.usual = one.seen();  // until it is measured
    } else if (one.seen() < one.usual) {
      double weight = std::min(1.0, static_cast<double>(one.ended) / kEnoughOfAMethod);
      one.usual -= kFollow * weight * (one.usual - one.seen());
    }
  }
}

void AdaptiveLimit::take_for_usual() noexcept {
  for (MethodTimes& one : methods_) {
    if (one.ended == 0) continue;
    double weight = std::min(1.0, static_cast<double>(one.ended) / kEnoughOfAMethod);
    one.usual = one.usual == 0 ? one.seen() : one.usual + weight * (one.seen() - one.usual);
  }
  state_ = State::kSteady;
  usual_is_measured_ = true;
  measure_again_ =
      now_ + std::max<Clock::Duration>(kMeasureAgain, kMeasureAgainAtLeast * (now_ - lowered_at_));
}

}  // namespace tern::serve
