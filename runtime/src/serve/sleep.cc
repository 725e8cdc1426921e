#include "tern/sleep.h"

#include <asio/associated_cancellation_slot.hpp>
#include <asio/associated_executor.hpp>
#include <asio/cancellation_type.hpp>
#include <asio/executor_work_guard.hpp>
#include <asio/post.hpp>
#include <asio/use_awaitable.hpp>
#include <memory>
#include <new>
#include <type_traits>
#include <utility>

#include "base/timer_queue.h"
#include "net/loop.h"

namespace tern {

namespace {

Status no_memory() {
  return Status(Code::kResourceExhausted, "no memory to sleep");
}

// Who sleeps: woken once, by the time or by a cancellation, whichever comes first. Keeps itself
// alive until then. Whoever awaits this is resumed even where there is no memory for it: Asio's
// coroutines cannot be told so by an exception.
template <typename Handler>
class Sleeper : public std::enable_shared_from_this<Sleeper<Handler>> {
 public:
  explicit Sleeper(Handler handler)
      : guard_(asio::make_work_guard(handler)), handler_(std::move(handler)) {}

  void start(Loop& loop, std::chrono::nanoseconds duration) noexcept {
    self_ = this->shared_from_this();
    try {
      auto slot = asio::get_associated_cancellation_slot(handler_);
      if (slot.is_connected()) {
        slot.assign([sleeper = self_](asio::cancellation_type) {
          sleeper->wake(Status(Code::kCancelled, "a sleep was cut short: nobody waits for it"));
        });
      }
      if (duration <= std::chrono::nanoseconds::zero()) {
        wake({});
        return;
      }
      timer_.set_callback([this] { wake({}); });
      loop.start_timer(timer_, duration);
    } catch (const std::bad_alloc&) {
      wake(no_memory());
    }
  }

  void wake(Result<void> outcome) {
    if (!self_) return;
    std::shared_ptr<Sleeper> alive = std::move(self_);
    timer_.cancel();
    outcome_ = std::move(outcome);
    try {
      asio::post(guard_.get_executor(), [alive] { alive->resume(); });
    } catch (const std::bad_alloc&) {
      resume();
    }
  }

 private:
  void resume() {
    Handler handler = std::move(handler_);
    std::move(handler)(std::move(outcome_));
  }

  std::shared_ptr<Sleeper> self_;  // while it sleeps
  // Goes with the handler: once that has run, its io_context may be destroyed.
  asio::executor_work_guard<asio::associated_executor_t<Handler>> guard_;
  Handler handler_;
  Result<void> outcome_;
  base::Timer timer_;
};

struct StartSleeping {
  template <typename Handler>
  void operator()(Handler&& handler, ServerContext* context,
                  std::chrono::nanoseconds duration) const {
    using Made = Sleeper<std::decay_t<Handler>>;
    std::shared_ptr<Made> sleeper;
    try {
      sleeper = std::make_shared<Made>(std::forward<Handler>(handler));
    } catch (const std::bad_alloc&) {
      std::forward<Handler>(handler)(Result<void>(no_memory()));
      return;
    }
    sleeper->start(context->loop(), duration);
  }
};

}  // namespace

asio::awaitable<Result<void>> sleep(ServerContext& context, std::chrono::nanoseconds duration) {
  StartSleeping start;
  co_return co_await asio::async_initiate<const asio::use_awaitable_t<>, void(Result<void>)>(
      start, asio::use_awaitable, &context, duration);
}

}  // namespace tern
