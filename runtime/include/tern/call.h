// A call that has been started, and the three ways to finish it.
#pragma once

#include <asio/system_executor.hpp>
#include <asio/use_awaitable.hpp>
#include <memory>
#include <new>
#include <type_traits>
#include <utility>

#include "tern/channel.h"
#include "tern/codegen/call_state.h"
#include "tern/codegen/resume.h"
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
    // Without memory to wait the call is cancelled.
    template <typename Handler>
    void operator()(Handler&& handler, CallRef state) const {
      using Made = Waiting<std::decay_t<Handler>, asio::system_executor>;
      const auto give = [state](auto ready) { std::move(ready)(take(*state)); };
      std::shared_ptr<Made> waiting;
      try {
        waiting = std::make_shared<Made>(std::forward<Handler>(handler), asio::system_executor());
        waiting->on_cancel([state] { state->cancel(); });
      } catch (const std::bad_alloc&) {
        state->cancel();
        const auto give_up = [](auto ready) {
          std::move(ready)(
              Result<T>(Status::without_memory(Code::kResourceExhausted, HandlerRan::kUnknown)));
        };
        if (waiting) {
          waiting->run(give_up);
        } else {
          give_up(std::forward<Handler>(handler));
        }
        return;
      }
      UniqueFunction<void()> done = [waiting, give] { waiting->resume(give); };
      if (state->leave_callback(done)) return;
      // Done already. A coroutine that went on from here would go deeper with every such call.
      waiting->resume_later(give);
    }
  };

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
