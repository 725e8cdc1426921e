#include "stream/program_side.h"

#include <fmt/format.h>

#include <exception>
#include <new>
#include <string>

#include "base/no_destructor.h"
#include "wire/packed_codec.h"

namespace tern::stream {

namespace {

// Made before it is needed: who lets go of a Writer has no memory to ask for.
const base::NoDestructor<Status> kLetGo(Code::kInternal,
                                        "the handler let go of its Writer without finish()");

std::unique_ptr<ReadHalf> read_half(const StreamSetup& setup) {
  return setup.reads ? std::make_unique<ReadHalf>(setup.receive, setup.decode) : nullptr;
}

std::unique_ptr<WriteHalf> write_half(const StreamSetup& setup) {
  if (!setup.writes && !setup.serves) return nullptr;
  return std::make_unique<WriteHalf>(setup.writes ? WriteHalf::Has::kMessages
                                                  : WriteHalf::Has::kEndOnly);
}

}  // namespace

ProgramSide::ProgramSide(std::shared_ptr<Loop> loop, const StreamSetup& setup)
    : loop_(std::move(loop)),
      serves_(setup.serves),
      unreadable_(setup.unreadable),
      read_(read_half(setup)),
      write_(write_half(setup)) {}

ProgramSide::~ProgramSide() = default;

void ProgramSide::add_watch(std::shared_ptr<MessageWatch> watch) {
  Lock lock(mutex_);
  if (!watched_) watched_ = std::make_unique<Watched>();
  watched_->add(std::move(watch));
}

void ProgramSide::make_room_to_wait() {
  Lock lock(mutex_);
  if (read_) read_->waiter().make_room();
  if (write_) write_->waiter().make_room();
}

// --- The program reads ---

// Who waits without having tried to read has said nothing yet.
void ProgramSide::tell_consumed() noexcept {
  if (!read_ || read_->settled()) return;
  Lock lock(mutex_);
  read_->settle();
  if (read_->receive().owes_grant()) tell_work(std::move(lock));
}

ProgramSide::Read ProgramSide::try_read(const TypeOps& type, void* message) {
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
  } catch (const std::bad_alloc&) {
    give_up(Status::without_memory(Code::kResourceExhausted, handler_ran()), Lock(mutex_));
    return Read::kEnd;
  } catch (const std::exception& thrown) {
    failure = Status(Code::kInternal, thrown.what());
  }
  const bool much = half.pop();
  if (!failure.ok()) {
    refuse_unread(failure);
    return Read::kEnd;
  }
  if (much) {
    Lock lock(mutex_);
    half.settle();
    if (half.receive().owes_grant()) tell_work(std::move(lock));
  }
  return Read::kMessage;
}

Status ProgramSide::unreadable(const Status& failure) const {
  const bool too_long = failure.code() == Code::kResourceExhausted;
  return Status(too_long ? failure.code() : unreadable_,
                fmt::format("a message of the stream cannot be read: {}", failure.message()),
                HandlerRan::kYes);
}

// The outcome may have come with the messages: it is not what the program finds at their end.
void ProgramSide::refuse_unread(const Status& failure) {
  Status why = unreadable(failure);
  Lock lock(mutex_);
  if (phase_ != Phase::kEnded) return give_up(why, std::move(lock));
  status_ = std::move(why);
  read_->drop_come();
  unread_dropped_.store(true, std::memory_order_release);
}

bool ProgramSide::readable() const noexcept {
  return !read_ || over() || read_->readable();
}

bool ProgramSide::wait_read(UniqueFunction<void()>& ready) {
  if (read_ && read_->has_taken()) return false;
  tell_consumed();
  Lock lock(mutex_);
  if (readable()) return false;
  return wait(read_->waiter(), Waiter::For::kProgress, ready,
              "two reads of one stream at the same time", std::move(lock));
}

bool ProgramSide::wait(Waiter& waiter, Waiter::For what, UniqueFunction<void()>& ready,
                       std::string_view twice, Lock lock) {
  if (waiter.waiting()) {
    give_up(Status(Code::kFailedPrecondition, std::string(twice), handler_ran()), std::move(lock));
    return false;
  }
  waiter.begin(what, ready);
  return true;
}

void ProgramSide::cancel_read() noexcept {
  {
    Lock lock(mutex_);
    if (!read_ || !read_->waiter().waiting()) return;
    read_->waiter().cancel();
  }
  wake_later();
}

template <typename Condition>
void ProgramSide::block_until(Condition condition) {
  for (;;) {
    const std::uint32_t seen = changes_.load(std::memory_order_acquire);
    {
      Lock lock(mutex_);
      if (condition()) return;
    }
    changes_.wait(seen, std::memory_order_acquire);
  }
}

void ProgramSide::block_read() {
  if (read_ && read_->has_taken()) return;
  tell_consumed();
  block_until([this] { return readable(); });
}

Status ProgramSide::read_status() const {
  Lock lock(mutex_);
  return over() ? status_ : Status();
}

// --- The program writes ---

void ProgramSide::set_compression(Compression how) noexcept {
  Lock lock(mutex_);
  compression_ = how;
}

