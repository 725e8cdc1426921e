// Calls that go to every server of a cluster.
#pragma once

#include <atomic>
#include <cstddef>
#include <exception>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "tern/call.h"
#include "tern/cluster.h"

namespace tern {

// A channel that calls all servers at once and makes one outcome of theirs:
//
//   tern::FanOut everyone = tern::FanOut::broadcast(cluster);
//   arith::ArithStub(everyone).Multiply({7, 8}).get();
//
// Each server's call is a call of its own; none is sent a second time, and none is started once the
// whole has failed or nothing waits for it any more. One deadline holds for all of them, and for
// the wait until the servers are known. Cancelling cancels all of them, and that wait. A failure
// says that the handler has not run only if that is so of every server. Threads: any. The cluster
// outlives it.
class FanOut final : public Channel {
 public:
  // Success when all have succeeded: the reply of the last. The first failure cancels the rest and
  // is the outcome.
  static FanOut broadcast(Cluster& cluster) { return FanOut(cluster, kAll, true); }
  // The first success cancels the rest and is the outcome; failure when all have failed: the last.
  static FanOut fork(Cluster& cluster) { return FanOut(cluster, 1, true); }
  // Success when `needed` have succeeded: the reply of that one; the rest go on, and their replies
  // are dropped. Failure as soon as that cannot be reached any more, and at once with fewer
  // servers than that.
  static FanOut quorum(Cluster& cluster, std::size_t needed) {
    return FanOut(cluster, needed, false);
  }

  void start(const Method& method, const void* argument, const CallOptions& options,
             CallRef call) override;

 private:
  static constexpr std::size_t kAll = 0;

  FanOut(Cluster& cluster, std::size_t needed, bool cancels_rest)
      : cluster_(&cluster), needed_(needed), cancels_rest_(cancels_rest) {}

  Cluster* cluster_;
  std::size_t needed_;
  bool cancels_rest_;
};

// What one of several servers has answered.
template <typename T>
struct ServerResult {
  Instance server;
  Result<T> result;
};

// Calls every server and gathers what each has answered, in the order of their addresses:
//
//   auto answers = tern::call_each(cluster, [](tern::Channel& server) {
//     return arith::ArithStub(server).Multiply({7, 8});
//   }).get();
//
// `start` runs once for each server, perhaps on a loop's thread: when the servers are not known
// yet, that is waited for. A failure of the whole: no servers are known or listed, or `start`
// throws, and then those that it has started are cancelled. Cancelling cancels every call, and the
// wait.
template <typename Start>
auto call_each(Cluster& cluster, Start start);

// --- Below: how call_each() does it ---

namespace fan_out {

template <typename C>
struct ValueOfCall;
template <typename T>
struct ValueOfCall<Call<T>> {
  using Type = T;
};

// The answers so far. Lives as long as a call runs.
template <typename T>
class Gathering final : public CallOwner, public std::enable_shared_from_this<Gathering<T>> {
 public:
  using Results = std::vector<ServerResult<T>>;

  Gathering(CallRef gathered, std::function<void(std::string_view)> log_exception)
      : gathered_(std::move(gathered)), log_exception_(std::move(log_exception)) {}

  template <typename Start>
  void begin(Result<std::vector<ServerChannel>> servers, Start& start) {
    if (!servers.ok()) {
      gathered_->complete(servers.take_status());
      return;
    }
    servers_ = std::move(*servers);
    results_.resize(servers_.size());
    waiting_ = servers_.size();
    std::vector<Call<T>> calls;
    try {
      for (ServerChannel& server : servers_) calls.push_back(start(*server.channel));
    } catch (const std::exception& thrown) {
      return give_up(calls, thrown.what());
    } catch (...) {
      return give_up(calls, "something that is not a std::exception");
    }
    {
      std::lock_guard lock(mutex_);
      for (Call<T>& call : calls) calls_.push_back(call);
    }
    for (std::size_t i = 0; i < calls.size(); ++i) {
      calls[i].then([self = this->shared_from_this(), i](Result<T> result) {
        self->answer(i, std::move(result));
      });
    }
    if (cancelled_) cancel(0);
  }

  // The owner of the wait for the servers: can end it.
  void set_wait(std::weak_ptr<CallOwner> wait) {
    {
      std::lock_guard lock(mutex_);
      wait_ = std::move(wait);
    }
    if (cancelled_) cancel(0);
  }

  void cancel(std::uint64_t) override {
    std::vector<Call<T>> calls;
    std::shared_ptr<CallOwner> wait;
    {
      std::lock_guard lock(mutex_);
      cancelled_ = true;
      calls = calls_;
      wait = wait_.lock();
    }
    if (wait) wait->cancel(0);
    for (Call<T>& call : calls) call.cancel();
  }

  void callback_threw(std::string_view what) override { log_exception_(what); }

 private:
  void give_up(std::vector<Call<T>>& started, std::string_view thrown) {
    for (Call<T>& call : started) call.cancel();
    gathered_->complete(Status(Code::kInternal,
                               "call_each: to start a call threw: " + std::string(thrown),
                               started.empty() ? HandlerRan::kNo : HandlerRan::kUnknown));
  }

  void answer(std::size_t index, Result<T> result) {
    {
      std::lock_guard lock(mutex_);
      results_[index].emplace(std::move(result));
      if (--waiting_ > 0) return;
    }
    auto& all = *static_cast<Results*>(gathered_->reply_slot());
    for (std::size_t i = 0; i < servers_.size(); ++i) {
      all.push_back(ServerResult<T>{std::move(servers_[i].instance), std::move(*results_[i])});
    }
    CallRef gathered = gathered_;
    gathered->complete(Status());
  }

  const CallRef gathered_;
  const std::function<void(std::string_view)> log_exception_;
  std::vector<ServerChannel> servers_;

  std::mutex mutex_;  // guards the following
  std::vector<std::optional<Result<T>>> results_;
  std::size_t waiting_ = 0;
  std::vector<Call<T>> calls_;
  std::weak_ptr<CallOwner> wait_;
  std::atomic<bool> cancelled_ = false;
};

}  // namespace fan_out

template <typename Start>
auto call_each(Cluster& cluster, Start start) {
  using T = typename fan_out::ValueOfCall<std::invoke_result_t<Start&, Channel&>>::Type;
  using Results = std::vector<ServerResult<T>>;
  CallRef state(new CallStateOf<Results>());
  Call<Results> call(state);
  auto gathering = std::make_shared<fan_out::Gathering<T>>(
      state, cluster.exception_logger("the callback of call_each()"));
  state->set_owner(gathering, 0);
  auto begin = [gathering,
                start = std::move(start)](Result<std::vector<ServerChannel>> servers) mutable {
    gathering->begin(std::move(servers), start);
  };
  gathering->set_wait(cluster.when_known(std::nullopt, std::move(begin)));
  return call;
}

}  // namespace tern
