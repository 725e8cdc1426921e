#include "stream/stream.h"

#include <fmt/format.h>

#include <cassert>
#include <exception>
#include <new>
#include <string>
#include <string_view>
#include <utility>

namespace tern::stream {

namespace {

std::unique_ptr<ReadHalf> read_half(const StreamSetup& setup) {
  return setup.reads ? std::make_unique<ReadHalf>(setup.receive, setup.decode) : nullptr;
}

std::unique_ptr<WriteHalf> write_half(const StreamSetup& setup) {
  if (!setup.writes && !setup.serves) return nullptr;
  return std::make_unique<WriteHalf>(setup.writes ? WriteHalf::Has::kMessages
                                                  : WriteHalf::Has::kEndOnly);
}

Status no_such_direction(std::string_view what) {
  return Status(Code::kInternal,
                fmt::format("{} came in a direction in which the method has no stream", what),
                HandlerRan::kUnknown);
}

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
      serves_(setup.serves),
      read_(read_half(setup)),
      write_(write_half(setup)) {}

Stream::~Stream() = default;

// --- The program reads ---

// Who waits without having tried to read has said nothing yet.
void Stream::tell_consumed() noexcept {
  if (!read_ || read_->settled()) return;
  Lock lock(mutex_);
  read_->settle();
  if (read_->receive().owes_grant()) tell_work(std::move(lock));
}

Stream::Read Stream::try_read(const TypeOps& type, void* message) {
  if (!read_) return Read::kEnd;
  ReadHalf& half = *read_;
  if (unread_dropped()) half.drop_taken();
  if (!half.has_taken()) {
    Lock lock(mutex_);
    half.settle();
    if (!half.take_over()) {
      const bool ended = !half.open() || over();
      if (half.receive().owes_grant()) tell_work(std::move(lock));
      return ended ? Read::kEnd : Read::kWait;
    }
  }
  Status failure;
  try {
    failure = codec_->decode(type, half.front(), message, half.decode_limits());
  } catch (const std::exception& thrown) {
    failure = Status(Code::kInternal, thrown.what());
  }
  const bool much = half.pop();
  if (!failure.ok()) {
    give_up(Status(serves_ ? Code::kInvalidArgument : Code::kInternal,
                   fmt::format("a message of the stream cannot be read: {}", failure.message()),
                   HandlerRan::kYes),
            Lock(mutex_));
    return Read::kEnd;
  }
  if (much) {
    Lock lock(mutex_);
    half.settle();
    if (half.receive().owes_grant()) tell_work(std::move(lock));
  }
  return Read::kMessage;
}

bool Stream::readable() const noexcept {
  return !read_ || over() || read_->readable();
}

bool Stream::wait_read(UniqueFunction<void()>& ready) {
  if (read_ && read_->has_taken()) return false;
  tell_consumed();
  Lock lock(mutex_);
  if (readable()) return false;
  return wait(read_->waiter(), Waiter::For::kProgress, ready,
              "two reads of one stream at the same time", std::move(lock));
}

bool Stream::wait(Waiter& waiter, Waiter::For what, UniqueFunction<void()>& ready,
                  std::string_view twice, Lock lock) {
  if (waiter.waiting()) {
    give_up(Status(Code::kFailedPrecondition, std::string(twice), handler_ran()), std::move(lock));
    return false;
  }
  waiter.begin(what, ready);
  return true;
}

void Stream::cancel_read() noexcept {
  {
    Lock lock(mutex_);
    if (!read_ || !read_->waiter().waiting()) return;
    read_->waiter().cancel();
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
  if (read_ && read_->has_taken()) return;
  tell_consumed();
  block_until([this] { return readable(); });
}

Status Stream::read_status() const {
  Lock lock(mutex_);
  return over() ? status_ : Status();
}

// --- The program writes ---

Stream::Write Stream::try_write(const TypeOps& type, const void* message) {
  Lock lock(mutex_);
  if (over() || !write_ || !write_->open()) return Write::kEnd;
  if (phase_ == Phase::kUnopened || !write_->has_room()) return Write::kWait;
  Status failure;
  if (watched_) {
    failure = write_->push(*codec_, type, message, watched_->written);
    write_->send().set_untold(watched_->written_cost());
  } else {
    failure = write_->push(*codec_, type, message, write_->send().queue());
  }
  if (!failure.ok()) {
    give_up(Status(failure.code(),
                   fmt::format("a message of the stream cannot be written: {}", failure.message()),
                   handler_ran()),
            std::move(lock));
    return Write::kEnd;
  }
  moved_ = true;
  tell_work(std::move(lock));
  return Write::kQueued;
}

bool Stream::writable() const noexcept {
  return over() || !write_ || !write_->open() || (phase_ == Phase::kOpen && write_->has_room());
}

bool Stream::wait_write(UniqueFunction<void()>& ready) {
  Lock lock(mutex_);
  if (writable()) return false;
  return wait(write_->waiter(), Waiter::For::kProgress, ready,
              "two writes to one stream at the same time", std::move(lock));
}

void Stream::cancel_write() noexcept {
  {
    Lock lock(mutex_);
    if (!write_ || !write_->waiter().waiting()) return;
    write_->waiter().cancel();
  }
  wake_later();
}

void Stream::block_write() {
  block_until([this] { return writable(); });
}

bool Stream::flushed_or_over() const noexcept {
  return over() || !write_ || write_->flushed();
}

bool Stream::wait_flushed(UniqueFunction<void()>& ready) {
  Lock lock(mutex_);
  if (flushed_or_over()) return false;
  return wait(write_->waiter(), Waiter::For::kFlushed, ready,
              "two writes to one stream at the same time", std::move(lock));
}

bool Stream::flushed() const {
  Lock lock(mutex_);
  return !write_ || write_->flushed();
}

Status Stream::write_status() const {
  return read_status();
}

void Stream::end_writing() noexcept {
  Lock lock(mutex_);
  if (over() || !write_ || !write_->open()) return;
  write_->close();
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
  if (write_) write_->drop();
  if (watched_) watched_->written.release();
  if (read_) read_->drop_come();
  unread_dropped_.store(true, std::memory_order_release);
  tell_work(std::move(lock));
  wake_later();
}

void Stream::finish(Status outcome) noexcept {
  Lock lock(mutex_);
  if (over() || keep_ != Keep::kKept) return;
  keep_ = Keep::kFinished;
  write_->close();
  status_ = std::move(outcome);
  tell_work(std::move(lock));
}

void Stream::keep() noexcept {
  Lock lock(mutex_);
  if (serves_ && keep_ == Keep::kNo) keep_ = Keep::kKept;
}

void Stream::release_reader() noexcept {
  Lock lock(mutex_);
  if (!serves_ || !read_ || !read_->open() || over()) return;
  read_->discard();
  tell_work(std::move(lock));
}

void Stream::release_writer() noexcept {
  finish(Status(Code::kInternal, "the handler let go of its Writer without finish()",
                HandlerRan::kYes));
}

Metadata Stream::initial_metadata() const {
  Lock lock(mutex_);
  return received_ ? received_->initial : Metadata();
}

Metadata Stream::trailing_metadata() const {
  Lock lock(mutex_);
  return received_ ? received_->trailing : Metadata();
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

bool Stream::reader_settled() const noexcept {
  if (!read_ || !read_->waiter().waiting()) return false;
  return read_->waiter().cancelled() || readable();
}

bool Stream::writer_settled() const noexcept {
  if (!write_ || !write_->waiter().waiting()) return false;
  const Waiter& waiter = write_->waiter();
  if (waiter.cancelled()) return true;
  return waiter.what() == Waiter::For::kFlushed ? flushed_or_over() : writable();
}

void Stream::wake() {
  changes_.fetch_add(1, std::memory_order_release);
  changes_.notify_all();
  UniqueFunction<void()> reader;
  UniqueFunction<void()> writer;
  {
    Lock lock(mutex_);
    if (reader_settled()) reader = read_->waiter().take();
    if (writer_settled()) writer = write_->waiter().take();
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
  return reader_settled() || writer_settled();
}

// --- The connection ---

void Stream::attach(StreamHost& host, std::uint64_t id, const Codec& codec,
                    std::uint64_t first_window, Flow flow) {
  Lock lock(mutex_);
  assert(!host_);
  host_ = &host;
  id_ = id;
  codec_ = &codec;
  if (write_) {
    write_->send().open(flow == Flow::kReading ? SendSide::kMostCredit : first_window);
  }
  if (read_ && flow == Flow::kReading) read_->receive().open_without_credit();
  if (phase_ == Phase::kUnopened) phase_ = Phase::kOpen;
  told_ = false;
  note_message();
  // The program may have closed its side, or given it up, before there was a connection.
  if ((write_ && write_->closed()) || phase_ == Phase::kGivenUp) tell_work(std::move(lock));
}

void Stream::add_watch(std::shared_ptr<MessageWatch> watch) {
  Lock lock(mutex_);
  if (!watched_) watched_ = std::make_unique<Watched>();
  watched_->add(std::move(watch));
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
  }
  if (arrived.empty()) return {};
  Status refused =
      watched_->tell({InterceptedMessage::Direction::kReceived, arrived.front(), *codec_});
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
    Status refused = watched_->tell({InterceptedMessage::Direction::kSent, told.front(), *codec_});
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

Stream::Received& Stream::received() {
  if (!received_) received_ = std::make_unique<Received>();
  return *received_;
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
  if (!read_) return false;
  if (read_->has_taken()) return true;
  Lock lock(mutex_);
  return read_->has_come();
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
