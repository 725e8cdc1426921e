#include "sim/stream_plan.h"

#include <algorithm>

#include "sim/dice.h"

namespace tern::sim {

using namespace std::chrono_literals;

namespace {

Dice dice_of(std::uint64_t seed, Ledger::Nonce nonce, std::uint64_t salt) noexcept {
  Dice dice(seed ^ (nonce * 0x9e3779b97f4a7c15u) ^ (salt * 0xd6e8feb86659fd93u));
  dice.next();
  return dice;
}

HandlerEnd draw_handler_end(StreamKind kind, Dice& dice) {
  switch (dice.below(20)) {
    case 0:
    case 1:
      return HandlerEnd::kFails;
    case 2:
      return HandlerEnd::kThrows;
    case 3:
    case 4:
      return HandlerEnd::kWaitsForEver;
    case 5:
    case 6:
      return kind == StreamKind::kCount ? HandlerEnd::kKept : HandlerEnd::kEarly;
    case 7:
      return kind == StreamKind::kCount ? HandlerEnd::kKeptFails : HandlerEnd::kEarly;
    case 8:
      return kind == StreamKind::kCount ? HandlerEnd::kKeptDropped : HandlerEnd::kEarly;
    case 9:
    case 10:
    case 11:
    case 12:
      return kind == StreamKind::kCount ? HandlerEnd::kAtDrain : HandlerEnd::kWell;
    case 13:
    case 14:
      return kind == StreamKind::kCount ? HandlerEnd::kForgets : HandlerEnd::kWell;
    default:
      return HandlerEnd::kWell;
  }
}

CallerEnd draw_caller_end(bool must_leave, Dice& dice) {
  if (!must_leave && dice.percent(65)) return CallerEnd::kStays;
  switch (dice.below(must_leave ? 5 : 4)) {
    case 0:
    case 1:
      return CallerEnd::kCancels;
    case 2:
      return CallerEnd::kDrops;
    case 3:
      return CallerEnd::kInTime;
    default:
      return CallerEnd::kInSilence;
  }
}

std::int64_t number(Dice& dice, std::int64_t from, std::int64_t to) {
  return from + static_cast<std::int64_t>(dice.below(static_cast<std::uint64_t>(to - from + 1)));
}

// What the messages of a stream are like.
enum class Sizes : std::uint8_t { kSmall, kMixed, kLarge };

Sizes sizes_of(std::uint64_t seed, Ledger::Nonce nonce) {
  Dice dice = dice_of(seed, nonce, 2);
  const std::uint64_t drawn = dice.below(20);
  return drawn < 11 ? Sizes::kSmall : drawn < 19 ? Sizes::kMixed : Sizes::kLarge;
}

std::size_t size_of(std::uint64_t seed, Ledger::Nonce nonce, const StreamPlan& plan,
                    std::int64_t position) {
  if (plan.size > 0) return plan.size;
  Dice dice = dice_of(seed, nonce, 3 + static_cast<std::uint64_t>(position));
  switch (sizes_of(seed, nonce)) {
    case Sizes::kSmall:
      return dice.percent(20) ? 0 : dice.between(1, 100);
    case Sizes::kMixed:
      return dice.percent(80) ? dice.between(0, 2000) : dice.between(2000, 40'000);
    case Sizes::kLarge:
      break;
  }
  // Mostly longer than any window at first.
  return dice.percent(70) ? dice.between(20'000, 80'000) : dice.between(80'000, 200'000);
}

std::byte fill_of(Ledger::Nonce nonce, std::int64_t position) noexcept {
  return static_cast<std::byte>((nonce * 7 + static_cast<std::uint64_t>(position)) & 0xff);
}

}  // namespace

StreamPlan stream_plan(std::uint64_t seed, Ledger::Nonce nonce) {
  Dice dice = dice_of(seed, nonce, 1);
  StreamPlan plan;
  plan.kind = static_cast<StreamKind>(dice.below(3));
  const Sizes sizes = sizes_of(seed, nonce);
  plan.messages = sizes == Sizes::kLarge ? number(dice, 1, 4)
                  : dice.percent(10)     ? number(dice, 40, 120)
                                         : number(dice, 0, 15);
  plan.handler_end = draw_handler_end(plan.kind, dice);
  plan.handler_stops_at = number(dice, 0, plan.messages);
  if (dice.percent(50)) {
    plan.handler_pace = dice.percent(60) ? dice.between(0ns, 5ms) : dice.between(5ms, 60ms);
  }
  if (dice.percent(30)) plan.repeats = number(dice, 1, 5);

  plan.caller_end = draw_caller_end(plan.handler_end == HandlerEnd::kWaitsForEver, dice);
  // What a handler that waits does not do, nobody waits for.
  const bool waits = plan.handler_end == HandlerEnd::kWaitsForEver;
  plan.caller_stops_at = number(dice, 0, waits ? plan.handler_stops_at : plan.messages);
  if (waits && plan.kind == StreamKind::kSum && dice.percent(50)) {
    plan.drops_reader = true;
    plan.caller_end = CallerEnd::kBehindAll;
  }
  plan.caller_leaves_after = dice.percent(30) ? 0ns : dice.between(0ns, 60ms);
  if (dice.percent(30)) plan.caller_pace = dice.between(0ns, 5ms);
  if (dice.percent(15)) {
    plan.stall = dice.between(10ms, 3s);
    plan.stalls_at = number(dice, 0, std::min<std::int64_t>(plan.messages, 8));
  }
  if (plan.caller_end == CallerEnd::kInSilence) {
    plan.message_timeout = dice.between(5ms, 500ms);
  } else if (dice.percent(8)) {
    plan.message_timeout = dice.between(5ms, 2s);
  }
  return plan;
}

StreamPlan watch_plan(std::uint64_t seed, Ledger::Nonce nonce) {
  StreamPlan plan = stream_plan(seed, nonce);
  Dice dice = dice_of(seed, nonce, 4);
  plan.kind = StreamKind::kCount;
  plan.caller_end = CallerEnd::kStays;
  plan.message_timeout = 0ns;
  plan.handler_end = dice.percent(30)   ? HandlerEnd::kForgets
                     : dice.percent(60) ? HandlerEnd::kAtDrain
                     : dice.percent(50) ? HandlerEnd::kKept
                                        : HandlerEnd::kWell;
  plan.messages = number(dice, 5, 40);
  plan.handler_pace = dice.between(1ms, 40ms);
  plan.stalls_at = std::min(plan.stalls_at, plan.messages);
  return plan;
}

StreamPlan echo_plan(std::size_t size) {
  StreamPlan plan;
  plan.kind = StreamKind::kEcho;
  plan.messages = 1;
  plan.size = size;
  return plan;
}

std::vector<std::byte> stream_load(std::uint64_t seed, Ledger::Nonce nonce, const StreamPlan& plan,
                                   std::int64_t position) {
  return std::vector<std::byte>(size_of(seed, nonce, plan, position), fill_of(nonce, position));
}

bool is_stream_load(std::uint64_t seed, Ledger::Nonce nonce, const StreamPlan& plan,
                    const Item& item) {
  const std::byte fill = fill_of(nonce, item.position);
  return item.load.size() == size_of(seed, nonce, plan, item.position) &&
         std::all_of(item.load.begin(), item.load.end(), [fill](std::byte b) { return b == fill; });
}

}  // namespace tern::sim
