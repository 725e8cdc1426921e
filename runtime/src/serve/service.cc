#include "tern/service.h"

#include <asio/associated_cancellation_slot.hpp>
#include <asio/cancellation_type.hpp>
#include <memory>
#include <utility>

namespace tern {

namespace {

// A coroutine that awaits the end of a call. It is woken once: by the call's cancellation, or by
// its own (it waits in one branch of an `||`, and the other one was first).
template <typename Handler>
class CancelWaiter {
 public:
  explicit CancelWaiter(Handler handler) : handler_(std::move(handler)) {}

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

struct StartWaitingForCancel {
  template <typename Handler>
  void operator()(Handler&& handler, ServerContext* context) const {
    auto slot = asio::get_associated_cancellation_slot(handler);
    using Waiter = CancelWaiter<std::decay_t<Handler>>;
    auto waiter = std::make_shared<Waiter>(std::forward<Handler>(handler));
    if (slot.is_connected()) {
      slot.assign([waiter](asio::cancellation_type) { waiter->wake(); });
    }
    context->on_cancel([waiter] { waiter->wake(); });
  }
};

}  // namespace

asio::awaitable<void> ServerContext::wait_cancelled() {
  StartWaitingForCancel start;
  co_await asio::async_initiate<const asio::use_awaitable_t<>, void()>(start, asio::use_awaitable,
                                                                       this);
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
