// The direction of a stream in which its program reads.
#pragma once

#include <cstdint>
#include <memory>
#include <utility>

#include "stream/message_queue.h"
#include "stream/receive_side.h"
#include "stream/waiter.h"
#include "tern/codec.h"
#include "tern/status.h"
#include "wire/frame.h"

namespace tern::stream {

// What has come is handed to the reader many messages at a time, so that most reads need no lock.
// Threads: what says "the reader's" is for the one thread that reads, without the lock; the rest
// is under the Stream's.
class ReadHalf {
 public:
  ReadHalf(const ReceiveSide::Limits& limits, const DecodeLimits& decode) : decode_(decode) {
    receive_.open(limits);
  }

  // --- The reader's ---

  const DecodeLimits& decode_limits() const noexcept { return decode_; }
  bool has_taken() const noexcept { return !taken_.empty(); }
  // Only if has_taken(). Good until pop().
  ByteView front() const noexcept { return taken_.front(); }
  // It is decoded. True once so much is that the other side should hear of it: see settle().
  bool pop() noexcept {
    consumed_ += stream_cost(taken_.front().size());
    taken_.pop();
    return consumed_ >= kToldCost;
  }
  void drop_taken() noexcept { taken_.release(); }
  // Nothing is decoded that the other side has not heard of.
  bool settled() const noexcept { return consumed_ == 0; }

  // --- The reader's, under the lock, too ---

  // What the reader has decoded since becomes room for more.
  void settle() noexcept { receive_.consumed(std::exchange(consumed_, 0)); }
  // Takes over what has come. False if that is nothing. Only if not has_taken().
  bool take_over() noexcept;
  // It reads no more: what is here is forgotten, and so is what comes.
  void discard() noexcept;

  // --- Under the lock ---

  // Neither the peer nor the program has ended it.
  bool open() const noexcept { return phase_ == Phase::kOpen; }
  bool ended() const noexcept { return phase_ == Phase::kEnded; }
  bool has_come() const noexcept { return !receive_.complete().empty(); }
  // Whether a reader that has taken all would find a message or the end.
  bool readable() const noexcept { return has_come() || !open(); }

  // A chunk of a message has come. A failure is to end the stream.
  Status add(const wire::Frame& frame) { return add(frame, receive_.complete()); }
  // The same, for who looks at a message first: if this is the last chunk, `into` gets it, and
  // add_told() brings it back.
  Status add(const wire::Frame& frame, MessageQueue& into);
  // Throws std::bad_alloc. Not of an empty queue.
  void add_told(const MessageQueue& message);
  // The peer ends its side: no more messages come. Likewise.
  Status end_by_peer();
  // The stream has its outcome: no more comes, and the budget is given back.
  void close(ReceiveBudget& budget) noexcept {
    phase_ = Phase::kEnded;
    receive_.close(budget);
  }
  // What has come and was not taken over is lost.
  void drop_come() noexcept { receive_.complete().release(); }

  ReceiveSide& receive() noexcept { return receive_; }
  const ReceiveSide& receive() const noexcept { return receive_; }
  Waiter& waiter() noexcept { return waiter_; }
  const Waiter& waiter() const noexcept { return waiter_; }
  std::uint64_t messages() const noexcept { return messages_; }
  std::uint64_t bytes() const noexcept { return bytes_; }

 private:
  enum class Phase : std::uint8_t {
    kOpen,
    kDiscarding,  // the program has let go of it
    kEnded        // by the peer, or with the stream
  };
  // The reader tells what it has taken once that is as much: a quarter of the common window.
  static constexpr std::uint64_t kToldCost = 16 * 1024;

  // The reader's: what it has taken over and not decoded yet, and the cost of what it has decoded
  // since settle().
  MessageQueue taken_;
  std::uint64_t consumed_ = 0;
  const DecodeLimits decode_;

  ReceiveSide receive_;
  Waiter waiter_;
  std::uint64_t messages_ = 0;  // taken over
  std::uint64_t bytes_ = 0;     // come
  Phase phase_ = Phase::kOpen;
};

}  // namespace tern::stream
