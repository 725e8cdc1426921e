// Calls that go to every server of a cluster.
#pragma once

#include <atomic>
#include <cstddef>
#include <exception>
#include <functional>
#include <memory>
#include <mutex>
#include <new>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "tern/call.h"
#include "tern/cluster.h"
#include "tern/merged_stream.h"
#include "tern/stream.h"

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

  // What call_each() of streams reads from: see tern/merged_stream.h.
  static std::shared_ptr<MergedState> merge(Cluster& cluster);

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
//
// Where `start` opens a stream that the server writes, the streams are read as one:
//
//   auto changes = tern::call_each(cluster, [&](tern::Channel& server) {
//     return StoreStub(server).Watch(request, options);
//   });
//   tern::ServerMessage<Change> change;
//   while (co_await changes.read(change)) {
//     if (change.ended()) {
//       log(change.server(), change.status());      // the others go on
//     } else {
//       use(change.server(), change.message());
//     }
//   }
//
// The result is a MergedStream (tern/merged_stream.h). The options of each call hold for its
// stream: one that is over its deadline or message_timeout has ended. No stream is opened a second
// time, also if it has [resume], and a server that is listed later has none. The failures of the
// whole are those above.
template <typename Start>
auto call_each(Cluster& cluster, Start start);

// --- Below: how call_each() does it ---

namespace fan_out {

// What a server gives: once, or as a stream.
template <typename Started>
struct ValueOf;
template <typename T>
struct ValueOf<Call<T>> {
  using Type = T;
  static constexpr bool kStreams = false;
};
template <typename T>
struct ValueOf<ServerStream<T>> {
  using Type = T;
  static constexpr bool kStreams = true;
};

inline Status not_opened(std::string_view thrown) {
  return Status(Code::kInternal, "call_each: to open a stream threw: " + std::string(thrown),
                HandlerRan::kUnknown);
}

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
    waiting_ = servers_.size();
    std::vector<Call<T>> calls;
    try {
      // All the memory that it needs itself, before the first call.
      results_.resize(servers_.size());
      gathered().reserve(servers_.size());
      calls.reserve(servers_.size());
      for (ServerChannel& server : servers_) calls.push_back(start(*server.channel));
      std::vector<Call<T>> mine = calls;
      std::lock_guard lock(mutex_);
      calls_.swap(mine);
    } catch (const std::bad_alloc&) {
      return give_up(calls, Status::without_memory(Code::kResourceExhausted, HandlerRan::kNo));
    } catch (const std::exception& thrown) {
      return give_up(calls, not_started(thrown.what()));
    } catch (...) {
      return give_up(calls, not_started("something that is not a std::exception"));
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
    std::span<Call<T>> calls;  // they do not change once they are there
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
  // In the order of the servers.
  Results& gathered() noexcept { return *static_cast<Results*>(gathered_->reply_slot()); }

  static Status not_started(std::string_view thrown) {
    return Status(Code::kInternal, "call_each: to start a call threw: " + std::string(thrown),
                  HandlerRan::kNo);
  }
  void give_up(std::vector<Call<T>>& started, Status why) {
    for (Call<T>& call : started) call.cancel();
    gathered_->complete(started.empty() ? std::move(why)
                                        : why.with_handler_ran(HandlerRan::kUnknown));
  }

  void answer(std::size_t index, Result<T> result) {
    {
      std::lock_guard lock(mutex_);
      results_[index].emplace(std::move(result));
      if (--waiting_ > 0) return;
    }
    Results& all = gathered();
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

template <typename T, typename Start>
Call<std::vector<ServerResult<T>>> gather(Cluster& cluster, Start start) {
  using Results = std::vector<ServerResult<T>>;
  CallRef state(new CallStateOf<Results>());
  Call<Results> call(state);
  auto gathering = std::make_shared<Gathering<T>>(
      state, cluster.exception_logger("the callback of call_each()"));
  state->set_owner(gathering, 0);
  auto begin = [gathering,
                start = std::move(start)](Result<std::vector<ServerChannel>> servers) mutable {
    gathering->begin(std::move(servers), start);
  };
  gathering->set_wait(cluster.when_known(std::nullopt, std::move(begin)));
  return call;
}

// A stream that is a part of a merged one, which reads from its state.
template <typename T>
class OpenedStream final : public ServerStream<T> {
 public:
  explicit OpenedStream(ServerStream<T> stream) : ServerStream<T>(std::move(stream)) {}
  const std::shared_ptr<StreamState>& state() const noexcept { return this->state_; }
};

template <typename T, typename Start>
void open_each(MergedState& merged, std::vector<ServerChannel> servers, Start& start) {
  std::vector<MergedState::Part> parts;
  try {
    for (ServerChannel& server : servers) {
      auto opened = std::make_shared<OpenedStream<T>>(start(*server.channel));
      MergedState::Part& part = parts.emplace_back();
      part.server = std::make_shared<const Instance>(std::move(server.instance));
      part.channel = std::move(server.channel);
      part.stream = opened->state();
      part.owner = std::move(opened);
    }
    merged.open(std::move(parts));
  } catch (const std::bad_alloc&) {
    merged.cancel(Status::without_memory(Code::kResourceExhausted, HandlerRan::kUnknown));
  } catch (const std::exception& thrown) {
    merged.cancel(not_opened(thrown.what()));
  } catch (...) {
    merged.cancel(not_opened("something that is not a std::exception"));
  }
}

template <typename T, typename Start>
MergedStream<T> merge(Cluster& cluster, Start start) {
  std::shared_ptr<MergedState> merged = FanOut::merge(cluster);
  MergedStream<T> stream(merged);
  auto open = [merged,
               start = std::move(start)](Result<std::vector<ServerChannel>> servers) mutable {
    if (!merged->read_status().ok()) return;  // it has been cancelled
    if (servers.ok()) {
      open_each<T>(*merged, std::move(*servers), start);
    } else {
      merged->cancel(servers.status());
    }
  };
  merged->set_wait(cluster.when_known(std::nullopt, std::move(open)));
  return stream;
}

}  // namespace fan_out

template <typename Start>
auto call_each(Cluster& cluster, Start start) {
  using Started = std::invoke_result_t<Start&, Channel&>;
  using T = typename fan_out::ValueOf<Started>::Type;
  if constexpr (fan_out::ValueOf<Started>::kStreams) {
    return fan_out::merge<T>(cluster, std::move(start));
  } else {
    return fan_out::gather<T>(cluster, std::move(start));
  }
}

}  // namespace tern
