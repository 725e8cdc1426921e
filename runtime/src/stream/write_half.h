// The direction of a stream in which its program writes, or in which a handler's reply leaves.
#pragma once

#include <cstddef>
#include <cstdint>

#include "stream/send_side.h"
#include "stream/waiter.h"
#include "tern/buffer.h"
#include "tern/codec.h"
#include "tern/status.h"
#include "wire/frame.h"

namespace tern::stream {

class Stream;

// No I/O and no lock: a Stream keeps it under its own.
class WriteHalf {
 public:
  // With messages, or with nothing but an end.
  enum class Has : std::uint8_t { kMessages, kEndOnly };
  explicit WriteHalf(Has has) noexcept
      : phase_(has == Has::kMessages ? Phase::kOpen : Phase::kEnded) {}

  // --- The program's side ---

  bool open() const noexcept { return phase_ == Phase::kOpen; }
  bool has_room() const noexcept { return send_.has_room(); }
  // Queues a message: in send(), or where it is looked at before that. A failure is to end the
  // stream. Throws std::bad_alloc.
  Status push(const Codec& codec, const TypeOps& type, const void* message, MessageQueue& queue);
  // No more messages: the end is to be written. Of no effect unless open().
  void close() noexcept {
    if (open()) phase_ = Phase::kClosed;
  }
  // Nothing is queued and all has been written.
  bool flushed() const noexcept { return send_.empty() && flushed_; }

  // --- The connection's side ---

  // The program has closed it, and no end is there yet.
  bool closed() const noexcept { return phase_ == Phase::kClosed; }
  SendSide& send() noexcept { return send_; }
  const SendSide& send() const noexcept { return send_; }
  // Where the frame is put that leaves behind all messages and ends this side. Followed by
  // set_end().
  Buffer& begin_end() noexcept { return end_; }
  void set_end() noexcept { phase_ = Phase::kEnding; }
  bool can_send() const noexcept {
    return send_.can_send() || (send_.empty() && phase_ == Phase::kEnding);
  }

  enum class Fill : std::uint8_t {
    kMore,     // more could leave now
    kWaits,    // for the program or for credit
    kComplete  // all has left, with the end of this side
  };
  // Appends one piece.
  using WritePiece = void (*)(void* context, const wire::StreamPiece& piece, Buffer& out);
  using WriteEnd = void (*)(void* context, Stream& stream, ByteView end, Buffer& out);
  struct Target {
    std::size_t most;  // what may be appended, about
    Buffer& out;
    WritePiece write;
    WriteEnd write_end;
    void* context;
  };
  // Appends pieces until that is enough, or nothing more may leave. Throws std::bad_alloc; what has
  // been appended counts.
  Fill fill(Stream& stream, std::uint64_t id, const Target& target);
  void set_flushed() noexcept { flushed_ = true; }

  // What has not left is lost.
  void drop() noexcept { send_.clear(); }
  // The stream has its outcome.
  void end() noexcept {
    phase_ = Phase::kEnded;
    drop();
    end_.release();
  }

  Waiter& waiter() noexcept { return waiter_; }
  const Waiter& waiter() const noexcept { return waiter_; }
  std::uint64_t messages() const noexcept { return messages_; }
  std::uint64_t bytes() const noexcept { return bytes_; }

 private:
  enum class Phase : std::uint8_t {
    kOpen,
    kClosed,  // by the program: the end is to be written
    kEnding,  // behind what is queued; it is in end_
    kEnded    // nothing is written any more
  };

  SendSide send_;
  Buffer end_;
  Waiter waiter_;
  std::uint64_t messages_ = 0;  // queued
  std::uint64_t bytes_ = 0;     // left
  Phase phase_;
  bool flushed_ = true;  // nothing that was filled waits to be written
};

}  // namespace tern::stream
