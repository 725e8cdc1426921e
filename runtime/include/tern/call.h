// A call that has been started, and the three ways to finish it.
#pragma once

#include <asio/associated_cancellation_slot.hpp>
#include <asio/associated_executor.hpp>
#include <asio/dispatch.hpp>
#include <asio/executor_work_guard.hpp>
#include <asio/post.hpp>
#include <asio/use_awaitable.hpp>
#include <thread>
#include <type_traits>
#include <utility>

#include "tern/channel.h"
#include "tern/codegen/call_state.h"
#include "tern/coroutines.h"
#include "tern/field.h"
#include "tern/loop_thread.h"
#include "tern/result.h"

namespace tern {

// A call on its way. Start ten, then finish ten. Finish it with get(), async() or then(), once: a
// second time they fail with kFailedPrecondition, whatever the outcome of the call. Dropping it
// without that discards the reply (it does not cancel the call). Threads: one at a time; cancel()
// from any, also while another thread is in get().
template <typename T>
class [[nodiscard]] Call {
 public:
  // What the reply is decoded into; a method without a result replies with Nothing.
  using Value = std::conditional_t<std::is_void_v<T>, Nothing, T>;
  using State = CallStateOf<Value>;

  explicit Call(CallRef state) noexcept : state_(std::move(state)) {}

  // Blocks until the reply, the deadline, cancel() or the loss of the connection. Not on a loop's
  // thread (a handler, a callback): there it fails with kFailedPrecondition instead of waiting for
  // ever.
  Result<T> get() {
    if (!state_->done() && on_loop_thread()) {
      return Status(Code::kFailedPrecondition,
                    "get() on an event loop's thread would wait for itself; use co_await or then()",
                    HandlerRan::kUnknown);
    }
    if (!state_->claim()) return finished_before();
    state_->wait();
    return take(*state_);
  }

  // Runs `done(Result<T>)` once: on the connection's loop thread, or right here if the reply is in.
  // Not in the middle of another callback that runs right here, but behind it: a callback that
  // starts a call, which fails at once, may finish that with then(), again and again. An exception
  // of `done` is logged (ClientOptions::log) and ends nothing.
  template <typename F>
  void then(F&& done) {
    CallRef outcome = claim();
    CallState& state = *outcome;
    state.on_done(
        [self = std::move(outcome), done = std::forward<F>(done)]() mutable { done(take(*self)); });
  }

  // Any Asio completion token with the signature void(Result<T>); without one, `co_await` it:
  //   tern::Call<std::int64_t> call = arith.Multiply({7, 8});
  //   tern::Result<std::int64_t> product = co_await call.async();
  // The handler runs through its associated executor, and never before async() has returned.
  // Cancelling its slot cancels the call.
  template <typename Token = asio::use_awaitable_t<>>
  auto async(Token&& token = Token()) {
    return asio::async_initiate<Token, void(Result<T>)>(StartWaiting(), token, claim());
  }

  // Cancels the call: it finishes with kCancelled unless it has finished already, and the server is
  // told.
  void cancel() noexcept { state_->cancel(); }

  bool done() const noexcept { return state_->done(); }
  // What the server sent beside the reply, and ahead of it. After the call has finished.
  const Metadata& reply_metadata() const noexcept { return state_->reply_metadata(); }
  const Metadata& initial_metadata() const noexcept { return state_->initial_metadata(); }

 private:
  struct StartWaiting {
    template <typename Handler>
    void operator()(Handler&& handler, CallRef state) const {
      auto slot = asio::get_associated_cancellation_slot(handler);
      if (slot.is_connected()) {
        slot.assign([state](asio::cancellation_type) { state->cancel(); });
      }
      // The guard keeps the handler's io_context running until there is something to run.
      auto guard = asio::make_work_guard(handler);
      auto executor = guard.get_executor();
      UniqueFunction<void()> give = [state, guard = std::move(guard),
                                     handler = std::forward<Handler>(handler)]() mutable {
        CallState& done = *state;
        hand_over(std::move(state), std::move(guard), std::move(handler));
        done.set_handed_over();
      };
      if (state->leave_callback(give)) return;
      // Done already. A coroutine that went on from here would go deeper with every such call.
      auto later = [state, give = std::move(give), giver = std::this_thread::get_id()]() mutable {
        if (std::this_thread::get_id() != giver) state->wait_handed_over();
        give();
      };
      asio::post(executor, std::move(later));
      state->set_handed_over();
    }
  };

  // Once the handler has run, its io_context may be destroyed at any moment. So the handler does
  // not begin before this thread has finished with the io_context, of which the guard is a part.
  template <typename Guard, typename Handler>
  static void hand_over(CallRef state, Guard guard, Handler handler) {
    auto executor = guard.get_executor();
    auto run = [state = std::move(state), guard = std::move(guard), handler = std::move(handler),
                giver = std::this_thread::get_id()]() mutable {
      if (std::this_thread::get_id() != giver) state->wait_handed_over();
      // On the handler's own thread, as everything that touches its slot.
      auto slot = asio::get_associated_cancellation_slot(handler);
      if (slot.is_connected()) slot.clear();
      std::move(handler)(take(*state));
    };
    asio::dispatch(executor, std::move(run));
  }

  static Status finished_before() {
    return Status(Code::kFailedPrecondition,
                  "this call has been finished before; get(), then() and async() give its outcome "
                  "once",
                  HandlerRan::kUnknown);
  }
  // The state; or, if its outcome has been given before, one that says so.
  CallRef claim() const {
    if (state_->claim()) return state_;
    CallRef spent(new State());
    spent->complete(finished_before());
    return spent;
  }

  static Result<T> take(CallState& state) {
    if (!state.status().ok()) return state.status();
    if constexpr (std::is_void_v<T>) {
      return Result<void>();
    } else {
      return std::move(static_cast<State&>(state).value());
    }
  }

  CallRef state_;
};

// What a generated stub's methods do. `argument` points to a value of the method's argument type.
template <typename T>
Call<T> start_call(Channel& channel, const Method& method, const void* argument,
                   const CallOptions& options) {
  CallRef state(new typename Call<T>::State());
  Call<T> call(state);
  channel.start(method, argument, options, std::move(state));
  return call;
}

}  // namespace tern
