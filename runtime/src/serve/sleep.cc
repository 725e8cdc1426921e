#include "tern/sleep.h"

#include <asio/associated_cancellation_slot.hpp>
#include <asio/associated_executor.hpp>
#include <asio/cancellation_type.hpp>
#include <asio/executor_work_guard.hpp>
#include <asio/post.hpp>
#include <asio/use_awaitable.hpp>
#include <memory>
#include <type_traits>
#include <utility>

#include "base/timer_queue.h"
#include "net/loop.h"

namespace tern {

namespace {

// Who sleeps: woken once, by the time or by a cancellation, whichever comes first. Keeps itself
// alive until then.
template <typename Handler>
class Sleeper : public std::enable_shared_from_this<Sleeper<Handler>> {
 public:
  explicit Sleeper(Handler handler)
      : guard_(asio::make_work_guard(handler)), handler_(std::move(handler)) {}

  void start(Loop& loop, std::chrono::nanoseconds duration) {
    self_ = this->shared_from_this();
    if (duration <= std::chrono::nanoseconds::zero()) {
      wake({});
      return;
    }
    timer_.set_callback([this] { wake({}); });
    loop.start_timer(timer_, duration);
  }

  void wake(Result<void> outcome) {
    if (!self_) return;
    std::shared_ptr<Sleeper> alive = std::move(self_);
    timer_.cancel();
    auto executor = guard_.get_executor();
    // The guard goes with the handler: once that has run, its io_context may be destroyed.
    auto resume = [guard = std::move(guard_), handler = std::move(handler_),
                   outcome = std::move(outcome)]() mutable {
      std::move(handler)(std::move(outcome));
    };
    asio::post(executor, std::move(resume));
  }

 private:
  std::shared_ptr<Sleeper> self_;  // while it sleeps
  asio::executor_work_guard<asio::associated_executor_t<Handler>> guard_;
  Handler handler_;
  base::Timer timer_;
};

struct StartSleeping {
  template <typename Handler>
  void operator()(Handler&& handler, ServerContext* context,
                  std::chrono::nanoseconds duration) const {
    auto slot = asio::get_associated_cancellation_slot(handler);
    auto sleeper = std::make_shared<Sleeper<std::decay_t<Handler>>>(std::forward<Handler>(handler));
    if (slot.is_connected()) {
      slot.assign([sleeper](asio::cancellation_type) {
        sleeper->wake(Status(Code::kCancelled, "a sleep was cut short: nobody waits for it"));
      });
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
