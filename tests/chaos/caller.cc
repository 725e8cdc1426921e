#include "chaos/caller.h"

#include <algorithm>
#include <chrono>
#include <deque>
#include <utility>

#include "chaos/recorded_call.h"
#include "chaos/till_service.h"

namespace tern::chaos {

namespace {

using namespace std::chrono_literals;

// A thread that sleeps for this long, and wakes so much later, did not run in between.
constexpr Nanoseconds kBeat = 50ms;
constexpr Nanoseconds kPause = 200ms;

// A call that its caller gives up at some time.
struct Cancel {
  Nanoseconds when;
  Call<till::Receipt> call;
};

template <typename Random>
std::int64_t between(Random& random, std::int64_t low, std::int64_t high) {
  return std::uniform_int_distribution<std::int64_t>(low, high)(random);
}

template <typename Random>
RecordedCall something(Random& random, Nonce nonce) {
  RecordedCall wish;
  wish.order.nonce = nonce;
  wish.once_only = between(random, 0, 1) == 0;
  wish.options.timeout = std::chrono::milliseconds(
      between(random, 0, 3) == 0 ? between(random, 5, 100) : between(random, 100, 3000));
  wish.options.wait_for_ready = between(random, 0, 3) == 0;
  switch (between(random, 0, 19)) {
    case 0:
      wish.order.deed = till::Deed::Refuse;
      break;
    case 1:
      wish.order.deed = till::Deed::Fail;
      break;
    case 2:
      wish.order.deed = till::Deed::Throw;
      break;
    case 3:
      wish.order.deed = till::Deed::Block;
      break;
    case 4:
    case 5:
    case 6:
      wish.order.deed = till::Deed::Wait;
      break;
    default:
      break;
  }
  const bool long_work = between(random, 0, 19) == 0;
  wish.order.work = std::chrono::milliseconds(between(random, 0, long_work ? 2000 : 20));
  if (wish.order.deed == till::Deed::Block)
    wish.order.work = std::min<Nanoseconds>(wish.order.work, 20ms);
  wish.order.reply_bytes =
      static_cast<std::int32_t>(between(random, 0, between(random, 0, 49) == 0 ? 200'000 : 200));
  wish.order.load = load_of(nonce, static_cast<std::size_t>(between(
                                       random, 0, between(random, 0, 49) == 0 ? 100'000 : 200)));
  if (between(random, 0, 9) == 0) {
    wish.cancel_after = std::chrono::milliseconds(between(random, 0, 200));
  }
  return wish;
}

}  // namespace

Caller::Caller(std::uint32_t number, std::uint64_t seed,
               const std::vector<CallingChannel>& channels, History& history)
    : number_(number),
      channels_(channels),
      history_(history),
      random_(seed),
      next_(Nonce{number} << kCallerShift),
      watching_([this] { watch_pauses(); }) {}

Caller::~Caller() {
  rest();
  ended_ = true;
  watching_.join();
}

void Caller::begin(int calls_a_second) {
  rest();
  resting_ = false;
  calling_ = std::thread([this, calls_a_second] { run(calls_a_second); });
}

void Caller::rest() {
  resting_ = true;
  if (calling_.joinable()) calling_.join();
}

void Caller::run(int calls_a_second) {
  const Nanoseconds pace = Nanoseconds(1s) / calls_a_second;
  std::deque<Cancel> cancels;
  Nanoseconds next = monotonic_now();
  while (!resting_) {
    const Nanoseconds now = monotonic_now();
    std::erase_if(cancels, [now](Cancel& cancel) {
      if (cancel.when > now) return false;
      cancel.call.cancel();
      return true;
    });
    if (next > now) {
      std::this_thread::sleep_for(std::min<Nanoseconds>(next - now, 10ms));
      continue;
    }
    next = std::max(next + pace, now - 100ms);  // what a pause has held up is not made up for
    const auto number = static_cast<std::size_t>(
        between(random_, 0, static_cast<std::int64_t>(channels_.size()) - 1));
    RecordedCall wish = something(random_, ++next_);
    Call<till::Receipt> call = wish.start(channels_[number].channel(), number, history_);
    // It may come when this has gone.
    call.then([&history = history_, wish](const Result<till::Receipt>& result) {
      wish.write_end(result, history);
    });
    if (wish.cancel_after) cancels.push_back({now + *wish.cancel_after, std::move(call)});
  }
}

Caller::Recovery Caller::get_through(Nanoseconds bound) {
  Recovery recovery;
  const Nanoseconds begun = monotonic_now();
  for (std::size_t number = 0; number < channels_.size(); ++number) {
    bool through = false;
    while (!through && monotonic_now() - begun < bound) {
      RecordedCall wish;
      wish.order.nonce = ++next_;
      wish.options.timeout = 1s;
      wish.options.wait_for_ready = true;
      Result<till::Receipt> result =
          wish.start(channels_[number].channel(), number, history_).get();
      wish.write_end(result, history_);
      through = result.ok();
    }
    const Nanoseconds took = monotonic_now() - begun;
    recovery.all = recovery.all && through;
    if (!through || took > recovery.slowest) {
      recovery.slowest = took;
      recovery.channel = channels_[number].name;
    }
    if (!through) break;
  }
  return recovery;
}

void Caller::watch_pauses() {
  Nanoseconds before = monotonic_now();
  while (!ended_) {
    std::this_thread::sleep_for(kBeat);
    const Nanoseconds now = monotonic_now();
    if (now - before > kPause) {
      Record record;
      record.kind = Record::Kind::kPaused;
      record.nonce = Nonce{number_} << kCallerShift;
      record.value = before.count();
      history_.add(record);
    }
    before = now;
  }
}

}  // namespace tern::chaos
