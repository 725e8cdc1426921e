#include "cluster/side_wait.h"

#include <atomic>
#include <utility>

#include "cluster/cluster_stream.h"

namespace tern::cluster {

bool SideWait::leave(bool for_flush, UniqueFunction<void()>& ready) {
  {
    Lock lock = stream_.lock();
    if (state_ != State::kIdle) {
      lock.unlock();
      stream_.cancel(Status(Code::kFailedPrecondition,
                            side_ == Side::kRead ? "two reads of one stream at the same time"
                                                 : "two writes to one stream at the same time",
                            HandlerRan::kUnknown));
      return false;
    }
    if (stream_.over() || (side_ == Side::kWrite && !for_flush && stream_.writing_closed())) {
      return false;
    }
    state_ = State::kWaits;
    ready_ = std::move(ready);
    for_flush_ = for_flush;
    cancelled_ = false;
  }
  settle();
  return true;
}

void SideWait::block() {
  auto done = std::make_shared<std::atomic<bool>>(false);
  UniqueFunction<void()> ready = [done] {
    done->store(true);
    done->notify_all();
  };
  if (leave(false, ready)) done->wait(false);
}

void SideWait::cancel() noexcept {
  Lock lock = stream_.lock();
  if (state_ != State::kWaits) return;
  cancelled_ = true;
  if (const StreamPtr asked = asked_) {
    lock.unlock();
    cancel_at(*asked);
  } else {
    settle(std::move(lock), In::kCall);
  }
}

void SideWait::cancel_at(stream::Stream& stream) const noexcept {
  side_ == Side::kRead ? stream.cancel_read() : stream.cancel_write();
}

void SideWait::settle() noexcept {
  settle(stream_.lock(), In::kCall);
}

// Runs the waiter's callback, if it can go on, or asks the attempt's stream to call back.
void SideWait::settle(Lock lock, In in) noexcept {
  for (;;) {
    if (state_ != State::kWaits || asked_) return;
    if (cancelled_ || stream_.over()) break;
    if (side_ == Side::kRead && stream_.filter().has_ahead()) break;
    if (side_ == Side::kWrite && !for_flush_ && stream_.writing_closed()) break;
    if (!stream_.attempt()) return;
    const StreamPtr stream = asked_ = stream_.attempt();
    const bool for_flush = for_flush_;
    lock.unlock();
    const Seen seen = look(for_flush, stream);
    lock.lock();
    if (seen == Seen::kWaits) {
      // Who has cancelled meanwhile may have come too early.
      const bool again = cancelled_ && asked_ == stream;
      lock.unlock();
      if (again) cancel_at(*stream);
      return;
    }
    asked_.reset();
    if (seen == Seen::kReady) break;
    if (cancelled_ || stream_.over() || stream_.attempt() != stream) continue;
    // What follows comes with go_to(), or with the end of the call.
    if (side_ == Side::kRead) stream_.note_drained(std::move(lock));
    return;
  }
  if (in == In::kCall) {
    state_ = State::kRunsSoon;
    lock.unlock();
    return stream_.post(*this);
  }
  UniqueFunction<void()> ready = take();
  lock.unlock();
  stream::run_logged(ready, stream_.owner());
}

UniqueFunction<void()> SideWait::take() noexcept {
  state_ = State::kIdle;
  return std::move(ready_);
}

void SideWait::run_on_loop() {
  UniqueFunction<void()> ready;
  {
    const Lock lock = stream_.lock();
    ready = take();
  }
  stream::run_logged(ready, stream_.owner());
}

// It may keep its stream.
void SideWait::dropped() noexcept {
  UniqueFunction<void()> ready;
  const Lock lock = stream_.lock();
  ready = take();
}

// On the loop of the attempt's stream.
void SideWait::on_progress() noexcept {
  Lock lock = stream_.lock();
  asked_.reset();
  settle(std::move(lock), In::kCallback);
}

// Whether it is ready, or else will call back. With the stream asked, and without the lock.
SideWait::Seen SideWait::look(bool for_flush, const StreamPtr& stream) noexcept {
  UniqueFunction<void()> progress = [alive = stream_.shared_from_this(), this] { on_progress(); };
  return side_ == Side::kRead ? look_at_reading(stream, progress)
                              : look_at_writing(for_flush, *stream, progress);
}

SideWait::Seen SideWait::look_at_reading(const StreamPtr& stream,
                                         UniqueFunction<void()>& progress) {
  ReplayFilter& filter = stream_.filter();
  filter.read_from(stream);
  for (;;) {
    if (filter.skips() && filter.read_ahead(*stream)) return Seen::kReady;
    if (stream->wait_read(progress)) return Seen::kWaits;
    if (stream->has_message()) {
      if (filter.skips()) continue;
      return Seen::kReady;
    }
    if (stream->ended()) return stream_.adopt_end(*stream) ? Seen::kReady : Seen::kEnded;
  }
}

SideWait::Seen SideWait::look_at_writing(bool for_flush, stream::Stream& stream,
                                         UniqueFunction<void()>& progress) {
  if (for_flush) {
    if (stream.wait_flushed(progress)) return Seen::kWaits;
    return stream.ended() && !stream.flushed() ? Seen::kEnded : Seen::kReady;
  }
  if (stream.wait_write(progress)) return Seen::kWaits;
  return stream.ended() ? Seen::kEnded : Seen::kReady;
}

}  // namespace tern::cluster
