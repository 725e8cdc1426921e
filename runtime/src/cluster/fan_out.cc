#include "tern/fan_out.h"

#include <fmt/format.h>

#include <chrono>
#include <mutex>
#include <optional>
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
  FanOutCall(const Method& method, const void* argument, const CallOptions& options, CallRef call,
             std::size_t needed, bool cancels_rest)
      : method_(method),
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
    if (!servers.ok()) {
      finish(servers.status().with_context(failure_text(method_, "all servers", "not called")),
             nullptr);
      return;
    }
    std::size_t count = servers->size();
    if (needed_ == 0) needed_ = count;
    if (needed_ > count) {
      finish(Status(Code::kUnavailable,
                    failure_text(method_, "all servers",
                                 fmt::format("not called: {} successes are needed, and {} servers "
                                             "are listed",
                                             needed_, count)),
                    HandlerRan::kNo),
             nullptr);
      return;
    }
    running_ = count;
    options_.timeout = left;
    std::vector<CallRef> calls;
    for (std::size_t i = 0; i < count; ++i) calls.emplace_back(new ReplyPlace(method_.result()));
    for (std::size_t i = 0; i < count; ++i) {
      CallRef call = calls[i];
      call->on_done(
          [self = shared_from_this(), call] { self->answer(static_cast<ReplyPlace&>(*call)); });
      (*servers)[i].channel->start(method_, argument_, options_, call);
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

  void cancel(std::uint64_t) override {
    std::vector<CallRef> calls;
    {
      std::lock_guard lock(mutex_);
      cancelled_ = true;
      calls = calls_;
    }
    for (CallRef& call : calls) call->cancel();
  }

 private:
  void answer(ReplyPlace& one) {
    const Status& outcome = one.status();
    bool decided = false;
    {
      std::lock_guard lock(mutex_);
      --running_;
      ++(outcome.ok() ? succeeded_ : failed_);
      bool enough = succeeded_ >= needed_;
      bool too_few = succeeded_ + running_ < needed_;
      decided = !decided_ && (enough || too_few);
      if (decided) decided_ = true;
    }
    if (!decided) return;
    finish(outcome, &one);
    if (cancels_rest_) cancel(0);
  }

  void finish(Status outcome, ReplyPlace* winner) {
    CallRef call = call_;
    if (winner) winner->hand_over(*call, outcome.ok());
    call->complete(std::move(outcome));
  }

  const Method& method_;
  void* const argument_;
  CallOptions options_;
  const CallRef call_;
  std::size_t needed_;
  const bool cancels_rest_;

  std::mutex mutex_;  // guards the following
  std::vector<CallRef> calls_;
  std::size_t running_ = 0;
  std::size_t succeeded_ = 0;
  std::size_t failed_ = 0;
  bool decided_ = false;
  bool cancelled_ = false;
};

}  // namespace

void FanOut::start(const Method& method, const void* argument, const CallOptions& options,
                   CallRef call) {
  const std::optional<std::chrono::nanoseconds> timeout =
      timeout_of(options, method, cluster_->core_->options().client);
  auto all = std::make_shared<FanOutCall>(method, argument, options, call, needed_, cancels_rest_);
  call->set_owner(all, 0);
  auto begin = [all, timeout, watch = Stopwatch(cluster_->core_->home().clock())](
                   Result<std::vector<ServerChannel>> servers) {
    std::optional<std::chrono::nanoseconds> left = timeout;
    if (left) *left -= watch.elapsed();
    all->begin(std::move(servers), left);
  };
  cluster_->when_known(timeout, std::move(begin));
}

}  // namespace tern
