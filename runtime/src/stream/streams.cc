#include "stream/streams.h"

#include <algorithm>
#include <cassert>
#include <chrono>
#include <utility>

namespace tern::stream {

namespace {

// What one stream sends before it is the next one's turn.
constexpr std::size_t kTurnBytes = 16 * 1024;
// A clock may not have moved.
constexpr Clock::Duration kLeastTime = std::chrono::microseconds(1);

}  // namespace

Streams::~Streams() {
  for (auto& [id, entry] : entries_) entry.stream->detach();
}

void Streams::add(std::shared_ptr<Stream> stream, std::uint64_t id, const Codec& codec,
                  std::uint64_t first_window, const Flow& flow) {
  const std::size_t most = entries_.size() + 1;
  touched_.reserve(most + touched_.size());
  starved_.reserve(most + starved_.size());
  unflushed_.reserve(most + unflushed_.size());
  Entry fresh;
  fresh.stream = std::move(stream);
  auto lock = lock_table();
  auto [at, is_new] = entries_.emplace(id, std::move(fresh));
  if (lock.owns_lock()) lock.unlock();
  assert(is_new);
  Entry& entry = at->second;
  entry.stream->attach(*this, id, codec, first_window, flow);
  // What waited for a connection can be written now.
  touch(entry);
}

Streams::Entry* Streams::find_entry(std::uint64_t id) noexcept {
  if (last_found_ && last_found_->stream->id() == id) return last_found_;
  auto at = entries_.find(id);
  if (at == entries_.end()) return nullptr;
  return last_found_ = &at->second;
}

Stream* Streams::find(std::uint64_t id) noexcept {
  Entry* entry = find_entry(id);
  return entry ? entry->stream.get() : nullptr;
}

// --- What has come ---

Status Streams::on_data(Stream& stream, const wire::Frame& frame) {
  Entry& entry = entry_of(stream);
  touch(entry);
  note_heard(entry);
  Status failure = stream.add(frame);
  count_over_window(entry);
  if (stream.watched() && failure.ok()) tell(stream, &Stream::tell_arrived);
  return failure;
}

bool Streams::tell(Stream& stream, Status (Stream::*what)()) {
  const std::shared_ptr<Stream> told = stream.share();
  const Status refused = (stream.*what)();
  Entry* entry = find_entry(told->id());
  if (!entry || entry->stream != told) return false;
  if (refused.ok()) return true;
  user_.on_message_refused(stream, refused);
  return false;
}

Status Streams::on_half_close(Stream& stream) {
  touch(entry_of(stream));
  return stream.end_reading();
}

Status Streams::on_credit(Stream& stream, std::uint64_t bytes) {
  if (!stream.grant(bytes)) {
    return Status(Code::kInternal, "more credit came than a window can have", HandlerRan::kUnknown);
  }
  touch(entry_of(stream));
  return {};
}

// --- The end ---

void Streams::set_end(Stream& stream) {
  stream.set_end();
  Entry& entry = entry_of(stream);
  if (stream.can_send()) set_ready(entry);
  touch(entry);
}

void Streams::end(Stream& stream, const Status& why, Metadata trailing, Stream::Unread unread) {
  auto at = entries_.find(stream.id());
  assert(at != entries_.end());
  const std::shared_ptr<Stream> ended = at->second.stream;
  leave_ready(at->second);
  if (at->second.over_window) --over_window_;
  if (last_found_ == &at->second) last_found_ = nullptr;
  {
    const auto lock = lock_table();
    entries_.erase(at);
  }
  forget_gone();
  ended->detach();
  ended->end(why, std::move(trailing), unread, budget_);
  ended->wake_later();
  if (!starved_.empty()) user_.on_streams_work();
}

void Streams::end_all(const Status& why, Stream::Unread unread) {
  while (!entries_.empty()) end(*entries_.begin()->second.stream, why, Metadata(), unread);
}

// --- The turn ---

void Streams::on_stream_work(Stream& stream) noexcept {
  // It may have been told on its way here that it has ended.
  if (Entry* entry = find_entry(stream.id()); entry && entry->stream.get() == &stream) {
    touch(*entry);
  }
}

void Streams::touch(Entry& entry) noexcept {
  if (std::exchange(entry.touched, true)) return;
  touched_.push_back(entry.stream->id());
  if (touched_.size() == 1) user_.on_streams_work();
}

void Streams::set_ready(Entry& entry) noexcept {
  if (std::exchange(entry.ready, true)) return;
  entry.ready_before = last_ready_;
  entry.next_ready = nullptr;
  (last_ready_ ? last_ready_->next_ready : first_ready_) = &entry;
  last_ready_ = &entry;
}

void Streams::leave_ready(Entry& entry) noexcept {
  if (!std::exchange(entry.ready, false)) return;
  (entry.ready_before ? entry.ready_before->next_ready : first_ready_) = entry.next_ready;
  (entry.next_ready ? entry.next_ready->ready_before : last_ready_) = entry.ready_before;
}

void Streams::process() {
  feed_starved();
  if (touched_.empty()) return;
  Ids fresh;
  fresh.reserve(entries_.size() + 1);  // what throws here has done nothing
  working_ = std::exchange(touched_, std::move(fresh));
  work_on_touched();
  // What runs may end others, and open new ones.
  for (std::size_t i = 0; i < working_.size(); ++i) {
    if (Entry* entry = find_entry(working_[i])) {
      const std::shared_ptr<Stream> alive = entry->stream;
      alive->wake();
    }
  }
  working_ = Ids();
}

// Leaves those in working_ that were worked on.
void Streams::work_on_touched() {
  std::size_t kept = 0;
  std::size_t i = 0;
  try {
    for (; i < working_.size(); ++i) {
      Entry* entry = find_entry(working_[i]);
      if (!entry || !std::exchange(entry->touched, false)) continue;
      working_[kept++] = working_[i];
      work_on(*entry);
    }
  } catch (...) {
    touch_rest(i);
    throw;
  }
  working_.resize(kept);
}

// No memory: what was not worked on is for the next time.
void Streams::touch_rest(std::size_t from) noexcept {
  for (std::size_t i = from; i < working_.size(); ++i) {
    Entry* entry = find_entry(working_[i]);
    if (!entry) continue;
    entry->touched = false;
    touch(*entry);
  }
  working_ = Ids();
}

void Streams::work_on(Entry& entry) {
  Stream& stream = *entry.stream;
  Stream::Work work = stream.start_work();
  if (work.given_up) {
    user_.on_stream_given_up(stream, *work.given_up);
    return;
  }
  // If it has been given up meanwhile, that is the next work.
  if (stream.watched() && (!tell_written(stream) || stream.ended())) return;
  if (work.finished) {
    const std::uint64_t id = stream.id();
    user_.on_stream_finished(stream, *work.finished);
    if (!find_entry(id)) return;  // it was too late for that
  } else if (work.closed_writing) {
    wire::StreamPiece end;
    end.id = stream.id();
    end.message = false;
    end.ends_side = true;
    user_.write_piece(end, stream.begin_end());
    stream.set_end();
  }
  grant(entry);
  if (stream.can_send()) set_ready(entry);
}

void Streams::grant(Entry& entry) {
  const std::uint64_t bytes = entry.stream->take_grant(budget_);
  if (bytes > 0) user_.write_credit(entry.stream->id(), bytes);
  count_over_window(entry);
  if (entry.stream->starved() && !std::exchange(entry.starved, true)) {
    starved_.push_back(entry.stream->id());
  }
  if (!probing_ && entry.stream->wants_probe() && user_.send_probe()) begin_probe();
}

void Streams::note_heard(Entry& entry) {
  if (entry.heard) return;
  heard_.push_back(entry.stream->id());
  entry.heard = true;
}

void Streams::forget_gone() {
  if (heard_.size() < 2 * entries_.size() + 64) return;
  heard_.erase(std::remove_if(heard_.begin(), heard_.end(),
                              [this](std::uint64_t id) { return entries_.count(id) == 0; }),
               heard_.end());
}

// A stream that has brought something looks at how much that was, and may be granted more.
void Streams::begin_probe() {
  const Clock::TimePoint now = loop_.now();
  const Clock::Duration since = std::max(now - probed_at_, kLeastTime);
  for (std::uint64_t id : heard_) {
    Entry* entry = find_entry(id);
    if (!entry || !std::exchange(entry->heard, false)) continue;
    if (last_took_ == Clock::Duration::zero()) {
      entry->stream->begin_first_probe();
    } else {
      entry->stream->begin_probe(since, last_took_, shortest_.get());
      touch(*entry);
    }
  }
  heard_.clear();
  probing_ = true;
  probed_at_ = now;
}

void Streams::end_probe() {
  if (!std::exchange(probing_, false)) return;
  last_took_ = std::max(loop_.now() - probed_at_, kLeastTime);
  note_round_trip(last_took_);
  // One of them may want the next probe.
  for (std::uint64_t id : heard_) {
    if (Entry* entry = find_entry(id)) touch(*entry);
  }
}

void Streams::count_over_window(Entry& entry) noexcept {
  const bool over = entry.stream->over_window();
  if (entry.over_window == over) return;
  entry.over_window = over;
  over_window_ = over ? over_window_ + 1 : over_window_ - 1;
}

// In the order in which they came to want it.
void Streams::feed_starved() {
  while (!starved_.empty() && budget_.left() > 0) {
    Entry* entry = find_entry(starved_.front());
    if (entry) {
      const std::uint64_t bytes = entry->stream->take_grant(budget_);
      if (bytes > 0) user_.write_credit(entry->stream->id(), bytes);
      if (entry->stream->starved()) return;
      entry->starved = false;
    }
    starved_.erase(starved_.begin());
  }
}

void Streams::take(Buffer& out) {
  Entry& entry = *first_ready_;
  const WriteHalf::Fill filled =
      entry.stream->fill({kTurnBytes, out, &Streams::append_piece, &Streams::append_end, &user_});
  if (!std::exchange(entry.unflushed, true)) unflushed_.push_back(entry.stream->id());
  if (entry.stream->wants_wake()) touch(entry);
  leave_ready(entry);
  if (filled == WriteHalf::Fill::kMore) {
    set_ready(entry);
    return;
  }
  if (filled == WriteHalf::Fill::kComplete) user_.on_stream_sent(*entry.stream);
}

void Streams::set_flushed() {
  for (std::uint64_t id : unflushed_) {
    Entry* entry = find_entry(id);
    if (!entry || !std::exchange(entry->unflushed, false)) continue;
    entry->stream->set_flushed();
    if (entry->stream->wants_wake()) touch(*entry);
  }
  unflushed_.clear();
}

}  // namespace tern::stream
