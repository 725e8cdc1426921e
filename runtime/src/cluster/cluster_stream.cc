#include "cluster/cluster_stream.h"

#include <atomic>
#include <utility>

#include "cluster/stream_call.h"

namespace tern::cluster {
namespace {

// What an attempt can end with and the call still go on. See StreamCall.
bool may_go_on(const Status& end) noexcept {
  return end.ok() || end.code() == Code::kUnavailable || end.code() == Code::kResourceExhausted ||
         end.code() == Code::kOutOfRange;
}

}  // namespace

ClusterStream::ClusterStream(Loop& home, const Method& method)
    : home_(home.shared_from_this()), method_(method), filter_(method) {}

ClusterStream::~ClusterStream() = default;

// --- The program reads ---

ClusterStream::StreamPtr ClusterStream::current() const {
  Lock lock(mutex_);
  return stream_;
}

void ClusterStream::begin_reading(const StreamPtr& stream) {
  if (read_from_ == stream) return;
  read_from_ = stream;
  filter_.restart();
}

StreamState::Read ClusterStream::try_read(const TypeOps& type, void* message) {
  for (;;) {
    StreamPtr stream;
    {
      Lock lock(mutex_);
      if (end_ == End::kGivenUp) return Read::kEnd;
      stream = stream_;
      if (!stream) return over() ? Read::kEnd : Read::kWait;
    }
    if (filter_.has_ahead()) {
      filter_.take_ahead(message);
      return Read::kMessage;
    }
    begin_reading(stream);
    const Read read = stream->try_read(type, message);
    if (read == Read::kWait) return Read::kWait;
    if (read == Read::kMessage) {
      if (filter_.accept(message)) return Read::kMessage;
      continue;
    }
    if (adopt_end(*stream)) return Read::kEnd;
    Lock lock(mutex_);
    if (over()) return Read::kEnd;
    if (stream_ != stream) continue;
    note_drained(std::move(lock));
    return Read::kWait;
  }
}

// The call hears of it later than the program, which has found it out.
bool ClusterStream::adopt_end(const stream::Stream& stream) {
  Status end = stream.read_status();
  if (may_go_on(end)) return false;
  Lock lock(mutex_);
  if (stream_.get() != &stream) return false;
  // The outcome may have come before a message was found that cannot be read.
  if (!over() || (end_ == End::kEnded && status_.ok())) {
    end_ = End::kEnded;
    status_ = std::move(end);
  }
  return true;
}

void ClusterStream::note_drained(Lock lock) {
  if (std::exchange(drained_, true)) return;
  lock.unlock();
  if (auto call = call_.lock()) call->on_drained();
}

Status ClusterStream::read_status() const {
  Lock lock(mutex_);
  return status_;
}

// --- The program writes ---

StreamState::Write ClusterStream::try_write(const TypeOps& type, const void* message) {
  StreamPtr stream;
  {
    Lock lock(mutex_);
    if (over() || writing_closed_ || !client_streams(method_.kind)) return Write::kEnd;
    stream = stream_;
  }
  if (!stream) return Write::kWait;
  const Write done = stream->try_write(type, message);
  if (done != Write::kEnd || adopt_end(*stream)) return done;
  Lock lock(mutex_);
  return over() ? Write::kEnd : Write::kWait;
}

bool ClusterStream::flushed() const {
  const StreamPtr stream = current();
  return !stream || stream->flushed();
}

void ClusterStream::set_compression(Compression how) noexcept {
  StreamPtr stream;
  {
    Lock lock(mutex_);
    compression_ = how;
    stream = stream_;
  }
  if (stream) stream->set_compression(how);
}

void ClusterStream::end_writing() noexcept {
  StreamPtr stream;
  {
    Lock lock(mutex_);
    writing_closed_ = true;
    stream = stream_;
  }
  if (stream) stream->end_writing();
  settle(Side::kWrite, Lock(mutex_), false);
}

// --- It waits ---

bool ClusterStream::wait_read(UniqueFunction<void()>& ready) {
  return leave(Side::kRead, false, ready);
}

bool ClusterStream::wait_write(UniqueFunction<void()>& ready) {
  return leave(Side::kWrite, false, ready);
}

bool ClusterStream::wait_flushed(UniqueFunction<void()>& ready) {
  return leave(Side::kWrite, true, ready);
}

bool ClusterStream::leave(Side side, bool for_flush, UniqueFunction<void()>& ready) {
  Waiter& waiter = side == Side::kRead ? reader_ : writer_;
  {
    Lock lock(mutex_);
    if (waiter.ready) {
      lock.unlock();
      cancel(Status(Code::kFailedPrecondition,
                    side == Side::kRead ? "two reads of one stream at the same time"
                                        : "two writes to one stream at the same time",
                    HandlerRan::kUnknown));
      return false;
    }
    if (over() || (side == Side::kWrite && !for_flush && writing_closed_)) return false;
    waiter.ready = std::move(ready);
    waiter.for_flush = for_flush;
    waiter.cancelled = false;
  }
  settle(side, Lock(mutex_), false);
  return true;
}

// Whether it is ready, or else will call back. With the side's waiter asked, and without the lock.
ClusterStream::Seen ClusterStream::look(Side side, bool for_flush, const StreamPtr& stream) {
  UniqueFunction<void()> progress = [self = shared_from_this(), side] { self->on_progress(side); };
  if (side == Side::kWrite) {
    if (for_flush) {
      if (stream->wait_flushed(progress)) return Seen::kWaits;
      return stream->ended() && !stream->flushed() ? Seen::kEnded : Seen::kReady;
    }
    if (stream->wait_write(progress)) return Seen::kWaits;
    return stream->ended() ? Seen::kEnded : Seen::kReady;
  }
  begin_reading(stream);
  for (;;) {
    if (filter_.skips() && filter_.read_ahead(*stream)) return Seen::kReady;
    if (stream->wait_read(progress)) return Seen::kWaits;
    if (stream->has_message()) {
      if (filter_.skips()) continue;
      return Seen::kReady;
    }
    if (stream->ended()) return adopt_end(*stream) ? Seen::kReady : Seen::kEnded;
  }
}

// Runs the waiter's callback, if it can go on, or asks the attempt's stream to call back.
void ClusterStream::settle(Side side, Lock lock, bool in_callback) noexcept {
  Waiter& waiter = side == Side::kRead ? reader_ : writer_;
  for (;;) {
    if (!waiter.ready || waiter.asked) return;
    if (waiter.cancelled || over()) break;
    if (side == Side::kRead && filter_.has_ahead()) break;
    if (side == Side::kWrite && !waiter.for_flush && writing_closed_) break;
    if (!stream_) return;
    const StreamPtr stream = waiter.asked = stream_;
    const bool for_flush = waiter.for_flush;
    lock.unlock();
    const Seen seen = look(side, for_flush, stream);
    lock.lock();
    if (seen == Seen::kWaits) {
      // Who has cancelled meanwhile may have come too early.
      const bool again = waiter.cancelled && waiter.asked == stream;
      lock.unlock();
      if (!again) return;
      side == Side::kRead ? stream->cancel_read() : stream->cancel_write();
      return;
    }
    waiter.asked.reset();
    if (seen == Seen::kReady) break;
    if (waiter.cancelled || over() || stream_ != stream) continue;
    // What follows comes with go_to(), or with the end of the call.
    if (side == Side::kRead) note_drained(std::move(lock));
    return;
  }
  UniqueFunction<void()> ready = std::move(waiter.ready);
  lock.unlock();
  run(ready, in_callback);
}

// On the loop of the attempt's stream.
void ClusterStream::on_progress(Side side) noexcept {
  Lock lock(mutex_);
  (side == Side::kRead ? reader_ : writer_).asked.reset();
  settle(side, std::move(lock), true);
}

void ClusterStream::run(UniqueFunction<void()>& ready, bool in_callback) {
  if (in_callback) {
    stream::run_logged(ready, call_);
  } else {
    run_later(std::move(ready));
  }
}

void ClusterStream::run_later(UniqueFunction<void()> task) {
  home_->post([self = shared_from_this(), task = std::move(task)]() mutable {
    stream::run_logged(task, self->call_);
  });
}

void ClusterStream::cancel_read() noexcept {
  cancel_wait(Side::kRead);
}

void ClusterStream::cancel_write() noexcept {
  cancel_wait(Side::kWrite);
}

void ClusterStream::cancel_wait(Side side) noexcept {
  Waiter& waiter = side == Side::kRead ? reader_ : writer_;
  Lock lock(mutex_);
  if (!waiter.ready) return;
  waiter.cancelled = true;
  if (const StreamPtr asked = waiter.asked) {
    lock.unlock();
    side == Side::kRead ? asked->cancel_read() : asked->cancel_write();
  } else {
    settle(side, std::move(lock), false);
  }
}

void ClusterStream::block(Side side) {
  auto done = std::make_shared<std::atomic<bool>>(false);
  UniqueFunction<void()> ready = [done] {
    done->store(true);
    done->notify_all();
  };
  if (leave(side, false, ready)) done->wait(false);
}

// Mostly there is an attempt's stream that goes on, and no loop is needed to wait for it.
void ClusterStream::block_read() {
  const StreamPtr stream = current();
  if (stream && stream == read_from_ && !filter_.skips()) {
    stream->block_read();
    if (stream->has_message()) return;
  }
  block(Side::kRead);
}

void ClusterStream::block_write() {
  if (const StreamPtr stream = current()) {
    stream->block_write();
    if (!stream->ended()) return;
  }
  block(Side::kWrite);
}

// --- The end ---

void ClusterStream::cancel(const Status& why) noexcept {
  StreamPtr stream;
  {
    Lock lock(mutex_);
    if (over()) return;
    end_ = End::kGivenUp;
    status_ = why;
    stream = stream_;
  }
  if (stream) stream->cancel(why);
  if (auto call = call_.lock()) call->cancel(0);
  settle(Side::kRead, Lock(mutex_), false);
  settle(Side::kWrite, Lock(mutex_), false);
}

void ClusterStream::end_with_call(const Status& outcome, const Metadata& trailing) noexcept {
  {
    Lock lock(mutex_);
    trailing_ = trailing;
    if (!over()) {
      end_ = End::kEnded;
      status_ = outcome;
    }
  }
  settle(Side::kRead, Lock(mutex_), false);
  settle(Side::kWrite, Lock(mutex_), false);
}

Metadata ClusterStream::initial_metadata() const {
  const StreamPtr stream = current();
  return stream ? stream->initial_metadata() : Metadata();
}

Metadata ClusterStream::trailing_metadata() const {
  Lock lock(mutex_);
  return trailing_;
}

asio::any_io_executor ClusterStream::executor() const noexcept {
  return home_->io().get_executor();
}

// --- The call ---

void ClusterStream::begin(std::weak_ptr<StreamCall> call, bool resumes) {
  call_ = std::move(call);
  if (resumes) filter_.use_positions();
}

void ClusterStream::go_to(std::shared_ptr<stream::Stream> stream) {
  bool closed = false;
  Status given_up;
  std::optional<Compression> compression;
  {
    Lock lock(mutex_);
    stream_ = stream;
    compression = compression_;
    drained_ = false;
    closed = writing_closed_;
    if (end_ == End::kGivenUp) given_up = status_;
  }
  if (compression) stream->set_compression(*compression);
  if (closed) stream->end_writing();
  if (!given_up.ok()) stream->cancel(given_up);
  settle(Side::kRead, Lock(mutex_), false);
  settle(Side::kWrite, Lock(mutex_), false);
}

void ClusterStream::cancel_attempt(const Status& why) noexcept {
  if (const StreamPtr stream = current()) stream->cancel(why);
}

bool ClusterStream::moved() const {
  const StreamPtr stream = current();
  return stream && stream->moved();
}

bool ClusterStream::drained() const {
  Lock lock(mutex_);
  if (drained_ || !stream_) return true;
  const StreamPtr stream = stream_;
  lock.unlock();
  return !stream->moved() || stream->unread_dropped();
}

Status ClusterStream::given_up() const {
  Lock lock(mutex_);
  return end_ == End::kGivenUp ? status_ : Status();
}

}  // namespace tern::cluster
