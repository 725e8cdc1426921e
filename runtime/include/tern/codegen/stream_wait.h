// How coroutines and callbacks wait for a stream.
#pragma once

#include <asio/associated_cancellation_slot.hpp>
#include <asio/associated_executor.hpp>
#include <asio/async_result.hpp>
#include <asio/awaitable.hpp>
#include <asio/cancellation_state.hpp>
#include <asio/dispatch.hpp>
#include <asio/executor_work_guard.hpp>
#include <asio/post.hpp>
#include <asio/this_coro.hpp>
#include <atomic>
#include <cstddef>
#include <memory>
#include <thread>
#include <utility>
#include <vector>

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

// Waits with any Asio completion token of the signature void(). The handler runs through its
// associated executor, at first the stream's. Cancelling its slot ends the wait.
template <typename Token>
auto async_stream_wait(std::shared_ptr<StreamState> stream, StreamWait wait, Token&& token) {
  auto initiate = [](auto handler, std::shared_ptr<StreamState> of, StreamWait how) {
    using Handler = decltype(handler);
    auto slot = asio::get_associated_cancellation_slot(handler);
    if (slot.is_connected()) {
      slot.assign([of, how](asio::cancellation_type) { ((*of).*how.cancel)(); });
    }
    auto executor = asio::get_associated_executor(handler, of->executor());
    // The guard keeps the handler's io_context running until there is something to run.
    auto guard = asio::make_work_guard(executor);
    // Once the handler has run, its io_context may be destroyed at any moment. So it does not begin
    // before the thread that gives it has finished with the io_context.
    UniqueFunction<void()> ready = [guard = std::move(guard), handler = std::move(handler),
                                    of]() mutable {
      auto given = std::make_shared<std::atomic<bool>>(false);
      auto where = guard.get_executor();
      asio::dispatch(where, [guard = std::move(guard), handler = Handler(std::move(handler)), given,
                             giver = std::this_thread::get_id()]() mutable {
        if (std::this_thread::get_id() != giver) given->wait(false);
        auto its_slot = asio::get_associated_cancellation_slot(handler);
        if (its_slot.is_connected()) its_slot.clear();
        std::move(handler)();
      });
      given->store(true);
      given->notify_all();
    };
    if (((*of).*how.leave)(ready)) return;
    // Nothing to wait for. A coroutine that went on from here would go deeper with every such wait.
    asio::post(executor, std::move(ready));
  };
  return asio::async_initiate<Token, void()>(std::move(initiate), token, std::move(stream), wait);
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
