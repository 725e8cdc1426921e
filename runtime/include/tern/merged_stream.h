// Streams of several servers, read as one: what call_each() of tern/fan_out.h gives.
#pragma once

#include <asio/awaitable.hpp>
#include <asio/use_awaitable.hpp>
#include <cstddef>
#include <memory>
#include <new>
#include <utility>
#include <vector>

#include "tern/codegen/merged_state.h"
#include "tern/codegen/stream_wait.h"
#include "tern/loop_thread.h"
#include "tern/stream.h"

namespace tern {

// What one of several servers has sent: a message, or the end of its stream.
template <typename T>
class ServerMessage {
 public:
  // Who. Not before it is read.
  const Instance& server() const noexcept { return *source_.server; }
  // Whether it is the end: there is no message then, and none comes from this server any more.
  bool ended() const noexcept { return source_.ended; }
  // How the stream has ended: success if in order.
  const Status& status() const noexcept { return source_.status; }
  // Unless ended(). Its memory is used again by the next read.
  T& message() noexcept { return message_; }
  const T& message() const noexcept { return message_; }

 private:
  template <typename U>
  friend class MergedStream;

  MergedState::Source source_;
  T message_{};
};

// One reader of many streams. They are read in turn, so that one that has much to say does not keep
// the others waiting. Nothing is kept here: what nobody reads stays in the stream of its server,
// whose window stops that server, and no other. A stream that is dropped before its end is
// cancelled, at each server; that never blocks.
// Threads: any, one at a time; cancel() from any.
template <typename T>
class [[nodiscard]] MergedStream {
 public:
  explicit MergedStream(std::shared_ptr<MergedState> state) noexcept : state_(std::move(state)) {}
  MergedStream(MergedStream&&) noexcept = default;
  MergedStream& operator=(MergedStream&& other) noexcept {
    if (this != &other) {
      drop();
      state_ = std::move(other.state_);
      last_ = other.last_;
    }
    return *this;
  }
  ~MergedStream() { drop(); }

  // The next message, or the next end of a server's stream. False: all have ended, or the whole
  // has, and status() says why. The rest is as Reader has it.
  asio::awaitable<bool> read(ServerMessage<T>& message) {
    last_ = take(*state_, message);
    if (last_ == StreamState::Read::kWait) {
      const asio::cancellation_state here = co_await asio::this_coro::cancellation_state;
      const std::shared_ptr<StreamState> waited = state_;
      do {
        co_await async_stream_wait(waited, kWaitRead, asio::use_awaitable);
        last_ = take(*state_, message);
      } while (last_ == StreamState::Read::kWait && !is_cancelled(here));
    }
    co_return last_ == StreamState::Read::kMessage;
  }
  // Runs `done(bool)` once, on a loop's thread, and not from within this call.
  template <typename F>
  void then(ServerMessage<T>& message, F&& done) {
    last_ = StreamState::Read::kMessage;
    const auto attempt = [&message](MergedState& state) -> std::optional<bool> {
      const StreamState::Read last = take(state, message);
      if (last == StreamState::Read::kWait) return std::nullopt;
      return last == StreamState::Read::kMessage;
    };
    stream_then(state_, kWaitRead, attempt, std::decay_t<F>(std::forward<F>(done)));
  }
  // Blocks. Not on a loop's thread, which may have to wait for itself: there it ends the whole with
  // kFailedPrecondition.
  bool get(ServerMessage<T>& message) {
    if (on_loop_thread()) {
      state_->cancel(Reader<T>::blocks_loop("get()"));
      return false;
    }
    do {
      state_->block_read();
      last_ = take(*state_, message);
    } while (last_ == StreamState::Read::kWait);
    return last_ == StreamState::Read::kMessage;
  }
  // Takes one if it is here. False: none, or none any more.
  bool try_read(ServerMessage<T>& message) {
    last_ = take(*state_, message);
    const bool found = last_ == StreamState::Read::kMessage;
    // No read waits, so none can have been cancelled: see status().
    if (last_ == StreamState::Read::kWait) last_ = StreamState::Read::kMessage;
    return found;
  }
  // Waits for one, and takes those that are here with it, at most `most`. `messages` is emptied
  // first.
  asio::awaitable<bool> read_batch(std::vector<ServerMessage<T>>& messages, std::size_t most) {
    return read_batch_of(*this, messages, most);
  }

  // Ends all streams: what was not read is lost. Of no effect behind the end.
  void cancel() noexcept { state_->cancel(cancelled()); }

  // Of the whole: success while it goes on, and when every server's stream has ended, however it
  // has. A failure: no server is known, or it was cancelled. kCancelled also if a read was
  // cancelled and the streams go on.
  Status status() const {
    Status ended = state_->read_status();
    if (ended.ok() && last_ == StreamState::Read::kWait) {
      return Status(Code::kCancelled, "the read was cancelled; the streams go on",
                    HandlerRan::kUnknown);
    }
    return ended;
  }

 private:
  static StreamState::Read take(MergedState& state, ServerMessage<T>& into) {
    return state.read(type_ops<T>(), &into.message_, into.source_);
  }
  static Status cancelled() noexcept {
    try {
      return Status(Code::kCancelled, "cancelled by the caller", HandlerRan::kUnknown);
    } catch (const std::bad_alloc&) {
      return Status::without_memory(Code::kCancelled, HandlerRan::kUnknown);
    }
  }
  void drop() noexcept {
    if (state_) state_->cancel(cancelled());
  }

  std::shared_ptr<MergedState> state_;
  StreamState::Read last_ = StreamState::Read::kMessage;
};

}  // namespace tern
