#include "stream/stream.h"

#include <fmt/format.h>

#include <cassert>
#include <exception>
#include <string>
#include <utility>

namespace tern::stream {

namespace {

// A chunk of a message: others leave between two of them.
constexpr std::size_t kChunkBytes = 16 * 1024;
// Who reads tells what it has taken once that is as much: a quarter of the common window.
constexpr std::uint64_t kToldCost = 16 * 1024;

}  // namespace

void run_logged(UniqueFunction<void()>& task, const std::weak_ptr<CallOwner>& owner) noexcept {
  // The text is copied: what is thrown may be a part of what the task holds.
  std::string thrown;
  try {
    task();
    return;
  } catch (const std::exception& failure) {
    thrown = failure.what();
  } catch (...) {
    thrown = "something that is not a std::exception";
  }
  try {
    struct Nobody final : CallOwner {
      void cancel(std::uint64_t) override {}
    };
    if (std::shared_ptr<CallOwner> told = owner.lock()) {
      told->callback_threw(thrown);
    } else {
      Nobody().callback_threw(thrown);
    }
  } catch (...) {
    // The log has thrown, too.
  }
}

Stream::Stream(std::shared_ptr<Loop> loop, const StreamSetup& setup)
    : loop_(std::move(loop)),
      setup_(setup),
      reading_(setup.reads ? Reading::kOpen : Reading::kNone),
      writing_(setup.writes ? Writing::kOpen : Writing::kNone) {
  receive_.open(setup.receive);
}

Stream::~Stream() = default;

// --- The program reads ---

// What the reader has decoded since becomes room for more.
void Stream::settle_consumed() noexcept {
  receive_.consumed(std::exchange(consumed_, 0));
}

Stream::Read Stream::try_read(const TypeOps& type, void* message) {
  if (unread_dropped_.load(std::memory_order_acquire)) taken_.release();
  if (taken_.empty()) {
    Lock lock(mutex_);
    settle_consumed();
    MessageQueue& complete = receive_.complete();
    if (complete.empty()) {
      const bool ended = reading_ != Reading::kOpen || over();
      if (receive_.owes_grant()) tell_work(std::move(lock));
      return ended ? Read::kEnd : Read::kWait;
    }
    std::swap(taken_, complete);
    counts_.messages_in += taken_.count();
  }
  const ByteView bytes = taken_.front();
  Status failure;
  try {
    failure = codec_->decode(type, bytes, message, setup_.decode);
  } catch (const std::exception& thrown) {
    failure = Status(Code::kInternal, thrown.what());
  }
  consumed_ += stream_cost(bytes.size());
  taken_.pop();
  if (!failure.ok()) {
    give_up(Status(setup_.serves ? Code::kInvalidArgument : Code::kInternal,
                   fmt::format("a message of the stream cannot be read: {}", failure.message()),
                   HandlerRan::kYes),
            Lock(mutex_));
    return Read::kEnd;
  }
  if (consumed_ >= kToldCost) {
    Lock lock(mutex_);
    settle_consumed();
    if (receive_.owes_grant()) tell_work(std::move(lock));
  }
  return Read::kMessage;
}

bool Stream::readable() const noexcept {
  return !receive_.complete().empty() || reading_ != Reading::kOpen || over();
}

bool Stream::wait_read(UniqueFunction<void()>& ready) {
  if (!taken_.empty()) return false;
  Lock lock(mutex_);
  const bool now = readable();
  return wait(reader_, now, Waiter::For::kProgress, ready, std::move(lock));
}

bool Stream::wait(Waiter& waiter, bool ready_now, Waiter::For what, UniqueFunction<void()>& ready,
                  Lock lock) {
  if (ready_now) return false;
  if (waiter.ready) {
    give_up(Status(Code::kFailedPrecondition,
                   &waiter == &reader_ ? "two reads of one stream at the same time"
                                       : "two writes to one stream at the same time",
                   HandlerRan::kYes),
            std::move(lock));
    return false;
  }
  waiter.ready = std::move(ready);
  waiter.what = what;
  waiter.cancelled = false;
  return true;
}

void Stream::cancel_read() noexcept {
  {
    Lock lock(mutex_);
    if (!reader_.ready) return;
    reader_.cancelled = true;
  }
  wake_later();
}

template <typename Condition>
void Stream::block_until(Condition condition) {
  for (;;) {
    const std::uint32_t seen = changes_.load(std::memory_order_acquire);
    {
      Lock lock(mutex_);
      if (condition()) return;
    }
    changes_.wait(seen, std::memory_order_acquire);
  }
}

void Stream::block_read() {
  if (!taken_.empty()) return;
  block_until([this] { return readable(); });
}

Status Stream::read_status() const {
  Lock lock(mutex_);
  return over() ? status_ : Status();
}

// --- The program writes ---

Stream::Write Stream::try_write(const TypeOps& type, const void* message) {
  Lock lock(mutex_);
  if (over() || writing_ != Writing::kOpen) return Write::kEnd;
  if (phase_ == Phase::kUnopened || !send_.has_room()) return Write::kWait;
  Status failure;
  Buffer& out = send_.queue().begin();
  try {
    failure = codec_->encode(type, message, out);
  } catch (const std::exception& thrown) {
    failure = Status(Code::kInternal, thrown.what());
  }
  if (!failure.ok()) {
    send_.queue().undo();
  } else if (!send_.queue().end()) {
    failure = Status(Code::kResourceExhausted, "it has more than 4 GiB");
  }
  if (!failure.ok()) {
    give_up(Status(failure.code(),
                   fmt::format("a message of the stream cannot be written: {}", failure.message()),
                   HandlerRan::kYes),
            std::move(lock));
    return Write::kEnd;
  }
  ++counts_.messages_out;
  moved_ = true;
  tell_work(std::move(lock));
  return Write::kQueued;
}

bool Stream::writable() const noexcept {
  return over() || writing_ != Writing::kOpen || (phase_ == Phase::kOpen && send_.has_room());
}

bool Stream::wait_write(UniqueFunction<void()>& ready) {
  Lock lock(mutex_);
  const bool now = writable();
  return wait(writer_, now, Waiter::For::kProgress, ready, std::move(lock));
}

void Stream::cancel_write() noexcept {
  {
    Lock lock(mutex_);
    if (!writer_.ready) return;
    writer_.cancelled = true;
  }
  wake_later();
}

void Stream::block_write() {
  block_until([this] { return writable(); });
}

bool Stream::wait_flushed(UniqueFunction<void()>& ready) {
  Lock lock(mutex_);
  const bool now = over() || (send_.empty() && flushed_);
  return wait(writer_, now, Waiter::For::kFlushed, ready, std::move(lock));
}

bool Stream::flushed() const {
  Lock lock(mutex_);
  return send_.empty() && flushed_;
}

Status Stream::write_status() const {
  return read_status();
}

void Stream::end_writing() noexcept {
  Lock lock(mutex_);
  if (over() || writing_ != Writing::kOpen) return;
  writing_ = Writing::kClosed;
  tell_work(std::move(lock));
}

// --- The program ends it ---

void Stream::cancel(const Status& why) noexcept {
  give_up(why, Lock(mutex_));
}

void Stream::give_up(const Status& why, Lock lock) {
  if (over()) return;
  phase_ = Phase::kGivenUp;
  status_ = why;
  send_.clear();
  receive_.complete().release();
  unread_dropped_.store(true, std::memory_order_release);
  tell_work(std::move(lock));
  wake_later();
}

void Stream::finish(Status outcome) noexcept {
  Lock lock(mutex_);
  if (over() || keep_ != Keep::kKept) return;
  keep_ = Keep::kFinished;
  if (writing_ == Writing::kOpen) writing_ = Writing::kClosed;
  status_ = std::move(outcome);
  tell_work(std::move(lock));
}

void Stream::keep() noexcept {
  Lock lock(mutex_);
  if (keep_ == Keep::kNo) keep_ = Keep::kKept;
}

void Stream::release_reader() noexcept {
  Lock lock(mutex_);
  if (!setup_.serves || reading_ != Reading::kOpen || over()) return;
  reading_ = Reading::kDiscarding;
  consumed_ += receive_.complete().cost() + taken_.cost();
  receive_.complete().release();
  taken_.release();
  settle_consumed();
  tell_work(std::move(lock));
}

void Stream::release_writer() noexcept {
  finish(Status(Code::kInternal, "the handler let go of its Writer without finish()",
                HandlerRan::kYes));
}

Metadata Stream::initial_metadata() const {
  Lock lock(mutex_);
  return initial_;
}

Metadata Stream::trailing_metadata() const {
  Lock lock(mutex_);
  return trailing_;
}

asio::any_io_executor Stream::executor() const noexcept {
  return loop_->io().get_executor();
}

// --- Between the two ---

// Until there is a host, it is attach() that tells.
void Stream::tell_work(Lock lock) {
  if (told_ || !host_) return;
  told_ = true;
  if (loop_->in_this_thread()) {
    StreamHost& host = *host_;
    lock.unlock();
    host.on_stream_work(*this);
    return;
  }
  lock.unlock();
  loop_->post([self = shared_from_this()] {
    Lock again(self->mutex_);
    StreamHost* host = self->host_;
    again.unlock();
    if (host) host->on_stream_work(*self);
  });
}

void Stream::wake_later() noexcept {
  changes_.fetch_add(1, std::memory_order_release);
  changes_.notify_all();
  loop_->post([self = shared_from_this()] { self->wake(); });
}

bool Stream::settled(const Waiter& waiter) const noexcept {
  if (!waiter.ready) return false;
  if (waiter.cancelled || over()) return true;
  if (&waiter == &reader_) return readable();
  return waiter.what == Waiter::For::kFlushed ? send_.empty() && flushed_ : writable();
}

void Stream::wake() {
  changes_.fetch_add(1, std::memory_order_release);
  changes_.notify_all();
  UniqueFunction<void()> reader;
  UniqueFunction<void()> writer;
  {
    Lock lock(mutex_);
    if (settled(reader_)) reader = std::move(reader_.ready);
    if (settled(writer_)) writer = std::move(writer_.ready);
  }
  if (!reader && !writer) return;
  std::shared_ptr<Stream> alive = shared_from_this();
  if (reader) run_logged(reader, owner_);
  if (writer) run_logged(writer, owner_);
}

void Stream::run_later(UniqueFunction<void()> task) {
  loop_->post([self = shared_from_this(), task = std::move(task)]() mutable {
    run_logged(task, self->owner_);
  });
}

bool Stream::wants_wake() const {
  Lock lock(mutex_);
  return settled(reader_) || settled(writer_);
}

// --- The connection ---

void Stream::attach(StreamHost& host, std::uint64_t id, const Codec& codec,
                    std::uint64_t first_window, Flow flow) {
  Lock lock(mutex_);
  assert(!host_);
  host_ = &host;
  id_ = id;
  codec_ = &codec;
  send_.open(flow == Flow::kReading ? SendSide::kMostCredit : first_window);
  if (flow == Flow::kReading) receive_.open_without_credit();
  if (phase_ == Phase::kUnopened) phase_ = Phase::kOpen;
  told_ = false;
  note_message();
  // The program may have closed its side, or given it up, before there was a connection.
  if (writing_ == Writing::kClosed || phase_ == Phase::kGivenUp) tell_work(std::move(lock));
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
  } else if (!setup_.serves && writing_ == Writing::kClosed) {
    work.closed_writing = true;
  }
  return work;
}

