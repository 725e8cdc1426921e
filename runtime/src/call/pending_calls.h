// The calls of one session that wait for a reply, and their deadlines.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <memory>
#include <vector>

#include "base/timer_queue.h"
#include "call/started_call.h"
#include "net/loop.h"

namespace tern::call {

// The one who takes a call out ends it; nobody else can. Ids are never used twice, so that the
// reply of a call that has ended is not given to another one. They come in any order: a call that
// has waited for the connection is older than those before it.
// Threads: any, one at a time: a RequestQueue keeps them. take(), take_all() and start_deadlines()
// on the loop's thread: timers are its own.
class PendingCalls {
 public:
  struct Call {
    StartedCall started;
    // Of all bytes that are sent: where the server can have read enough of its request to act.
    // kNotYet: a part of it has not left the queue.
    std::uint64_t request_end = 0;
    std::uint64_t place = 0;  // among all that were sent, from 1
  };

  static constexpr std::uint64_t kNotYet = std::numeric_limits<std::uint64_t>::max();

  // `on_deadline(id)` runs on the loop's thread, without the lock, when a call's time is up. The
  // call is still in; it may have been taken when the lock is held.
  PendingCalls(Loop& loop, std::function<void(std::uint64_t)> on_deadline);
  PendingCalls(const PendingCalls&) = delete;
  PendingCalls& operator=(const PendingCalls&) = delete;
  ~PendingCalls();

  // Makes room for one more, so that the next insert() cannot fail.
  void reserve();
  void insert(std::uint64_t id, StartedCall&& started, std::uint64_t request_end) noexcept;
  // The rest of the request has left the queue. Of no effect on a call that is not in.
  void set_request_end(std::uint64_t id, std::uint64_t request_end, Clock::TimePoint now) noexcept;
  // Starts to watch the deadlines of the calls that came in since.
  void start_deadlines();
  // Tells the attempts that came in since that they are written.
  void tell_written(Clock::TimePoint now) noexcept;

  // Moves the call out. False if it is not there: answered, expired, cancelled or never sent.
  bool take(std::uint64_t id, Call& taken) noexcept;
  // Moves out all, in the order of their ids.
  std::vector<Call> take_all();

  bool has(std::uint64_t id) noexcept { return find(id) != nullptr; }
  // Who waits for it; null if it is not in.
  CallState* look_up(std::uint64_t id) noexcept;
  const CallState* look_up(std::uint64_t id) const noexcept {
    return const_cast<PendingCalls*>(this)->look_up(id);
  }
  // Whether a call of this id can have been in: none was of an id beyond those that were.
  bool given_out(std::uint64_t id) const noexcept { return id >= first_ && id <= last_; }
  std::size_t size() const noexcept { return size_; }
  // At most how many are in that were sent after the one at `place`.
  std::size_t sent_after(std::uint64_t place) const noexcept {
    return std::min<std::uint64_t>(sent_ - place, size_);
  }
  // How many deadlines are watched.
  std::size_t timers() const noexcept { return timers_; }
  bool has_unwatched() const noexcept { return !unwatched_.empty(); }
  bool has_unwritten() const noexcept { return !unwritten_.empty(); }

 private:
  struct Entry;
  // Open addressing, at most half full; id 0 marks a free place.
  struct Slot {
    std::uint64_t id = 0;
    Entry* entry = nullptr;
  };
  // Of the entry only if it is still of this id.
  struct EntryRef {
    Entry* entry;
    std::uint64_t id;
  };

  std::size_t home(std::uint64_t id) const noexcept;
  Slot* find(std::uint64_t id) noexcept;
  void place(Slot slot) noexcept;
  void erase(Slot* slot) noexcept;
  void move_out(Entry& entry, Call& taken) noexcept;
  void grow_table();
  void grow_entries();
  static void reserve_one(std::vector<EntryRef>& calls);

  Loop& loop_;
  std::function<void(std::uint64_t)> on_deadline_;
  std::vector<Slot> slots_;
  unsigned shift_ = 0;  // 64 minus the logarithm of the number of slots
  std::size_t size_ = 0;
  std::size_t timers_ = 0;
  std::uint64_t sent_ = 0;                                           // ever
  std::uint64_t first_ = std::numeric_limits<std::uint64_t>::max();  // of the ids that were in
  std::uint64_t last_ = 0;
  std::vector<std::unique_ptr<Entry[]>> chunks_;  // entries stay where they are
  Entry* free_ = nullptr;
  std::vector<EntryRef> unwatched_;  // with a deadline
  std::vector<EntryRef> unwritten_;  // with an attempt
};

}  // namespace tern::call
