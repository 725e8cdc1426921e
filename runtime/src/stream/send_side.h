// What one side of a stream sends: its messages, in the order and at the pace of its peer's window.
#pragma once

#include <cstddef>
#include <cstdint>

#include "stream/message_queue.h"
#include "tern/buffer.h"
#include "tern/status.h"

namespace tern::stream {

// No I/O and no lock: a Stream keeps it under its own.
class SendSide {
 public:
  // So much is queued at most, and one message more: a window of the common size.
  static constexpr std::uint64_t kQueuedCost = 64 * 1024;
  // A grant beyond this is refused: no receiver means it.
  static constexpr std::uint64_t kMostCredit = std::uint64_t{1} << 62;

  // A part of a message, or all of it.
  struct Piece {
    ByteView bytes;
    std::uint64_t whole = 0;  // the message's length
    bool first = false;
    bool last = false;
  };

  // What the peer takes before it grants more. `message_cost`: what a message takes of it beside
  // its bytes.
  void open(std::uint64_t first_window, std::uint8_t message_cost = kMessageCost) noexcept {
    credit_ = first_window;
    message_cost_ = message_cost;
  }

  // --- The program's side ---

  // Whether one more message may be queued.
  bool has_room() const noexcept { return queue_.cost() + untold_ < kQueuedCost; }
  MessageQueue& queue() noexcept { return queue_; }
  // Of a stream that is watched: the cost of messages that were written and are not in queue() yet.
  void set_untold(std::uint64_t cost) noexcept { untold_ = cost; }
  // Nothing is queued, and nothing is on its way: the last piece has been taken.
  bool empty() const noexcept { return queue_.empty() && untold_ == 0; }

  // --- The connection's side ---

  // The peer takes so many bytes more. False if no receiver can mean that: an overflow.
  bool grant(std::uint64_t bytes) noexcept {
    if (bytes > kMostCredit - credit_) return false;
    credit_ += bytes;
    return true;
  }
  // Whether next() would give a piece.
  bool can_send() const noexcept {
    return !queue_.empty() &&
           (taken_ > 0 ? credit_ > 0 : credit_ > message_cost_ || starts_empty());
  }
  // The next piece, of at most `most` bytes. Only if can_send(). Followed by take().
  Piece next(std::size_t most) const noexcept;
  void take(const Piece& piece) noexcept;
  std::uint64_t credit() const noexcept { return credit_; }
  std::uint64_t queued_cost() const noexcept { return queue_.cost() - taken_; }
  void clear() noexcept {
    queue_.release();
    taken_ = 0;
    untold_ = 0;
  }
  // Memory that nothing is in goes back.
  void trim() noexcept {
    if (queue_.empty()) queue_.release();
  }

 private:
  bool starts_empty() const noexcept { return credit_ == message_cost_ && queue_.front().empty(); }

  MessageQueue queue_;
  std::uint64_t credit_ = 0;
  std::uint64_t untold_ = 0;
  std::size_t taken_ = 0;  // bytes of the first message that have left
  std::uint8_t message_cost_ = kMessageCost;
};

}  // namespace tern::stream