Status Stream::add(const wire::Frame& frame) {
  Lock lock(mutex_);
  if (over()) return {};  // the peer has not heard of it yet
  if (reading_ == Reading::kNone) {
    return Status(Code::kInternal, "a message came behind the end of its side of the stream",
                  HandlerRan::kUnknown);
  }
  const bool first = !receive_.in_message();
  moved_ = true;
  note_message();
  Status failure = receive_.add(first, frame.whole, frame.continues, frame.body);
  counts_.bytes_in += frame.body.size();
  if (reading_ == Reading::kDiscarding) {
    receive_.consumed(receive_.complete().cost());
    receive_.complete().release();
  }
  return failure;
}

Status Stream::end_reading() {
  Lock lock(mutex_);
  if (over()) return {};
  if (reading_ == Reading::kNone) {
    return Status(Code::kInternal, "the side of the stream ended twice", HandlerRan::kUnknown);
  }
  if (receive_.in_message()) {
    return Status(Code::kInternal, "the side of the stream ended in the middle of a message",
                  HandlerRan::kUnknown);
  }
  reading_ = Reading::kNone;
  return {};
}

bool Stream::grant(std::uint64_t bytes) {
  Lock lock(mutex_);
  return send_.grant(bytes);
}

void Stream::set_initial_metadata(Metadata metadata) {
  Lock lock(mutex_);
  initial_ = std::move(metadata);
}

