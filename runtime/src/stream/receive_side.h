// What one side of a stream receives: chunks become messages, and the peer is granted what the
// program has taken.
#pragma once

#include <cstddef>
#include <cstdint>

#include "stream/message_queue.h"
#include "stream/receive_budget.h"
#include "tern/buffer.h"
#include "tern/clock.h"
#include "tern/status.h"

namespace tern::stream {

// The peer's window is what it was granted and has not used. With what has come and was not taken,
// that is at most `window`; and so much more that the rest of a longer message, of which the first
// chunk is here, can come. What is beyond the first window is taken from the connection's budget.
// `window` doubles when two thirds of it are used within the shortest round trip of the connection:
// a longer way needs more on it. How long that is a ping says, a probe, which only a stream that
// uses its window wants; how much comes is counted from one probe to the next, since what a window
// lets come can all be just behind the answer. The window goes on doubling only while more comes in
// a second than with the window before: else what limits the stream is not the window, and a larger
// one would be a longer queue, in which replies wait.
// `window` halves, down to a chunk, when the round trip has a queue in it and a quarter of it would
// do: so that replies wait less.
// A peer without credit is to be read from as long as less than a window is unread.
// No I/O and no lock: a Stream keeps it under its own. What concerns the budget on the loop's
// thread.
class ReceiveSide {
 public:
  struct Limits {
    std::uint64_t first_window = 64 * 1024;
    std::uint64_t message_bytes = 4 * 1024 * 1024;
    std::uint64_t most_window = 1024 * 1024;
  };

  void open(const Limits& limits) noexcept {
    limits_ = limits;
    window_ = granted_ = limits.first_window;
  }

  // The peer was told another first window. Before anything comes.
  void set_first_window(std::uint64_t window) noexcept {
    limits_.first_window = window_ = granted_ = window;
  }
  // What a message takes of the window that the peer was granted, beside its bytes; what keeping it
  // takes is another matter. Before anything comes.
  void set_message_cost(std::uint8_t cost) noexcept { message_cost_ = cost; }
  // So much of each message does not count in Limits::message_bytes.
  void add_message_envelope(std::uint8_t bytes) noexcept { limits_.message_bytes += bytes; }
  // The peer is granted nothing and sends what it likes: see over_window(). Before anything comes.
  void open_without_credit() noexcept { by_credit_ = false; }

  // --- The connection's side ---

  // A chunk has come. `whole` counts for a first one. A failure is the peer's fault, but for
  // kResourceExhausted: a message over the limit. Then the stream is to end. Throws std::bad_alloc.
  Status add(bool first, std::uint64_t whole, bool continues, ByteView bytes) {
    return add(first, whole, continues, bytes, complete_);
  }
  // The same, for who looks at a message before it is put into complete(): if this is the last
  // chunk, `into` gets it.
  Status add(bool first, std::uint64_t whole, bool continues, ByteView bytes, MessageQueue& into);
  // Between the chunks of a message.
  bool in_message() const noexcept { return in_message_; }
  MessageQueue& complete() noexcept { return complete_; }
  const MessageQueue& complete() const noexcept { return complete_; }

  // How much the peer is to be granted now; it counts as granted. 0: nothing, or the budget has no
  // room for what an incomplete message needs: then starved().
  std::uint64_t take_grant(ReceiveBudget& budget) noexcept;
  bool starved() const noexcept { return starved_; }

  // Whether the next probe should begin: enough has come since the last one began.
  bool wants_probe() const noexcept { return by_credit_ && since_probe_ >= worth(); }
  // A probe begins. The one before began `since` ago, more than 0, and `took` so long.
  void begin_probe(Clock::Duration since, Clock::Duration took, Clock::Duration shortest) noexcept;
  // It is the first one.
  void begin_first_probe() noexcept { since_probe_ = 0; }

  // Without credit: as much as the window is unread. It ends when half of that has been taken.
  bool over_window() const noexcept { return over_window_; }
  // Nothing more will come or be taken: all memory and budget is given back.
  void close(ReceiveBudget& budget) noexcept;

  // --- The program's side ---

  // A message that was taken out of complete() is done with.
  void consumed(std::uint64_t cost) noexcept { unread_ -= cost; }
  // Whether the peer should be granted more now: a quarter of the window has become free, or the
  // rest of a message is awaited.
  // Without credit: the connection should be read from again.
  bool owes_grant() const noexcept {
    if (!by_credit_) return over_window_ && unread_ <= window_ / 2;
    return owed() >= window_ / 4 || missing() > 0;
  }

  std::uint64_t granted() const noexcept { return granted_; }
  std::uint64_t unread() const noexcept { return unread_; }
  std::uint64_t window() const noexcept { return window_; }

 private:
  // So much of a window is its use.
  std::uint64_t worth() const noexcept { return window_ / 3 * 2; }
  // What the window has room for.
  std::uint64_t owed() const noexcept {
    const std::uint64_t used = granted_ + unread_;
    return used < window_ ? window_ - used : 0;
  }
  // What the rest of the message that is coming needs beyond what is granted.
  std::uint64_t missing() const noexcept {
    return in_message_ && rest_ > granted_ ? rest_ - granted_ : 0;
  }
  std::uint64_t beyond_first() const noexcept {
    const std::uint64_t used = granted_ + unread_;
    return used > limits_.first_window ? used - limits_.first_window : 0;
  }

  Limits limits_;
  MessageQueue complete_;
  Buffer partial_;          // the chunks of the message that is coming
  std::uint64_t rest_ = 0;  // of it: bytes that are still to come
  std::uint64_t window_ = 0;
  std::uint64_t granted_ = 0;      // and not used by the peer
  std::uint64_t unread_ = 0;       // what came and the program has not taken, at its cost
  std::uint64_t budgeted_ = 0;     // of the budget
  std::uint64_t since_probe_ = 0;  // what came since the last probe began
  double rate_ = 0;                // bytes a second when the window last doubled
  std::uint8_t message_cost_ = kMessageCost;
  bool in_message_ = false;
  bool starved_ = false;
  bool by_credit_ = true;
  bool over_window_ = false;
};

}  // namespace tern::stream
