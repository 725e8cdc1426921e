// The reading side of a stream: tern/stream.h says what streams are.
#pragma once

#include <asio/awaitable.hpp>
#include <asio/cancellation_state.hpp>
#include <asio/this_coro.hpp>
#include <asio/use_awaitable.hpp>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "tern/codegen/stream_state.h"
#include "tern/codegen/stream_wait.h"
#include "tern/codegen/type_ops_of.h"
#include "tern/coroutines.h"
#include "tern/loop_thread.h"
#include "tern/status.h"
#include "tern/version.h"

namespace tern {

// The reading side of a stream: of a handler, or a part of a caller's.
template <typename T>
class Reader {
 public:
  explicit Reader(std::shared_ptr<StreamState> state) noexcept : state_(std::move(state)) {}
  Reader(Reader&&) noexcept = default;
  Reader& operator=(Reader&& other) noexcept {
    if (this != &other) {
      if (state_) state_->release_reader();
      state_ = std::move(other.state_);
      last_ = other.last_;
    }
    return *this;
  }
  // A handler that lets go of its Reader reads no more: what still comes is dropped.
  ~Reader() {
    if (state_) state_->release_reader();
  }

  // The next message. False: there is none, and status() says why. `message` stays alive until
  // then; its memory is used again. A read that is cancelled loses no message.
  asio::awaitable<bool> read(T& message) {
    last_ = state_->try_read(type_ops<T>(), &message);
    if (last_ == StreamState::Read::kWait) {
      const asio::cancellation_state here = co_await asio::this_coro::cancellation_state;
      do {
        co_await async_stream_wait(state_, kWaitRead, asio::use_awaitable);
        last_ = state_->try_read(type_ops<T>(), &message);
      } while (last_ == StreamState::Read::kWait && !is_cancelled(here));
    }
    co_return last_ == StreamState::Read::kMessage;
  }
  // The same, for programs without coroutines: runs `done(bool)` once, on the loop's thread, and
  // not from within this call. An exception of `done` is logged and ends nothing. Throws
  // std::bad_alloc; then `done` never runs.
  template <typename F>
  void then(T& message, F&& done) {
    last_ = StreamState::Read::kMessage;
    const auto attempt = [&message](StreamState& stream) -> std::optional<bool> {
      const StreamState::Read last = stream.try_read(type_ops<T>(), &message);
      if (last == StreamState::Read::kWait) return std::nullopt;
      return last == StreamState::Read::kMessage;
    };
    stream_then(state_, kWaitRead, attempt, std::decay_t<F>(std::forward<F>(done)));
  }
  // The same, blocking. Not on a loop's thread, which would wait for itself: there it ends the
  // stream with kFailedPrecondition.
  bool get(T& message) {
    if (on_loop_thread()) {
      state_->cancel(blocks_loop("get()"));
      return false;
    }
    do {
      state_->block_read();
      last_ = state_->try_read(type_ops<T>(), &message);
    } while (last_ == StreamState::Read::kWait);
    return last_ == StreamState::Read::kMessage;
  }
  // Takes a message if one is here. False: none, or none any more.
  bool try_read(T& message) {
    last_ = state_->try_read(type_ops<T>(), &message);
    const bool found = last_ == StreamState::Read::kMessage;
    // No read waits, so none can have been cancelled: see status().
    if (last_ == StreamState::Read::kWait) last_ = StreamState::Read::kMessage;
    return found;
  }
  // Waits for one, and takes those that are here with it, at most `most`. `messages` is emptied
  // first. False: there is none any more.
  asio::awaitable<bool> read_batch(std::vector<T>& messages, std::size_t most) {
    return read_batch_of(*this, messages, most);
  }

  // Why there was no message: success if the peer ended its side in order. kCancelled if the read
  // was cancelled and the stream goes on.
  Status status() const {
    Status ended = state_->read_status();
    if (ended.ok() && last_ == StreamState::Read::kWait) {
      return Status(Code::kCancelled, "the read was cancelled; the stream goes on",
                    HandlerRan::kUnknown);
    }
    return ended;
  }

  static Status blocks_loop(std::string_view what) {
    return Status(Code::kFailedPrecondition,
                  std::string(what) +
                      " on an event loop's thread would wait for itself; use co_await or then()",
                  HandlerRan::kUnknown);
  }

 private:
  std::shared_ptr<StreamState> state_;
  StreamState::Read last_ = StreamState::Read::kMessage;
};

}  // namespace tern
