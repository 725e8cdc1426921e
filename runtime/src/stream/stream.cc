#include "stream/stream.h"

#include <fmt/format.h>

#include <cassert>
#include <new>
#include <string_view>
#include <vector>

#include "wire/packed_codec.h"

namespace tern::stream {

namespace {

Status no_such_direction(std::string_view what) {
  return Status(Code::kInternal,
                fmt::format("{} came in a direction in which the method has no stream", what),
                HandlerRan::kUnknown);
}

}  // namespace

// Until there is a host, it is attach() that tells.
void Stream::on_work(Lock lock) noexcept {
  if (!host_) return;
  if (loop_->in_this_thread()) {
    StreamHost& host = *host_;
    lock.unlock();
    host.on_stream_work(*this);
    return;
  }
  work_posted_ = true;
  lock.unlock();
  post_self();
}

void Stream::run_on_loop() {
  StreamHost* host = nullptr;
  {
    Lock lock(mutex_);
    if (std::exchange(work_posted_, false)) host = host_;
  }
  if (host) host->on_stream_work(*this);
  wake();
}

// --- The connection ---

void Stream::attach(StreamHost& host, std::uint64_t id, const Codec& codec,
                    std::uint64_t first_window, const Flow& flow) {
  Lock lock(mutex_);
  assert(!host_);
  host_ = &host;
  id_ = id;
  codec_ = &codec;
  const bool by_credit = flow.by == Flow::By::kCredit;
  if (write_) {
    write_->send().open(by_credit ? first_window : SendSide::kMostCredit, flow.message_cost);
  }
  if (read_) {
    read_->receive().set_message_cost(flow.message_cost);
    read_->receive().add_message_envelope(flow.message_envelope);
    if (!by_credit) read_->receive().open_without_credit();
  }
  if (phase_ == Phase::kUnopened) phase_ = Phase::kOpen;
  told_ = false;
  note_message();
  // The program may have closed its side, or given it up, before there was a connection.
  if ((write_ && write_->closed()) || phase_ == Phase::kGivenUp) tell_work(std::move(lock));
}

void Stream::note_message() noexcept {
  if (message_timeout_ > Clock::Duration::zero()) heard_at_ = loop_->now();
}

Clock::TimePoint Stream::silent_since() const {
  Lock lock(mutex_);
  return heard_at_;
}

void Stream::detach() noexcept {
  Lock lock(mutex_);
  host_ = nullptr;
}

Stream::Work Stream::start_work() {
  Lock lock(mutex_);
  told_ = false;
  Work work;
  if (phase_ == Phase::kGivenUp) {
    work.given_up = status_;
  } else if (keep_ == Keep::kFinished && phase_ == Phase::kOpen) {
    keep_ = Keep::kNo;
    work.finished = std::exchange(status_, Status());
  } else if (!serves_ && write_ && write_->closed()) {
    work.closed_writing = true;
  }
  return work;
}

Status Stream::add(const wire::Frame& frame) {
  Lock lock(mutex_);
  if (over()) return {};  // the peer has not heard of it yet
  if (!read_) return no_such_direction("a message");
  moved_ = true;
  note_message();
  return watched_ ? read_->add(frame, watched_->arrived) : read_->add(frame);
}

Status Stream::tell_arrived() {
  MessageQueue arrived;
  {
    Lock lock(mutex_);
    if (over()) return {};
    std::swap(arrived, watched_->arrived);
    if (arrived.empty()) return {};
    if (serves_ && !write_->begin_end().empty()) {
      // The handler's answer is there: nobody is told, and nobody gets it.
      read_->receive().consumed(arrived.cost());
      return {};
    }
  }
  Status refused = tell(InterceptedMessage::Direction::kReceived, arrived.front());
  if (!refused.ok()) return refused;
  Lock lock(mutex_);
  if (over()) return {};
  read_->add_told(arrived);
  return {};
}

// What is written meanwhile is told the next time: that ends even if each message makes one more.
Status Stream::tell_written() {
  MessageQueue told;
  {
    Lock lock(mutex_);
    if (over() || watched_->telling > 0) return {};
    std::swap(told, watched_->written);
    watched_->telling = told.cost();
  }
  while (!told.empty()) {
    Status refused = tell(InterceptedMessage::Direction::kSent, told.front());
    Lock lock(mutex_);
    if (!refused.ok() || over()) {
      watched_->telling = 0;
      return refused;
    }
    write_->send().queue().push(told.front());
    told.pop();
    watched_->telling = told.cost();
    write_->send().set_untold(watched_->written_cost());
  }
  return {};
}

Status Stream::tell(InterceptedMessage::Direction direction, ByteView message) {
  const auto* packed = dynamic_cast<const wire::PackedCodec*>(codec_);
  if (!packed) return watched_->tell({direction, message, *codec_});
  Buffer room;
  ByteView unpacked;
  Status failure = packed->unpack(message, room, unpacked);
  if (!failure.ok()) return unreadable(failure);
  return watched_->tell({direction, unpacked, packed->inner()});
}

Status Stream::end_reading() {
  Lock lock(mutex_);
  if (over()) return {};
  return read_ ? read_->end_by_peer() : no_such_direction("a half-close");
}

bool Stream::grant(std::uint64_t bytes) {
  Lock lock(mutex_);
  return !write_ || write_->send().grant(bytes);
}

void Stream::set_initial_metadata(Metadata metadata) {
  Lock lock(mutex_);
  received().initial = std::move(metadata);
}

void Stream::set_end() noexcept {
  Lock lock(mutex_);
  write_->set_end();
}

WriteHalf::Fill Stream::fill(const WriteHalf::Target& target) {
  Lock lock(mutex_);
  const std::size_t before = target.out.size();
  const WriteHalf::Fill filled = write_->fill(*this, id_, target);
  if (target.out.size() > before) note_message();
  return filled;
}

bool Stream::can_send() const {
  Lock lock(mutex_);
  return write_ && write_->can_send();
}

void Stream::set_flushed() {
  Lock lock(mutex_);
  if (write_) write_->set_flushed();
}

std::uint64_t Stream::take_grant(ReceiveBudget& budget) {
  Lock lock(mutex_);
  return over() || !read_ || read_->ended() ? 0 : read_->receive().take_grant(budget);
}

bool Stream::starved() const {
  Lock lock(mutex_);
  return read_ && read_->receive().starved();
}

bool Stream::wants_probe() const {
  Lock lock(mutex_);
  return read_ && read_->receive().wants_probe();
}

void Stream::begin_first_probe() {
  Lock lock(mutex_);
  if (read_) read_->receive().begin_first_probe();
}

void Stream::begin_probe(Clock::Duration since, Clock::Duration took, Clock::Duration shortest) {
  Lock lock(mutex_);
  if (read_) read_->receive().begin_probe(since, took, shortest);
}

bool Stream::over_window() const {
  Lock lock(mutex_);
  return !over() && read_ && !read_->ended() && read_->receive().over_window();
}

void Stream::end(const Status& why, Metadata trailing, Unread unread, ReceiveBudget& budget) {
  std::vector<std::shared_ptr<MessageWatch>> watches;
  Lock lock(mutex_);
  if (phase_ == Phase::kEnded) return;
  if (phase_ != Phase::kGivenUp) status_ = why;
  phase_ = Phase::kEnded;
  try {
    if (!trailing.empty()) received().trailing = std::move(trailing);
  } catch (const std::bad_alloc&) {
    // The outcome counts more.
  }
  if (write_) write_->end();
  if (read_) read_->close(budget);
  if (watched_) watches = watched_->close();
  if (unread == Unread::kDropped) {
    if (read_) read_->drop_come();
    unread_dropped_.store(true, std::memory_order_release);
  }
}

// The host has forgotten it by now, if it had one: what it had of a budget is given back.
void Stream::end_with_call(const Status& outcome, const Metadata& trailing) noexcept {
  ReceiveBudget none(0);
  {
    Lock lock(mutex_);
    if (phase_ == Phase::kEnded) return;
  }
  end(outcome, trailing, Unread::kKept, none);
  wake_later();
}

// --- For people ---

Stream::Counts Stream::counts() const {
  Lock lock(mutex_);
  Counts counts;
  if (read_) {
    counts.messages_in = read_->messages();
    counts.bytes_in = read_->bytes();
  }
  if (write_) {
    counts.messages_out = write_->messages();
    counts.bytes_out = write_->bytes();
  }
  return counts;
}

Stream::WaitsFor Stream::waits_for() const {
  Lock lock(mutex_);
  if (read_ && read_->receive().starved()) return WaitsFor::kBudget;
  if (write_ && !write_->send().empty() && !write_->send().can_send()) return WaitsFor::kCredit;
  if (read_ && read_->has_come() && !read_->waiter().waiting()) return WaitsFor::kReader;
  if (write_ && write_->open() && write_->send().empty() && !write_->waiter().waiting()) {
    return WaitsFor::kWriter;
  }
  return WaitsFor::kNothing;
}

}  // namespace tern::stream
