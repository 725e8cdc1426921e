// What waits to be sent on a connection, and in which order it leaves.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <list>
#include <map>

#include "base/message_cutter.h"
#include "net/loop.h"
#include "tern/buffer.h"

namespace tern::net {

// Bytes that stay where they are until it is their turn to leave, such as the messages of streams.
// Threads: the loop's.
class TurnSource {
 public:
  virtual bool can_take() const noexcept = 0;
  // Appends what one turn lets through, about 16 KiB; nothing if there is none after all, and then
  // can_take() says so. Only if can_take(). Throws std::bad_alloc.
  virtual void take(Buffer& out) = 0;

 protected:
  ~TurnSource() = default;
};

// Control messages leave first; then short messages, in their order; then, in turn, a chunk of a
// long one, of each call in its turn, and what the source has. The connection is given a part at a
// time, so that what is written meanwhile can still leave before the rest. At least one such turn
// is in each part, so that short messages without end keep no long one for ever. Messages of one
// call keep their order. Without a cutter every message leaves whole, and all in their order.
//
// A short message is encoded where it leaves from. Copied are only: chunks; little that leaves in
// one part with control messages; and, where a long message was encoded behind short ones, the
// shorter of the two.
// Threads: the loop's.
class Outbox {
 public:
  explicit Outbox(Loop& loop) noexcept : loop_(loop) {}
  Outbox(const Outbox&) = delete;
  Outbox& operator=(const Outbox&) = delete;

  // Before the first message. The cutter outlives this; null: there is none.
  void set_cutter(base::MessageCutter* cutter) noexcept;
  // It outlives this, or null is set before. What it has does not count in size().
  void set_source(TurnSource* source) noexcept { source_ = source; }

  // --- Writing ---

  // Where the next message is appended. end_message() follows, unless it is of no call and short.
  Buffer& messages() noexcept {
    if (whole_.capacity() == 0) whole_ = loop_.take_buffer(last_size_);
    return whole_;
  }
  // The message of `call` that begins at `start` of messages() is complete. Throws std::bad_alloc;
  // then it is where it was, and must be taken back.
  void end_message(std::uint64_t call, std::size_t start) {
    if (whole_.size() > unsorted_) sort(call, start);
  }
  // Where a message is appended that leaves before those of calls.
  Buffer& control() noexcept { return control_; }

  // --- The messages of one call ---

  // Removes the messages of which nothing has left, but for short ones. How many bytes they had.
  std::size_t drop(std::uint64_t call) noexcept;

  // --- Sending ---

  // Bytes that are here.
  std::size_t size() const noexcept { return whole_.size() + control_.size() + aside_bytes_; }

  // Moves the next part of what may leave into `out`, which is empty and has no memory. It stays
  // empty if nothing may. Throws std::bad_alloc.
  void take(Buffer& out) {
    if (control_.empty() && aside_bytes_ == 0 && !source_has_turn()) {
      take_whole(out);
    } else {
      take_in_order(out);
    }
  }
  // Forgets everything and gives the memory back.
  void clear() noexcept;

 private:
  struct Message {
    Buffer bytes;
    std::size_t start = 0;  // where it begins in `bytes`
    std::size_t taken = 0;  // of it, by its chunks so far
    ByteView view() const noexcept { return bytes.view().subspan(start); }
    std::size_t size() const noexcept { return bytes.size() - start; }
    std::size_t left() const noexcept { return size() - taken; }
  };
  enum class State : std::uint8_t {
    kWaiting,  // for room among those that have begun
    kBegun     // its first message leaves, in chunks
  };
  // The messages of one call that did not leave at once.
  struct Line {
    std::uint64_t call = 0;
    State state = State::kWaiting;
    // Of the buffers of short messages: how many leave before it, since one of the call's own may
    // be in them.
    std::uint64_t behind = 0;
    std::list<Message> messages;  // in their order; not empty
    std::size_t left() const noexcept;
  };
  using Lines = std::list<Line>;

  void take_whole(Buffer& out) noexcept;
  void take_in_order(Buffer& out);
  bool take_next_whole(Buffer& out);
  bool take_turn(Buffer& out);
  bool take_chunk(Buffer& out);
  bool source_has_turn() const noexcept { return source_ && source_->can_take(); }
  void make_room(Buffer& out);
  void begin_messages() noexcept;
  bool may_begin(const Line& line) const noexcept;
  void sort(std::uint64_t call, std::size_t start);
  Message cut_off(std::size_t start);
  Lines::iterator add_line(std::uint64_t call, std::size_t start);
  void begin(Lines::iterator line) noexcept;
  void forget_first(Lines::iterator line) noexcept;
  void forget(Lines::iterator line) noexcept;
  void set_unsorted() noexcept;
  Lines& list(State state) noexcept { return lines_[static_cast<std::size_t>(state)]; }

  static constexpr std::size_t kAll = std::numeric_limits<std::size_t>::max();

  Loop& loop_;
  base::MessageCutter* cutter_ = nullptr;
  base::MessageCutter::Rules rules_;
  TurnSource* source_ = nullptr;
  bool source_is_next_ = false;  // a long message had the last turn

  Buffer whole_;               // short messages, those that were written last
  std::size_t last_size_ = 0;  // of whole_ when it left last: the next one may be as long
  Buffer control_;
  std::list<Buffer> full_;      // short messages before those in whole_
  std::array<Lines, 2> lines_;  // by their states; each in the order of their turns
  std::map<std::uint64_t, Lines::iterator> places_;  // by their calls, whose ids a peer chooses

  std::uint64_t wholes_taken_ = 0;  // buffers of short messages, those of full_ and whole_
  std::size_t unsorted_ = kAll;     // sort() looks at whole_ when it is longer
  std::size_t aside_bytes_ = 0;     // in full_ and lines_
  std::size_t begun_ = 0;           // messages
  std::size_t begun_bytes_ = 0;     // theirs, with what has left
};

}  // namespace tern::net
