// The writing side of a stream: tern/stream.h says what streams are.
#pragma once

#include <asio/awaitable.hpp>
#include <asio/use_awaitable.hpp>
#include <memory>
#include <optional>
#include <type_traits>
#include <utility>

#include "tern/codegen/stream_state.h"
#include "tern/codegen/stream_wait.h"
#include "tern/codegen/type_ops_of.h"
#include "tern/loop_thread.h"
#include "tern/reader.h"
#include "tern/reply.h"
#include "tern/status.h"
#include "tern/version.h"

namespace tern {

// The writing side of a stream: of a handler, or a part of a caller's.
template <typename T>
class Writer {
 public:
  explicit Writer(std::shared_ptr<StreamState> state) noexcept : state_(std::move(state)) {}
  Writer(Writer&&) noexcept = default;
  Writer& operator=(Writer&& other) noexcept {
    if (this != &other) {
      if (state_) state_->release_writer();
      state_ = std::move(other.state_);
    }
    return *this;
  }
  ~Writer() {
    if (state_) state_->release_writer();
  }

  // Queues the message, and waits before that while too much is queued. False: nobody will read it,
  // and status() says why.
  asio::awaitable<bool> write(const T& message) {
    StreamState::Write done = state_->try_write(type_ops<T>(), &message);
    while (done == StreamState::Write::kWait) {
      co_await async_stream_wait(state_, kWaitWrite, asio::use_awaitable);
      done = state_->try_write(type_ops<T>(), &message);
    }
    co_return done == StreamState::Write::kQueued;
  }
  // The same, for programs without coroutines: runs `done(bool)` once, on the loop's thread, and
  // not from within this call. `message` stays alive until then. Throws std::bad_alloc; then `done`
  // never runs.
  template <typename F>
  void then(const T& message, F&& done) {
    const auto attempt = [&message](StreamState& stream) -> std::optional<bool> {
      const StreamState::Write last = stream.try_write(type_ops<T>(), &message);
      if (last == StreamState::Write::kWait) return std::nullopt;
      return last == StreamState::Write::kQueued;
    };
    stream_then(state_, kWaitWrite, attempt, std::decay_t<F>(std::forward<F>(done)));
  }
  // The same, blocking: see Reader::get().
  bool put(const T& message) {
    if (on_loop_thread()) {
      state_->cancel(Reader<T>::blocks_loop("put()"));
      return false;
    }
    StreamState::Write done;
    do {
      state_->block_write();
      done = state_->try_write(type_ops<T>(), &message);
    } while (done == StreamState::Write::kWait);
    return done == StreamState::Write::kQueued;
  }
  // Queues the message if there is room. False: there is none now, or nobody will read it any more.
  bool try_write(const T& message) {
    return state_->try_write(type_ops<T>(), &message) == StreamState::Write::kQueued;
  }
  // Waits until the kernel has what was written. False: the stream has ended before that.
  asio::awaitable<bool> flushed() {
    co_await async_stream_wait(state_, kWaitFlushed, asio::use_awaitable);
    co_return state_->flushed();
  }

  // Success as long as the stream goes on.
  Status status() const { return state_->write_status(); }

  // Of a handler's that is kept (see kept()): ends the stream, behind what was written.
  void finish(Status outcome = {}) { state_->finish(std::move(outcome)); }

  const std::shared_ptr<StreamState>& state() const noexcept { return state_; }

 private:
  std::shared_ptr<StreamState> state_;
};

// A handler that returns this leaves its stream open: `writer`, which it has put where it will be
// used, ends it with finish(). So a stream without a coroutine costs no frame. The ServerContext
// is gone then.
//   tern::Reply<void> reply = tern::kept(out);
//   watchers_.push_back(std::move(out));
//   return reply;
template <typename T>
Reply<void> kept(Writer<T>& writer) {
  writer.state()->keep();
  return Reply<void>(KeptReply());
}

}  // namespace tern
