#include "tern/fan_out.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <mutex>
#include <new>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "call/call_timeout.h"
#include "call/failure_text.h"
#include "cluster/cluster_core.h"
#include "cluster/reply_place.h"
#include "tern/cluster.h"

namespace tern {

namespace {

// How long the servers were waited for, in whole milliseconds: texts about a call that did not have
// to wait, or not for long, name the time that its caller has named.
class Stopwatch {
 public:
  explicit Stopwatch(const Clock& clock) : clock_(&clock), started_(clock.now()) {}
  std::chrono::milliseconds elapsed() const {
    return std::chrono::floor<std::chrono::milliseconds>(clock_->now() - started_);
  }

 private:
  const Clock* clock_;
  Clock::TimePoint started_;
};

// One call to all servers. Alive as long as one of theirs runs.
class FanOutCall final : public CallOwner, public std::enable_shared_from_this<FanOutCall> {
 public:
  FanOutCall(std::weak_ptr<cluster::Core> core, const Method& method, const void* argument,
             const CallOptions& options, CallRef call, std::size_t needed, bool cancels_rest)
      : core_(std::move(core)),
        method_(method),
        argument_(method.argument().clone(argument)),
        options_(options),
        call_(std::move(call)),
        needed_(needed),
        cancels_rest_(cancels_rest) {}
  FanOutCall(const FanOutCall&) = delete;
  FanOutCall& operator=(const FanOutCall&) = delete;
  ~FanOutCall() override { method_.argument().destroy(argument_); }

  // `left`: of the time for the whole. Nothing: as long as it takes.
  void begin(Result<std::vector<ServerChannel>> servers,
             std::optional<std::chrono::nanoseconds> left) {
    try {
      start_all(std::move(servers), left);
    } catch (const std::bad_alloc&) {
      // Nothing has been started.
      finish(Status::without_memory(Code::kResourceExhausted, HandlerRan::kNo), nullptr);
    }
  }

  // Who can end the wait for the servers.
  void set_wait(std::weak_ptr<CallOwner> wait) {
    bool cancel_now = false;
    {
      std::lock_guard lock(mutex_);
      wait_ = std::move(wait);
      cancel_now = cancelled_;
    }
    if (cancel_now) cancel(0);
  }

  void cancel(std::uint64_t) override {
    std::span<const CallRef> calls;  // they do not change once they are there
    std::shared_ptr<CallOwner> wait;
    {
      std::lock_guard lock(mutex_);
      cancelled_ = true;
      calls = calls_;
      wait = wait_.lock();
    }
    if (wait) wait->cancel(0);
    for (const CallRef& call : calls) call->cancel();
  }

  void callback_threw(std::string_view what) override {
    std::shared_ptr<cluster::Core> core = core_.lock();
    if (!core) return CallOwner::callback_threw(what);
    core->log_exception(fmt::format("the callback of {}/{}", method_.service, method_.name), what);
  }

 private:
  // What is known of the whole.
  enum class Decided : std::uint8_t { kNot, kSuccess, kFailure };

  // Takes all its memory before it starts the first one.
  void start_all(Result<std::vector<ServerChannel>> servers,
                 std::optional<std::chrono::nanoseconds> left) {
    if (!servers.ok()) {
      finish(
          servers.status().with_context(call::failure_text(method_, "all servers", "not called")),
          nullptr);
      return;
    }
    std::size_t count = servers->size();
    if (needed_ == 0) needed_ = count;
    if (needed_ > count) {
      finish(Status(Code::kUnavailable,
                    call::failure_text(
                        method_, "all servers",
                        fmt::format("not called: {} successes are needed, and {} servers "
                                    "are listed",
                                    needed_, count)),
                    HandlerRan::kNo),
             nullptr);
      return;
    }
    unanswered_ = count;
    options_.timeout = left;
    std::vector<CallRef> calls;
    calls.reserve(count);
    for (std::size_t i = 0; i < count; ++i) {
      calls.emplace_back(new cluster::ReplyPlace(method_.result()));
    }
    for (std::size_t i = 0; i < count; ++i) {
      CallRef call = calls[i];
      call->on_done([self = shared_from_this(), call] {
        self->answer(static_cast<cluster::ReplyPlace&>(*call));
      });
      if (may_start()) {
        (*servers)[i].channel->start(method_, argument_, options_, call);
      } else {
        call->complete(not_started((*servers)[i].instance));
      }
    }
    // Not before: a call cannot be cancelled while it is being started.
    bool cancel_now = false;
    {
      std::lock_guard lock(mutex_);
      calls_ = std::move(calls);
      cancel_now = cancelled_;
    }
    if (cancel_now) cancel(0);
  }

