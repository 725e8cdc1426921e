// How coroutines and callbacks wait for a stream.
#pragma once

#include <asio/any_io_executor.hpp>
#include <asio/async_result.hpp>
#include <asio/awaitable.hpp>
#include <asio/cancellation_state.hpp>
#include <asio/this_coro.hpp>
#include <cstddef>
#include <memory>
#include <new>
#include <optional>
#include <utility>
#include <vector>

#include "tern/codegen/resume.h"
#include "tern/codegen/stream_state.h"

namespace tern {

// The ways to wait, all alike: StreamState::wait_read and so on, and what ends the wait early.
struct StreamWait {
  using Leave = bool (StreamState::*)(UniqueFunction<void()>& ready);
  using Cancel = void (StreamState::*)() noexcept;
  Leave leave;
  Cancel cancel;
};
inline constexpr StreamWait kWaitRead{&StreamState::wait_read, &StreamState::cancel_read};
inline constexpr StreamWait kWaitWrite{&StreamState::wait_write, &StreamState::cancel_write};
inline constexpr StreamWait kWaitFlushed{&StreamState::wait_flushed, &StreamState::cancel_write};

// Ends a stream for which there is no memory to wait.
inline void cancel_without_memory(StreamState& stream) noexcept {
  stream.cancel(Status::without_memory(Code::kResourceExhausted, HandlerRan::kUnknown));
}

// Waits with any Asio completion token of the signature void(). The handler runs through its
// associated executor, at first the stream's. Cancelling its slot ends the wait. Without memory the
// stream ends, and with it the wait.
template <typename Token>
auto async_stream_wait(std::shared_ptr<StreamState> stream, StreamWait wait, Token&& token) {
  auto initiate = [](auto handler, std::shared_ptr<StreamState> of, StreamWait how) {
    using Made = Waiting<decltype(handler), asio::any_io_executor>;
    const auto go_on = [](auto waited) { std::move(waited)(); };
    std::shared_ptr<Made> waiting;
    try {
      waiting = std::make_shared<Made>(std::move(handler), of->executor());
      waiting->on_cancel([of, how] { ((*of).*how.cancel)(); });
      UniqueFunction<void()> ready = [waiting, of, go_on] { waiting->resume(go_on); };
      if (((*of).*how.leave)(ready)) return;
    } catch (const std::bad_alloc&) {
      cancel_without_memory(*of);
      if (waiting) {
        waiting->run(go_on);
      } else {
        go_on(std::move(handler));
      }
      return;
    }
    // Nothing to wait for. A coroutine that went on from here would go deeper with every such wait.
    waiting->resume_later(go_on);
  };
  return asio::async_initiate<Token, void()>(std::move(initiate), token, std::move(stream), wait);
}

// Runs `done(bool)` once with what `attempt(stream)` comes to, which is nothing as long as there is
// something to wait for. A wait after the first one needs no memory: the stream keeps that.
template <typename Stream, typename Attempt, typename Done>
class StreamThen : public std::enable_shared_from_this<StreamThen<Stream, Attempt, Done>> {
 public:
  StreamThen(std::shared_ptr<Stream> stream, StreamWait::Leave leave, Attempt attempt, Done done)
      : stream_(std::move(stream)),
        leave_(leave),
        attempt_(std::move(attempt)),
        done_(std::move(done)) {}

  // Throws std::bad_alloc; then `done` never runs.
  void wait() {
    UniqueFunction<void()> ready = [self = this->shared_from_this()] { self->go_on(); };
    if (!((*stream_).*leave_)(ready)) stream_->run_later(std::move(ready));
  }

 private:
  void go_on() {
    std::optional<bool> outcome;
    try {
      outcome = attempt_(*stream_);
      if (!outcome) return wait();
    } catch (const std::bad_alloc&) {
      cancel_without_memory(*stream_);
    }
    done_(outcome.value_or(false));
  }

  std::shared_ptr<Stream> stream_;
  StreamWait::Leave leave_;
  Attempt attempt_;
  Done done_;
};
template <typename Stream, typename Attempt, typename Done>
void stream_then(std::shared_ptr<Stream> stream, StreamWait wait, Attempt attempt, Done done) {
  std::make_shared<StreamThen<Stream, Attempt, Done>>(std::move(stream), wait.leave,
                                                      std::move(attempt), std::move(done))
      ->wait();
}

// Whether the coroutine of this state was cancelled. A wait that ends early and was not begins
// anew.
inline bool is_cancelled(const asio::cancellation_state& state) noexcept {
  return state.cancelled() != asio::cancellation_type::none;
}

// What all readers have as read_batch(): waits for a message, and takes those that are here with
// it.
template <typename R, typename M>
asio::awaitable<bool> read_batch_of(R& reader, std::vector<M>& messages, std::size_t most) {
  messages.resize(1);
  M& first = messages.front();  // g++ 12 mistakes an element that is named inside co_await
  if (!co_await reader.read(first)) {
    messages.clear();
    co_return false;
  }
  while (messages.size() < most) {
    messages.emplace_back();
    if (reader.try_read(messages.back())) continue;
    messages.pop_back();
    break;
  }
  co_return true;
}

}  // namespace tern
