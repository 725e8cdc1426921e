#include "stream/receive_side.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <utility>

namespace tern::stream {

namespace {

// A window that is twice as large should bring twice as much; if it does not bring so much more,
// it is not what was missing.
constexpr double kWorthIt = 1.5;
// A round trip that is so many times the shortest has a queue in it.
constexpr int kQueued = 4;
// No window becomes smaller than a chunk. Eight KiB halve the time that a reply waits once more,
// and cost a quarter of the messages a second.
constexpr std::uint64_t kLeastWindow = 16 * 1024;

}  // namespace

Status ReceiveSide::add(bool first, std::uint64_t whole, bool continues, ByteView bytes,
                        MessageQueue& into) {
  if (first == in_message_) {
    return Status(Code::kInternal,
                  first ? fmt::format("a message began although {} bytes of the one before are "
                                      "still to come",
                                      rest_)
                        : std::string("a chunk came although no message has begun"));
  }
  const std::uint64_t cost = bytes.size() + (first ? message_cost_ : 0);
  if (by_credit_ && cost > granted_) {
    return Status(Code::kInternal,
                  fmt::format("a chunk that costs {} bytes of the window came; {} are left of what "
                              "was granted",
                              cost, granted_));
  }
  const std::uint64_t rest = first ? whole : rest_;
  if (bytes.size() > rest || (bytes.size() == rest) == continues) {
    return Status(Code::kInternal,
                  fmt::format("a {} chunk of {} bytes came; {} bytes of the message are to come",
                              continues ? "continued" : "last", bytes.size(), rest));
  }
  if (first && whole > limits_.message_bytes) {
    return Status(Code::kResourceExhausted,
                  fmt::format("a message of {} bytes; the limit is {} (Limits::message_bytes)",
                              whole, limits_.message_bytes));
  }
  if (first && !continues) {
    into.push(bytes);
  } else {
    partial_.append(bytes);
    if (!continues) {
      into.push(partial_.view());
      partial_.release();
    }
  }
  since_probe_ += cost;
  unread_ += bytes.size() + (first ? kMessageCost : 0);
  if (by_credit_) {
    granted_ -= cost;
  } else if (!continues && unread_ >= window_) {
    over_window_ = true;
  }
  rest_ = rest - bytes.size();
  in_message_ = continues;
  return {};
}

std::uint64_t ReceiveSide::take_grant(ReceiveBudget& budget) noexcept {
  if (!by_credit_) {
    if (owes_grant()) over_window_ = false;
    return 0;
  }
  // What was taken beyond the first window and is free again.
  const std::uint64_t beyond = beyond_first();
  if (budgeted_ > beyond) {
    budget.give_back(budgeted_ - beyond);
    budgeted_ = beyond;
  }
  std::uint64_t grant = owed() >= window_ / 4 ? owed() : 0;
  grant = std::max(grant, missing());
  const std::uint64_t used = granted_ + unread_ + grant;
  const std::uint64_t needs =
      used > limits_.first_window + budgeted_ ? used - limits_.first_window - budgeted_ : 0;
  const std::uint64_t bought = std::min(needs, budget.left());
  grant -= std::min(grant, needs - bought);
  // A window that cannot grow for now is no misfortune; a message that cannot come is.
  starved_ = missing() > grant;
  if (grant == 0) return 0;
  budget.take(bought);
  budgeted_ += bought;
  granted_ += grant;
  return grant;
}

void ReceiveSide::begin_probe(Clock::Duration since, Clock::Duration took,
                              Clock::Duration shortest) noexcept {
  using Seconds = std::chrono::duration<double>;
  const std::uint64_t came = std::exchange(since_probe_, 0);
  const double rate = static_cast<double>(came) / Seconds(since).count();
  const double in_shortest = rate * Seconds(shortest).count();
  if (in_shortest >= static_cast<double>(worth()) && rate > kWorthIt * rate_) {
    window_ = std::min(2 * window_, std::max(limits_.most_window, window_));
    rate_ = rate;
  } else if (took > kQueued * shortest && came >= worth() &&
             in_shortest < static_cast<double>(window_ / 4)) {
    window_ = std::max(window_ / 2, std::min(kLeastWindow, window_));
    rate_ = 0;
  }
}

void ReceiveSide::close(ReceiveBudget& budget) noexcept {
  budget.give_back(budgeted_);
  budgeted_ = 0;
  granted_ = 0;
  starved_ = false;
  over_window_ = false;
  in_message_ = false;
  rest_ = 0;
  partial_.release();
}

}  // namespace tern::stream
