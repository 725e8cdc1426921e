#include "call/pending_calls.h"

#include <algorithm>
#include <utility>

namespace tern::call {

namespace {

constexpr std::size_t kFirstSlots = 32;
constexpr unsigned kFirstShift = 64 - 5;
constexpr std::size_t kChunk = 16;

}  // namespace

struct PendingCalls::Entry {
  std::uint64_t id = 0;
  std::uint64_t request_end = 0;
  std::uint64_t sent = 0;
  StartedCall started;
  bool watched = false;
  base::Timer deadline;
  Entry* next_free = nullptr;
};

PendingCalls::PendingCalls(Loop& loop, std::function<void(std::uint64_t)> on_deadline)
    : loop_(loop), on_deadline_(std::move(on_deadline)) {}

PendingCalls::~PendingCalls() = default;

void PendingCalls::reserve() {
  if (free_ == nullptr) grow_entries();
  if (2 * (size_ + 1) > slots_.size()) grow_table();
  if (unwatched_.size() == unwatched_.capacity()) reserve_one(unwatched_);
  if (unwritten_.size() == unwritten_.capacity()) reserve_one(unwritten_);
}

void PendingCalls::reserve_one(std::vector<EntryRef>& calls) {
  calls.reserve(std::max(kChunk, 2 * calls.size()));
}

void PendingCalls::insert(std::uint64_t id, StartedCall&& started,
                          std::uint64_t request_end) noexcept {
  Entry* entry = std::exchange(free_, free_->next_free);
  entry->id = id;
  entry->request_end = request_end;
  entry->sent = ++sent_;
  entry->started = std::move(started);
  place({id, entry});
  ++size_;
  first_ = std::min(first_, id);
  last_ = std::max(last_, id);
  if (entry->started.has_deadline()) unwatched_.push_back({entry, id});
  if (entry->started.attempt && request_end != kNotYet) unwritten_.push_back({entry, id});
}

void PendingCalls::set_request_end(std::uint64_t id, std::uint64_t request_end,
                                   Clock::TimePoint now) noexcept {
  Slot* slot = find(id);
  if (slot == nullptr) return;
  slot->entry->request_end = request_end;
  if (slot->entry->started.attempt) slot->entry->started.attempt->on_written(now);
}

CallState* PendingCalls::look_up(std::uint64_t id) noexcept {
  Slot* slot = find(id);
  return slot ? slot->entry->started.call.get() : nullptr;
}

void PendingCalls::start_deadlines() {
  for (const EntryRef& unwatched : unwatched_) {
    Entry& entry = *unwatched.entry;
    if (entry.id != unwatched.id) continue;  // answered before anybody looked at the clock
    loop_.start_timer(entry.deadline, entry.started.deadline);
    entry.watched = true;
    ++timers_;
  }
  unwatched_.clear();
}

void PendingCalls::tell_written(Clock::TimePoint now) noexcept {
  for (const EntryRef& written : unwritten_) {
    if (written.entry->id == written.id) written.entry->started.attempt->on_written(now);
  }
  unwritten_.clear();
}

bool PendingCalls::take(std::uint64_t id, Call& taken) noexcept {
  Slot* slot = find(id);
  if (slot == nullptr) return false;
  Entry& entry = *slot->entry;
  erase(slot);
  move_out(entry, taken);
  return true;
}

std::vector<PendingCalls::Call> PendingCalls::take_all() {
  std::vector<Slot> full;
  full.reserve(size_);
  for (const Slot& slot : slots_) {
    if (slot.id != 0) full.push_back(slot);
  }
  std::sort(full.begin(), full.end(), [](const Slot& a, const Slot& b) { return a.id < b.id; });
  std::vector<Call> all(full.size());
  for (std::size_t i = 0; i < full.size(); ++i) move_out(*full[i].entry, all[i]);
  std::fill(slots_.begin(), slots_.end(), Slot());
  return all;
}

void PendingCalls::move_out(Entry& entry, Call& taken) noexcept {
  taken.started = std::move(entry.started);
  taken.request_end = entry.request_end;
  taken.place = entry.sent;
  if (entry.watched) {
    entry.deadline.cancel();
    entry.watched = false;
    --timers_;
  }
  entry.id = 0;
  entry.next_free = std::exchange(free_, &entry);
  --size_;
}

// Ids ascend one by one: multiplying by the golden ratio spreads them evenly.
std::size_t PendingCalls::home(std::uint64_t id) const noexcept {
  return static_cast<std::size_t>((id * 0x9e3779b97f4a7c15u) >> shift_);
}

PendingCalls::Slot* PendingCalls::find(std::uint64_t id) noexcept {
  if (id == 0 || slots_.empty()) return nullptr;
  std::size_t mask = slots_.size() - 1;
  for (std::size_t i = home(id); slots_[i].id != 0; i = (i + 1) & mask) {
    if (slots_[i].id == id) return &slots_[i];
  }
  return nullptr;
}

void PendingCalls::place(Slot slot) noexcept {
  std::size_t mask = slots_.size() - 1;
  std::size_t i = home(slot.id);
  while (slots_[i].id != 0) i = (i + 1) & mask;
  slots_[i] = slot;
}

// Closes the gap: whatever was displaced across it moves up, so that no mark stays behind.
void PendingCalls::erase(Slot* slot) noexcept {
  std::size_t mask = slots_.size() - 1;
  auto gap = static_cast<std::size_t>(slot - slots_.data());
  for (std::size_t i = (gap + 1) & mask; slots_[i].id != 0; i = (i + 1) & mask) {
    if (((i - home(slots_[i].id)) & mask) < ((i - gap) & mask)) continue;
    slots_[gap] = slots_[i];
    gap = i;
  }
  slots_[gap] = Slot();
}

void PendingCalls::grow_table() {
  std::vector<Slot> bigger(slots_.empty() ? kFirstSlots : 2 * slots_.size());
  shift_ = slots_.empty() ? kFirstShift : shift_ - 1;
  slots_.swap(bigger);
  for (const Slot& slot : bigger) {
    if (slot.id != 0) place(slot);
  }
}

void PendingCalls::grow_entries() {
  auto chunk = std::make_unique<Entry[]>(kChunk);
  chunks_.reserve(chunks_.size() + 1);
  for (std::size_t i = kChunk; i-- > 0;) {
    Entry* entry = &chunk[i];
    entry->deadline.set_callback([this, entry] { on_deadline_(entry->id); });
    entry->next_free = std::exchange(free_, entry);
  }
  chunks_.push_back(std::move(chunk));
}

}  // namespace tern::call
