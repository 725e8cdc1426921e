#include "tern/service.h"

#include <asio/associated_cancellation_slot.hpp>
#include <asio/cancellation_type.hpp>
#include <memory>
#include <new>
#include <utility>

namespace tern {

namespace {

// A coroutine that awaits the end of a call, or that the server drains. It is woken once: by that,
// or by its own cancellation (of the call; or it waits in one branch of an `||`, and the other one
// was first). It is resumed even where there is no memory for it: Asio's coroutines cannot be told
// so by an exception.
template <typename Handler>
class EventWaiter : public std::enable_shared_from_this<EventWaiter<Handler>> {
 public:
  explicit EventWaiter(Handler handler) : handler_(std::move(handler)) {}

  void wake() {
    if (std::exchange(woken_, true)) return;
    std::shared_ptr<EventWaiter> alive = this->shared_from_this();
    try {
      asio::post(asio::get_associated_executor(handler_), [alive] { alive->resume(); });
    } catch (const std::bad_alloc&) {
      resume();
    }
  }

 private:
  void resume() {
    Handler handler = std::move(handler_);
    std::move(handler)();
  }

  Handler handler_;
  bool woken_ = false;
};

using OnEvent = void (ServerContext::*)(UniqueFunction<void()>);

struct StartWaiting {
  template <typename Handler>
  void operator()(Handler&& handler, ServerContext* context, OnEvent on_event) const {
    using Waiter = EventWaiter<std::decay_t<Handler>>;
    std::shared_ptr<Waiter> waiter;
    auto slot = asio::get_associated_cancellation_slot(handler);
    try {
      waiter = std::make_shared<Waiter>(std::forward<Handler>(handler));
    } catch (const std::bad_alloc&) {
      std::forward<Handler>(handler)();
      return;
    }
    try {
      if (slot.is_connected()) {
        slot.assign([waiter](asio::cancellation_type) { waiter->wake(); });
      }
      (context->*on_event)([waiter] { waiter->wake(); });
    } catch (const std::bad_alloc&) {
      waiter->wake();
    }
  }
};

}  // namespace

asio::awaitable<void> ServerContext::wait_cancelled() {
  StartWaiting start;
  co_await asio::async_initiate<const asio::use_awaitable_t<>, void()>(
      start, asio::use_awaitable, this, &ServerContext::on_cancel);
}

asio::awaitable<void> ServerContext::wait_draining() {
  StartWaiting start;
  co_await asio::async_initiate<const asio::use_awaitable_t<>, void()>(
      start, asio::use_awaitable, this, &ServerContext::on_drain);
}

void ServerCall::send_current_exception() {
  try {
    throw;
  } catch (const std::exception& thrown) {
    send_exception(thrown.what());
  } catch (...) {
    send_exception("something that is not a std::exception");
  }
}

}  // namespace tern
