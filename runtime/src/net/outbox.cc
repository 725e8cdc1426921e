#include "net/outbox.h"

#include <algorithm>
#include <cassert>
#include <utility>

namespace tern::net {

namespace {

// What the connection is given at a time, about: beyond that, what is written now could not leave
// before what was written earlier.
constexpr std::size_t kPart = 64 * 1024;
// With a chunk behind its last byte.
constexpr std::size_t kPartRoom = kPart + 32 * 1024;
// So much is copied to leave in one write with the control messages before it.
constexpr std::size_t kGathered = 16 * 1024;

}  // namespace

std::size_t Outbox::Line::left() const noexcept {
  std::size_t bytes = 0;
  for (const Message& message : messages) bytes += message.left();
  return bytes;
}

void Outbox::set_cutter(base::MessageCutter* cutter) noexcept {
  cutter_ = cutter;
  rules_ = cutter ? cutter->rules() : base::MessageCutter::Rules{kAll, kAll, kAll};
  set_unsorted();
}

// Messages are looked at if one of them may be long, or be behind another one of its call.
void Outbox::set_unsorted() noexcept {
  unsorted_ = !places_.empty() ? 0 : cutter_ ? rules_.whole_bytes : kAll;
}

// --- Writing ---

void Outbox::sort(std::uint64_t call, std::size_t start) {
  auto place = places_.find(call);
  const std::size_t size = whole_.size() - start;
  if (place == places_.end() && (!cutter_ || size <= rules_.whole_bytes)) {
    if (cutter_ && whole_.size() >= kPart) {
      full_.emplace_back();
      full_.back() = std::exchange(whole_, Buffer());
      aside_bytes_ += full_.back().size();
    }
    return;
  }
  std::list<Message> one;
  one.emplace_back();
  Lines::iterator at = place != places_.end() ? place->second : add_line(call, start);
  Line& line = *at;
  try {
    one.front() = cut_off(start);
  } catch (...) {
    if (line.messages.empty()) forget(at);
    throw;
  }
  line.messages.splice(line.messages.end(), one);
  aside_bytes_ += size;
  set_unsorted();
}

// Takes the message that begins at `start` out of whole_. The shorter of the two parts moves.
Outbox::Message Outbox::cut_off(std::size_t start) {
  Message message;
  if (start <= whole_.size() - start) {
    Buffer before = loop_.take_buffer(start);
    before.append(whole_.view().first(start));
    message.bytes = std::exchange(whole_, std::move(before));
    message.start = start;
  } else {
    message.bytes.append(whole_.view().subspan(start));
    whole_.truncate(start);
  }
  return message;
}

// A line for a call whose short messages so far end at `start` of whole_, or before.
Outbox::Lines::iterator Outbox::add_line(std::uint64_t call, std::size_t start) {
  Lines fresh(1);
  Lines::iterator line = fresh.begin();
  line->call = call;
  line->behind = wholes_taken_ + full_.size() + (start > 0 ? 1 : 0);
  places_.emplace(call, line);
  list(State::kWaiting).splice(list(State::kWaiting).end(), fresh);
  set_unsorted();
  return line;
}

// --- The messages of one call ---

std::size_t Outbox::drop(std::uint64_t call) noexcept {
  auto place = places_.find(call);
  if (place == places_.end()) return 0;
  Line& line = *place->second;
  const std::size_t before = line.left();
  while (line.messages.size() > 1) line.messages.pop_back();
  const bool leaves = line.messages.front().taken > 0;
  const std::size_t dropped = before - (leaves ? line.left() : 0);
  aside_bytes_ -= dropped;
  if (!leaves) forget_first(place->second);
  return dropped;
}

void Outbox::clear() noexcept {
  places_.clear();
  for (Lines& lines : lines_) lines.clear();
  full_.clear();
  control_.release();
  loop_.give_buffer(std::exchange(whole_, Buffer()));
  aside_bytes_ = begun_ = begun_bytes_ = 0;
  set_unsorted();
}

// --- Turns ---

// The peer has room for it.
void Outbox::begin(Lines::iterator line) noexcept {
  list(State::kBegun).splice(list(State::kBegun).end(), list(State::kWaiting), line);
  line->state = State::kBegun;
  ++begun_;
  begun_bytes_ += line->messages.front().size();
}

// The line's first message has left, or will not; its bytes that were left count no more.
void Outbox::forget_first(Lines::iterator line) noexcept {
  Message& message = line->messages.front();
  if (line->state == State::kBegun) {
    --begun_;
    begun_bytes_ -= message.size();
  }
  loop_.give_buffer(std::move(message.bytes));
  line->messages.pop_front();
  if (line->messages.empty()) {
    forget(line);
  } else if (line->state == State::kBegun) {
    list(State::kWaiting).splice(list(State::kWaiting).end(), list(State::kBegun), line);
    line->state = State::kWaiting;
  }
}

void Outbox::forget(Lines::iterator line) noexcept {
  places_.erase(line->call);
  list(line->state).erase(line);
  set_unsorted();
}

// In the order in which they came: a long one is not passed by shorter ones for ever.
void Outbox::begin_messages() noexcept {
  Lines& waiting = list(State::kWaiting);
  while (!waiting.empty() && may_begin(waiting.front())) {
    begin(waiting.begin());
  }
}

bool Outbox::may_begin(const Line& line) const noexcept {
  const bool short_ones_wait = !full_.empty() || !whole_.empty();
  if (short_ones_wait && wholes_taken_ < line.behind) return false;
  if (begun_ == 0) return true;
  const Message& message = line.messages.front();
  return begun_ < rules_.begun_messages && begun_bytes_ < rules_.begun_bytes &&
         message.size() <= rules_.begun_bytes - begun_bytes_;
}

// --- Sending ---

void Outbox::take_whole(Buffer& out) noexcept {
  if (!whole_.empty()) {
    last_size_ = whole_.size();
    out = std::move(whole_);
    ++wholes_taken_;
  } else if (whole_.capacity() > 0) {
    loop_.give_buffer(std::exchange(whole_, Buffer()));
  }
}

void Outbox::take_in_order(Buffer& out) {
  out = std::move(control_);
  if (!take_next_whole(out)) return;
  while (take_turn(out) && out.size() < kPart && full_.empty() && whole_.empty()) {
  }
  if (out.empty()) loop_.give_buffer(std::exchange(out, Buffer()));
}

// False if short messages must be taken before anything else, in the next part.
bool Outbox::take_next_whole(Buffer& out) {
  Buffer& next = full_.empty() ? whole_ : full_.front();
  const std::size_t size = next.size();
  if (size == 0) return true;
  if (!out.empty() && size > kGathered) return false;
  ++wholes_taken_;
  last_size_ = size;
  if (out.empty()) {
    out = std::move(next);
  } else {
    out.append(next.view());
    next.clear();
  }
  if (!full_.empty()) {
    aside_bytes_ -= size;
    full_.pop_front();
  }
  return true;
}

// A chunk of a long message and what the source has, the one after the other. False if there is
// neither.
bool Outbox::take_turn(Buffer& out) {
  if (!source_is_next_ && take_chunk(out)) {
    source_is_next_ = true;
    return true;
  }
  if (source_has_turn()) {
    source_is_next_ = false;
    make_room(out);
    source_->take(out);
    return true;
  }
  return std::exchange(source_is_next_, false) && take_chunk(out);
}

void Outbox::make_room(Buffer& out) {
  if (out.capacity() > 0) return;
  out = loop_.take_buffer(kPartRoom);
  out.reserve(kPartRoom);
}

// Appends the next chunk. False if there is none that may leave.
bool Outbox::take_chunk(Buffer& out) {
  begin_messages();
  Lines& begun = list(State::kBegun);
  if (begun.empty()) return false;
  Lines::iterator line = begun.begin();
  Message& message = line->messages.front();
  make_room(out);
  std::size_t size = message.left();
  if (cutter_ && message.size() > rules_.whole_bytes) {
    size = cutter_->write_chunk(message.view(), message.taken, out);
    assert(size > 0 && size <= message.left());
  } else {
    out.append(message.view());
  }
  message.taken += size;
  aside_bytes_ -= size;
  if (message.left() == 0) {
    forget_first(line);
  } else {
    begun.splice(begun.end(), begun, line);
  }
  return true;
}

}  // namespace tern::net
