#include "cluster/cluster_stream.h"

#include <new>
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
    : home_(home.shared_from_this()),
      method_(method),
      filter_(method),
      reader_(*this, SideWait::Side::kRead),
      writer_(*this, SideWait::Side::kWrite) {}

ClusterStream::~ClusterStream() = default;

// --- The program reads ---

ClusterStream::StreamPtr ClusterStream::current() const {
  Lock lock(mutex_);
  return stream_;
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
    filter_.read_from(stream);
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
bool ClusterStream::adopt_end(const stream::Stream& stream) noexcept {
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

void ClusterStream::note_drained(Lock lock) noexcept {
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
  writer_.settle();
}

// --- It waits ---

bool ClusterStream::wait_read(UniqueFunction<void()>& ready) {
  return reader_.leave(false, ready);
}

bool ClusterStream::wait_write(UniqueFunction<void()>& ready) {
  return writer_.leave(false, ready);
}

bool ClusterStream::wait_flushed(UniqueFunction<void()>& ready) {
  return writer_.leave(true, ready);
}

void ClusterStream::cancel_read() noexcept {
  reader_.cancel();
}

void ClusterStream::cancel_write() noexcept {
  writer_.cancel();
}

void ClusterStream::settle() noexcept {
  reader_.settle();
  writer_.settle();
}

void ClusterStream::run_later(UniqueFunction<void()> task) {
  home_->post([self = shared_from_this(), task = std::move(task)]() mutable {
    stream::run_logged(task, self->owner());
  });
}

// Mostly there is an attempt's stream that goes on, and no loop is needed to wait for it.
void ClusterStream::block_read() {
  const StreamPtr stream = current();
  if (stream && filter_.reads_from(stream) && !filter_.skips()) {
    stream->block_read();
    if (stream->has_message()) return;
  }
  reader_.block();
}

void ClusterStream::block_write() {
  if (const StreamPtr stream = current()) {
    stream->block_write();
    if (!stream->ended()) return;
  }
  writer_.block();
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
  settle();
}

void ClusterStream::end_with_call(const Status& outcome, const Metadata& trailing) noexcept {
  {
    Lock lock(mutex_);
    try {
      trailing_ = trailing;
    } catch (const std::bad_alloc&) {
      // The outcome counts more.
    }
    if (!over()) {
      end_ = End::kEnded;
      status_ = outcome;
    }
  }
  settle();
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

void ClusterStream::go_to(std::shared_ptr<stream::Stream> stream) noexcept {
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
  settle();
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

std::weak_ptr<CallOwner> ClusterStream::owner() const noexcept {
  return call_;
}

Status ClusterStream::given_up() const {
  Lock lock(mutex_);
  return end_ == End::kGivenUp ? status_ : Status();
}

}  // namespace tern::cluster