void Stream::set_end() noexcept {
  Lock lock(mutex_);
  writing_ = Writing::kEnding;
}

Stream::Fill Stream::fill(std::size_t most, Buffer& out, WritePiece write, WriteEnd write_end,
                          void* context) {
  Lock lock(mutex_);
  const std::size_t before = out.size();
  while (send_.can_send() && out.size() - before < most) {
    const SendSide::Piece piece = send_.next(kChunkBytes);
    wire::StreamPiece wire_piece;
    wire_piece.id = id_;
    wire_piece.bytes = piece.bytes;
    wire_piece.whole = piece.first ? piece.whole : 0;
    wire_piece.first = piece.first;
    wire_piece.continues = !piece.last;
    write(context, wire_piece, out);
    flushed_ = false;
    counts_.bytes_out += piece.bytes.size();
    send_.take(piece);
  }
  if (out.size() > before) note_message();
  if (send_.can_send()) return Fill::kMore;
  if (!send_.empty()) return Fill::kWaits;
  send_.trim();
  if (writing_ != Writing::kEnding) return Fill::kWaits;
  write_end(context, *this, end_.view(), out);
  end_.release();
  flushed_ = false;
  writing_ = Writing::kNone;
  return Fill::kComplete;
}

bool Stream::can_send() const {
  Lock lock(mutex_);
  return send_.can_send() || (send_.empty() && writing_ == Writing::kEnding);
}

