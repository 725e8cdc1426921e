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

// Control messages leave first; then short messages, in their order; then the chunks of long ones,
// of each call in its turn. The connection is given a part at a time, so that what is written
// meanwhile can still leave before the rest. At least one chunk is in each part, so that no stream
// of short messages keeps a long one for ever. Messages of one call keep their order. Without a
// cutter every message leaves whole, and all in their order.
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

  // --- Writing ---

  // Where the next message is appended. end_message() follows, unless it is of no call and short.
  Buffer& messages() noexcept {
    if (whole_.capacity() == 0) whole_ = loop_.take_buffer();
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

  // Holds back what of the call is still here, and what is written for it, until release(). Short
  // messages from before are on their way. Nothing else waits for that, but for a place among the
  // messages that have begun, if the held one has one. Throws std::bad_alloc.
  void hold(std::uint64_t call);
  void release(std::uint64_t call) noexcept;
  // Ends a hold, and removes the messages of which nothing has left, but for short ones that were
  // not held. How many bytes they had.
  std::size_t drop(std::uint64_t call) noexcept;

  // --- Sending ---

  // Bytes that are here; and those of them that hold() keeps here.
  std::size_t size() const noexcept { return whole_.size() + control_.size() + aside_bytes_; }
  std::size_t held() const noexcept { return held_bytes_; }

  // Moves the next part of what may leave into `out`, which is empty and has no memory. It stays
  // empty if nothing may. Throws std::bad_alloc.
  void take(Buffer& out) {
    if (control_.empty() && aside_bytes_ == held_bytes_) {
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
    kBegun,    // its first message leaves, in chunks
    kHeld
  };
  // The messages of one call that did not leave at once.
  struct Line {
    std::uint64_t call = 0;
    State state = State::kWaiting;
    // Of the buffers of short messages: how many leave before it, since one of the call's own may
    // be in them.
    std::uint64_t behind = 0;
    std::list<Message> messages;  // in their order; empty only if it is held
    std::size_t left() const noexcept;
  };
  using Lines = std::list<Line>;

  void take_whole(Buffer& out) noexcept;
  void take_in_order(Buffer& out);
  bool take_next_whole(Buffer& out);
  bool take_chunk(Buffer& out);
  void begin_messages() noexcept;
  bool may_begin(const Line& line) const noexcept;
  void sort(std::uint64_t call, std::size_t start);
  Message cut_off(std::size_t start);
  Lines::iterator add_line(std::uint64_t call, State state, std::size_t start);
  // Where a line changes its state, but for what forget_first() does to one that has more.
  void enter(Lines::iterator line, State next) noexcept;
  void forget_first(Lines::iterator line) noexcept;
  void forget(Lines::iterator line) noexcept;
  void set_unsorted() noexcept;
  bool counts_as_begun(const Line& line) const noexcept;
  Lines& list(State state) noexcept { return lines_[static_cast<std::size_t>(state)]; }

  static constexpr std::size_t kAll = std::numeric_limits<std::size_t>::max();

  Loop& loop_;
  base::MessageCutter* cutter_ = nullptr;
  base::MessageCutter::Rules rules_;

  Buffer whole_;  // short messages, those that were written last
  Buffer control_;
  std::list<Buffer> full_;      // short messages before those in whole_
  std::array<Lines, 3> lines_;  // by their states; each in the order of their turns
  std::map<std::uint64_t, Lines::iterator> places_;  // by their calls, whose ids a peer chooses

  std::uint64_t wholes_taken_ = 0;  // buffers of short messages, those of full_ and whole_
  std::size_t unsorted_ = kAll;     // sort() looks at whole_ when it is longer
  std::size_t aside_bytes_ = 0;     // in full_ and lines_
  std::size_t held_bytes_ = 0;      // of those, in lines that are held
  std::size_t begun_ = 0;           // messages
  std::size_t begun_bytes_ = 0;     // theirs, with what has left
};

}  // namespace tern::net
