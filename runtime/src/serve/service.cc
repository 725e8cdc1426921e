#include "tern/service.h"

#include <asio/associated_cancellation_slot.hpp>
#include <asio/cancellation_type.hpp>
#include <memory>
#include <utility>

namespace tern {

namespace {

// A coroutine that awaits the end of a call, or that the server drains. It is woken once: by that,
// or by its own cancellation (of the call; or it waits in one branch of an `||`, and the other one
// was first).
template <typename Handler>
class EventWaiter {
 public:
  explicit EventWaiter(Handler handler) : handler_(std::move(handler)) {}

  void wake() {
    if (woken_) return;
    woken_ = true;
    auto executor = asio::get_associated_executor(handler_);
    auto resume = [handler = std::move(handler_)]() mutable { std::move(handler)(); };
    asio::post(executor, std::move(resume));
  }

 private:
  Handler handler_;
  bool woken_ = false;
};

using OnEvent = void (ServerContext::*)(UniqueFunction<void()>);

struct StartWaiting {
  template <typename Handler>
  void operator()(Handler&& handler, ServerContext* context, OnEvent on_event) const {
    auto slot = asio::get_associated_cancellation_slot(handler);
    using Waiter = EventWaiter<std::decay_t<Handler>>;
    auto waiter = std::make_shared<Waiter>(std::forward<Handler>(handler));
    if (slot.is_connected()) {
      slot.assign([waiter](asio::cancellation_type) { waiter->wake(); });
    }
    (context->*on_event)([waiter] { waiter->wake(); });
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