  Status not_started(const Instance& server) const noexcept {
    try {
      return Status(Code::kCancelled,
                    call::failure_text(method_, server.endpoint.to_string(),
                                       "not called: cancelled by the caller"),
                    HandlerRan::kNo);
    } catch (const std::bad_alloc&) {
      return Status::without_memory(Code::kCancelled, HandlerRan::kNo);
    }
  }

  // Counts one more that runs, if that is still of use. Else it counts until its answer.
  bool may_start() {
    std::lock_guard lock(mutex_);
    ++running_;
    return !cancelled_ && decided_ != Decided::kFailure;
  }

  void answer(cluster::ReplyPlace& one) {
    Status outcome = one.status();
    {
      std::lock_guard lock(mutex_);
      --unanswered_;
      --running_;
      if (outcome.ok()) ++succeeded_;
      ran_ = std::max(ran_, outcome.handler_ran());
      if (decided_ != Decided::kNot) return;
      if (succeeded_ >= needed_) {
        decided_ = Decided::kSuccess;
      } else if (succeeded_ + unanswered_ < needed_) {
        decided_ = Decided::kFailure;
        // Those that run can yet say that theirs has run.
        HandlerRan ran = running_ > 0 ? std::max(ran_, HandlerRan::kUnknown) : ran_;
        if (outcome.handler_ran() < ran) outcome = outcome.with_handler_ran(ran);
      } else {
        return;
      }
    }
    finish(std::move(outcome), &one);
    if (cancels_rest_) cancel(0);
  }

  void finish(Status outcome, cluster::ReplyPlace* winner) {
    CallRef call = call_;
    if (winner) winner->hand_over(*call, outcome.ok());
    call->complete(std::move(outcome));
  }

  const std::weak_ptr<cluster::Core> core_;
  const Method& method_;
  void* const argument_;
  CallOptions options_;
  const CallRef call_;
  std::size_t needed_;
  const bool cancels_rest_;

  std::mutex mutex_;  // guards the following
  std::vector<CallRef> calls_;
  std::weak_ptr<CallOwner> wait_;
  std::size_t unanswered_ = 0;  // those that are not started yet included
  std::size_t running_ = 0;
  std::size_t succeeded_ = 0;
  HandlerRan ran_ = HandlerRan::kNo;  // the worst of the answers
  Decided decided_ = Decided::kNot;
  bool cancelled_ = false;
};

}  // namespace

void FanOut::start(const Method& method, const void* argument, const CallOptions& options,
                   CallRef call) {
  const std::optional<std::chrono::nanoseconds> timeout =
      call::timeout_of(options, method, cluster_->core_->options().client);
  auto all = std::make_shared<FanOutCall>(cluster_->core_, method, argument, options, call, needed_,
                                          cancels_rest_);
  call->set_owner(all, 0);
  auto begin = [all, timeout, watch = Stopwatch(cluster_->core_->home().clock())](
                   Result<std::vector<ServerChannel>> servers) {
    std::optional<std::chrono::nanoseconds> left = timeout;
    if (left) *left -= watch.elapsed();
    all->begin(std::move(servers), left);
  };
  all->set_wait(cluster_->when_known(timeout, std::move(begin)));
}

}  // namespace tern