const Codec& ProgramSide::write_codec() const noexcept {
  const auto* packed = compression_ ? dynamic_cast<const wire::PackedCodec*>(codec_) : nullptr;
  return packed ? packed->with(*compression_) : *codec_;
}

ProgramSide::Write ProgramSide::try_write(const TypeOps& type, const void* message) {
  Lock lock(mutex_);
  if (over() || !write_ || !write_->open()) return Write::kEnd;
  if (phase_ == Phase::kUnopened || !write_->has_room()) return Write::kWait;
  Status failure;
  if (watched_) {
    failure = write_->push(write_codec(), type, message, watched_->written);
    write_->send().set_untold(watched_->written_cost());
  } else {
    failure = write_->push(write_codec(), type, message, write_->send().queue());
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

bool ProgramSide::writable() const noexcept {
  return over() || !write_ || !write_->open() || (phase_ == Phase::kOpen && write_->has_room());
}

bool ProgramSide::wait_write(UniqueFunction<void()>& ready) {
  Lock lock(mutex_);
  if (writable()) return false;
  return wait(write_->waiter(), Waiter::For::kProgress, ready,
              "two writes to one stream at the same time", std::move(lock));
}

void ProgramSide::cancel_write() noexcept {
  {
    Lock lock(mutex_);
    if (!write_ || !write_->waiter().waiting()) return;
    write_->waiter().cancel();
  }
  wake_later();
}

void ProgramSide::block_write() {
  block_until([this] { return writable(); });
}

bool ProgramSide::flushed_or_over() const noexcept {
  return over() || !write_ || write_->flushed();
}

bool ProgramSide::wait_flushed(UniqueFunction<void()>& ready) {
  Lock lock(mutex_);
  if (flushed_or_over()) return false;
  return wait(write_->waiter(), Waiter::For::kFlushed, ready,
              "two writes to one stream at the same time", std::move(lock));
}

bool ProgramSide::flushed() const {
  Lock lock(mutex_);
  return !write_ || write_->flushed();
}

Status ProgramSide::write_status() const {
  return read_status();
}

void ProgramSide::end_writing() noexcept {
  Lock lock(mutex_);
  if (over() || !write_ || !write_->open()) return;
  write_->close();
  tell_work(std::move(lock));
}

// --- The program ends it ---

void ProgramSide::cancel(const Status& why) noexcept {
  give_up(why, Lock(mutex_));
}

void ProgramSide::give_up(const Status& why, Lock lock) noexcept {
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

void ProgramSide::finish(Status outcome) noexcept {
  Lock lock(mutex_);
  if (over() || keep_ != Keep::kKept) return;
  keep_ = Keep::kFinished;
  write_->close();
  status_ = std::move(outcome);
  tell_work(std::move(lock));
}

void ProgramSide::keep() noexcept {
  Lock lock(mutex_);
  if (serves_ && keep_ == Keep::kNo) keep_ = Keep::kKept;
}

void ProgramSide::release_reader() noexcept {
  Lock lock(mutex_);
  if (!serves_ || !read_ || !read_->open() || over()) return;
  read_->discard();
  tell_work(std::move(lock));
}

void ProgramSide::release_writer() noexcept {
  finish(*kLetGo);
}

Metadata ProgramSide::initial_metadata() const {
  Lock lock(mutex_);
  return received_ ? received_->initial : Metadata();
}

Metadata ProgramSide::trailing_metadata() const {
  Lock lock(mutex_);
  return received_ ? received_->trailing : Metadata();
}

asio::any_io_executor ProgramSide::executor() const noexcept {
  return loop_->io().get_executor();
}

ProgramSide::Received& ProgramSide::received() {
  if (!received_) received_ = std::make_unique<Received>();
  return *received_;
}

// --- It waits ---

void ProgramSide::wake_later() noexcept {
  changes_.fetch_add(1, std::memory_order_release);
  changes_.notify_all();
  post_self();
}

bool ProgramSide::reader_settled() const noexcept {
  if (!read_ || !read_->waiter().waiting()) return false;
  return read_->waiter().cancelled() || readable();
}

bool ProgramSide::writer_settled() const noexcept {
  if (!write_ || !write_->waiter().waiting()) return false;
  const Waiter& waiter = write_->waiter();
  if (waiter.cancelled()) return true;
  return waiter.what() == Waiter::For::kFlushed ? flushed_or_over() : writable();
}

void ProgramSide::wake() {
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
  std::shared_ptr<ProgramSide> alive = shared_from_this();
  if (reader) run_logged(reader, owner_);
  if (writer) run_logged(writer, owner_);
}

void ProgramSide::run_later(UniqueFunction<void()> task) {
  loop_->post([self = shared_from_this(), task = std::move(task)]() mutable {
    run_logged(task, self->owner_);
  });
}

bool ProgramSide::wants_wake() const {
  Lock lock(mutex_);
  return reader_settled() || writer_settled();
}

// --- For one who may open another ---

bool ProgramSide::moved() const {
  Lock lock(mutex_);
  return moved_;
}

bool ProgramSide::ended() const {
  Lock lock(mutex_);
  return over();
}

bool ProgramSide::has_message() const {
  if (unread_dropped()) return false;
  if (!read_) return false;
  if (read_->has_taken()) return true;
  Lock lock(mutex_);
  return read_->has_come();
}

}  // namespace tern::stream