void Stream::set_flushed() {
  Lock lock(mutex_);
  flushed_ = true;
}

std::uint64_t Stream::take_grant(ReceiveBudget& budget) {
  Lock lock(mutex_);
  return over() || reading_ == Reading::kNone ? 0 : receive_.take_grant(budget);
}

bool Stream::starved() const {
  Lock lock(mutex_);
  return receive_.starved();
}

bool Stream::wants_probe() const {
  Lock lock(mutex_);
  return receive_.wants_probe();
}

void Stream::begin_probe() {
  Lock lock(mutex_);
  receive_.begin_probe(loop_->now());
}

void Stream::end_probe() {
  Lock lock(mutex_);
  receive_.end_probe(loop_->now());
}

bool Stream::over_window() const {
  Lock lock(mutex_);
  return !over() && reading_ != Reading::kNone && receive_.over_window();
}

void Stream::end(const Status& why, Metadata trailing, Unread unread, ReceiveBudget& budget) {
  Lock lock(mutex_);
  if (phase_ == Phase::kEnded) return;
  if (phase_ != Phase::kGivenUp) status_ = why;
  phase_ = Phase::kEnded;
  reading_ = Reading::kNone;
  writing_ = Writing::kNone;
  trailing_ = std::move(trailing);
  send_.clear();
  end_.release();
  receive_.close(budget);
  if (unread == Unread::kDropped) {
    receive_.complete().release();
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

// --- For one who may open another ---

bool Stream::moved() const {
  Lock lock(mutex_);
  return moved_;
}

bool Stream::ended() const {
  Lock lock(mutex_);
  return over();
}

bool Stream::has_message() const {
  if (unread_dropped()) return false;
  if (!taken_.empty()) return true;
  Lock lock(mutex_);
  return !receive_.complete().empty();
}

// --- For people ---

Stream::Counts Stream::counts() const {
  Lock lock(mutex_);
  return counts_;
}

Stream::WaitsFor Stream::waits_for() const {
  Lock lock(mutex_);
  if (receive_.starved()) return WaitsFor::kBudget;
  if (!send_.empty() && !send_.can_send()) return WaitsFor::kCredit;
  if (!receive_.complete().empty() && !reader_.ready) return WaitsFor::kReader;
  if (writing_ == Writing::kOpen && send_.empty() && !writer_.ready) return WaitsFor::kWriter;
  return WaitsFor::kNothing;
}

}  // namespace tern::stream
