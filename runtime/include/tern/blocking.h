// Work that blocks, on the server's worker threads or ServerOptions::blocking_executor.
#pragma once

#include <asio/awaitable.hpp>
#include <asio/executor_work_guard.hpp>
#include <asio/post.hpp>
#include <asio/use_awaitable.hpp>
#include <exception>
#include <functional>
#include <optional>
#include <tuple>
#include <type_traits>
#include <utility>

#include "tern/reply.h"
#include "tern/result.h"
#include "tern/server_context.h"

namespace tern {

// What blocking() answers with where g++ before 13 would destroy the work twice if it was awaited
// at once: a handler returns it, or turns it into an awaitable that has a name.
template <typename T>
class [[nodiscard]] BlockingReply {
 public:
  using Later = asio::awaitable<Result<T>>;

  explicit BlockingReply(Later later) : later_(std::move(later)) {}

  operator Reply<T>() && { return Reply<T>(std::move(later_)); }  // NOLINT(google-explicit-*)
  operator Later() && { return std::move(later_); }               // NOLINT(google-explicit-*)

  // The result of `co_await`.
  template <typename Frame>
  auto operator()(Frame* /*frame*/) const {
    static_assert(sizeof(Frame) == 0,
                  "co_await tern::blocking(): g++ before 13 destroys twice what is made in a "
                  "co_await expression from a lambda with captures or from braces. Name the lambda "
                  "first and pass its name: auto work = [x] { ... }; co_await "
                  "tern::blocking(context, work); or capture nothing and pass what it needs behind "
                  "it: co_await tern::blocking(context, [](X x) { ... }, x)");
    return static_cast<Frame*>(nullptr);
  }

 private:
  Later later_;
};

namespace internal {

#if defined(__GNUC__) && !defined(__clang__) && __GNUC__ < 13
inline constexpr bool kCoAwaitDestroysTwice = true;
#else
inline constexpr bool kCoAwaitDestroysTwice = false;
#endif

// Whether `T`, deduced for a forwarding reference, may be such a temporary. A lambda among the
// arguments cannot be told for certain; like it, hardly anything else has captures to destroy and
// can be neither assigned nor made without arguments.
template <typename T>
inline constexpr bool kMayDieTwice =
    kCoAwaitDestroysTwice && !std::is_lvalue_reference_v<T> && !std::is_trivially_destructible_v<T>;
template <typename T>
inline constexpr bool kArgumentMayDieTwice =
    kMayDieTwice<T> && (std::is_aggregate_v<std::remove_cvref_t<T>> ||
                        (!std::is_move_assignable_v<std::remove_cvref_t<T>> &&
                         !std::is_default_constructible_v<std::remove_cvref_t<T>>));

template <typename R>
struct BlockingResult {
  using Type = R;
};
template <typename T>
struct BlockingResult<Result<T>> {
  using Type = T;
};
template <>
struct BlockingResult<Status> {
  using Type = void;
};

// The outcome of blocking work: a result, or what it threw.
template <typename T>
struct BlockingOutcome {
  BlockingOutcome() = default;
  std::optional<Result<T>> result;
  std::exception_ptr thrown;
};

// Runs the work on the context's workers, then the handler through its own executor. Work is not
// run if its call has ended before a worker takes it.
template <typename T>
struct StartBlocking {
  template <typename Handler, typename F>
  void operator()(Handler&& handler, ServerContext* context, F work) const {
    auto run = [context, guard = asio::make_work_guard(handler), work = std::move(work),
                handler = std::forward<Handler>(handler)]() mutable {
      BlockingOutcome<T> outcome;
      try {
        if (context->cancelled()) {
          outcome.result.emplace(Status(Code::kCancelled, "nobody waits for the reply"));
        } else if constexpr (std::is_void_v<std::invoke_result_t<F&>>) {
          work();
          outcome.result.emplace();
        } else {
          outcome.result.emplace(work());
        }
      } catch (...) {
        outcome.thrown = std::current_exception();
      }
      auto executor = guard.get_executor();
      // The guard goes with the handler: once that has run, its io_context may be destroyed.
      auto deliver = [guard = std::move(guard), handler = std::move(handler),
                      outcome = std::move(outcome)]() mutable {
        std::move(handler)(std::move(outcome));
      };
      asio::post(executor, std::move(deliver));
    };
    asio::post(context->workers(), std::move(run));
  }
};

template <typename T, typename F>
asio::awaitable<Result<T>> run_blocking(ServerContext& context, F work) {
  StartBlocking<T> start;
  BlockingOutcome<T> outcome =
      co_await asio::async_initiate<const asio::use_awaitable_t<>, void(BlockingOutcome<T>)>(
          start, asio::use_awaitable, &context, std::move(work));
  if (outcome.thrown) std::rethrow_exception(outcome.thrown);
  co_return std::move(*outcome.result);
}

}  // namespace internal

// Runs `work(args...)` on the worker pool and answers with what it returns: a T, a Result<T>, a
// Status or nothing. Once the call is cancelled or its deadline has passed, work that has not begun
// is not run, and the outcome is kCancelled; work that runs can check context.cancelled().
//
// Work and arguments are copied or moved, as std::thread does it, and destroyed when the handler
// goes on: what they refer to (std::ref, pointers, captures by reference) must live until then. A
// handler returns it, or awaits it:
//
//   return tern::blocking(context, [args = std::move(args)] { return slow(args); });
//
//   tern::Result<Page> page = co_await tern::blocking(context, &load, std::move(name));
//
// Awaited, with g++ before 13, the work must have no captures, or a name: the compiler destroys a
// temporary lambda with captures in a co_await expression twice, and an aggregate from braces. Both
// are errors here. In any other call that is awaited, nothing warns of them.
//
//   auto work = [args] { return slow(args); };
//   tern::Result<Page> page = co_await tern::blocking(context, work);
template <typename F, typename... Args>
auto blocking(ServerContext& context, F&& work, Args&&... args) {
  using Returned = std::invoke_result_t<std::decay_t<F>&, std::decay_t<Args>...>;
  using T = typename internal::BlockingResult<Returned>::Type;
  auto bound = [work = std::decay_t<F>(std::forward<F>(work)),
                args = std::tuple<std::decay_t<Args>...>(std::forward<Args>(
                    args)...)]() mutable -> Returned { return std::apply(work, std::move(args)); };
  asio::awaitable<Result<T>> later = internal::run_blocking<T>(context, std::move(bound));
  if constexpr (internal::kMayDieTwice<F> || (internal::kArgumentMayDieTwice<Args> || ...)) {
    return BlockingReply<T>(std::move(later));
  } else {
    return later;
  }
}

}  // namespace tern
