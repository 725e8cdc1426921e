// The streams of one server that move to another one when it leaves.
#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <utility>

#include "stream/stream.h"
#include "tern/status.h"

namespace tern::cluster {

// A list of their members, which takes no memory. Threads: any.
class MovableStreams {
 public:
  // A stream's place in the list of one server, or of the next. Leaves it when it is destroyed.
  // Threads: one at a time.
  class Member;

  MovableStreams() = default;
  MovableStreams(const MovableStreams&) = delete;
  MovableStreams& operator=(const MovableStreams&) = delete;

  // Ends those of connections up to `last`, in the order in which they have joined: their calls
  // move them.
  void end(std::uint64_t last, const Status& why) noexcept;

 private:
  // Of a ring.
  struct Link {
    Link() noexcept = default;
    Link(const Link&) = delete;
    Link& operator=(const Link&) = delete;

    bool alone() const noexcept { return next == this; }
    void put_before(Link& place) noexcept {
      next = &place;
      previous = std::exchange(place.previous, this);
      previous->next = this;
    }
    void take_out() noexcept {
      previous->next = next;
      next->previous = previous;
      next = previous = this;
    }

    Link* next = this;
    Link* previous = this;
  };

  std::mutex mutex_;  // guards the following, and its members
  Link all_;
};

class MovableStreams::Member : private Link {
 public:
  Member() noexcept = default;
  ~Member() { leave(); }

  // `connection`: the number of the one that the stream will be on, or a lower one.
  void join(std::shared_ptr<MovableStreams> streams, const std::shared_ptr<stream::Stream>& stream,
            std::uint64_t connection) noexcept {
    leave();
    streams_ = std::move(streams);
    std::lock_guard lock(streams_->mutex_);
    stream_ = stream;
    connection_ = connection;
    put_before(streams_->all_);
  }
  void leave() noexcept {
    if (const std::shared_ptr<MovableStreams> streams = std::move(streams_)) {
      std::lock_guard lock(streams->mutex_);
      take_out();
    }
  }

 private:
  friend class MovableStreams;

  std::shared_ptr<MovableStreams> streams_;  // that it has joined; or null

  // Guarded by their mutex.
  std::weak_ptr<stream::Stream> stream_;
  std::uint64_t connection_ = 0;
};

inline void MovableStreams::end(std::uint64_t last, const Status& why) noexcept {
  Link ending;
  std::unique_lock lock(mutex_);
  for (Link* one = all_.next; one != &all_;) {
    Link* const next = one->next;
    if (static_cast<Member*>(one)->connection_ <= last) {
      one->take_out();
      one->put_before(ending);
    }
    one = next;
  }
  while (!ending.alone()) {
    auto* const member = static_cast<Member*>(ending.next);
    member->take_out();
    const std::shared_ptr<stream::Stream> stream = member->stream_.lock();
    lock.unlock();
    if (stream) stream->cancel(why);
    lock.lock();
  }
}

}  // namespace tern::cluster
