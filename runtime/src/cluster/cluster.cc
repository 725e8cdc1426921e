#include "tern/cluster.h"

#include <exception>
#include <functional>
#include <memory>
#include <new>
#include <string>
#include <utility>

#include "base/duration_text.h"
#include "base/no_destructor.h"
#include "call/close_with_pool.h"
#include "cluster/channel_to_one.h"
#include "cluster/cluster_core.h"
#include "cluster/cluster_stream.h"
#include "cluster/start_call.h"
#include "tern/loop_thread.h"

namespace tern {

namespace {

std::vector<ServerChannel> channels_of(const std::shared_ptr<cluster::Core>& core) {
  std::vector<ServerChannel> servers;
  for (cluster::SubchannelPtr& subchannel : core->servers().listed()) {
    ServerChannel& server = servers.emplace_back();
    server.instance = subchannel->load->instance();
    server.channel = std::make_shared<cluster::ChannelToOne>(core, std::move(subchannel));
  }
  return servers;
}

// Made before it is needed: who cancels has no memory to ask for.
const base::NoDestructor<Status> kCancelled(Code::kCancelled, "cancelled by the caller",
                                            HandlerRan::kNo);

// Waits until there are servers, and hands them over.
class KnownWaiter final : public cluster::Waiter,
                          public CallOwner,
                          private net::LoopTask,
                          public std::enable_shared_from_this<KnownWaiter> {
 public:
  using Done = UniqueFunction<void(Result<std::vector<ServerChannel>>)>;
  using Timeout = std::optional<std::chrono::nanoseconds>;

  KnownWaiter(std::shared_ptr<cluster::Core> core, Timeout timeout, Done done)
      : core_(std::move(core)),
        timeout_(timeout),
        deadline_(timeout ? saturating_add(core_->home().now(), *timeout)
                          : Clock::TimePoint::max()),
        done_(std::move(done)) {}

  void look() noexcept {
    Result<std::vector<ServerChannel>> servers = std::vector<ServerChannel>();
    try {
      while (servers.ok() && servers->empty()) {
        cluster::Wait wait = core_->wait_for_list(shared_from_this(), false, deadline_);
        if (wait.kind == cluster::Wait::Kind::kWaiting) return;
        if (wait.kind == cluster::Wait::Kind::kFailed) {
          servers = std::move(wait.failure);
        } else {
          // Or they have changed while it looked.
          servers = channels_of(core_);
        }
      }
    } catch (const std::bad_alloc&) {
      servers = Status::without_memory(Code::kResourceExhausted, HandlerRan::kNo);
    }
    finish(std::move(servers));
  }

  void resume(const cluster::SubchannelPtr&) noexcept override { look(); }
  void give_up(Status why) noexcept override { finish(std::move(why)); }
  void cancel(std::uint64_t) override {
    core_->home().post(std::shared_ptr<net::LoopTask>(shared_from_this(), this));
  }

 private:
  // It has been cancelled.
  void run_on_loop() override {
    if (core_->queue().take(*this)) finish(*kCancelled);
  }
  void on_alarm(cluster::Alarm&) override {
    if (!core_->queue().take_if_due(*this)) return;
    Status late = Status::without_memory(Code::kDeadlineExceeded, HandlerRan::kNo);
    try {
      late = Status(Code::kDeadlineExceeded,
                    "the servers are not known within " + base::duration_text(*timeout_),
                    HandlerRan::kNo);
    } catch (const std::bad_alloc&) {
      // Its text is not needed.
    }
    finish(std::move(late));
  }

  // By the one who has it: it never waits again.
  void finish(Result<std::vector<ServerChannel>> servers) noexcept {
    Done done = std::move(done_);
    try {
      done(std::move(servers));
    } catch (const std::exception& thrown) {
      log_exception(thrown.what());
    } catch (...) {
      log_exception("something that is not a std::exception");
    }
  }

  void log_exception(std::string_view what) noexcept {
    try {
      core_->log_exception("the callback of when_known()", what);
    } catch (...) {
      // The log has thrown, too.
    }
  }

  const std::shared_ptr<cluster::Core> core_;
  const Timeout timeout_;
  const Clock::TimePoint deadline_;
  Done done_;
};

}  // namespace

Cluster::Cluster(std::shared_ptr<Discovery> discovery, ClusterOptions options)
    : own_pool_(std::make_unique<IoPool>()),
      core_(std::make_shared<cluster::Core>(std::move(discovery), *own_pool_, std::move(options))) {
  core_->begin();
}

Cluster::Cluster(std::shared_ptr<Discovery> discovery, IoPool& pool, ClusterOptions options)
    : core_(std::make_shared<cluster::Core>(std::move(discovery), pool, std::move(options))) {
  core_->begin();
}

Cluster::~Cluster() {
  call::close_with_pool(core_, own_pool_);
}

void Cluster::start(const Method& method, const void* argument, const CallOptions& options,
                    CallRef call) {
  cluster::start_call(core_, method, argument, options, std::move(call), nullptr);
}

std::shared_ptr<StreamState> Cluster::make_stream(const Method& method) {
  return std::make_shared<cluster::ClusterStream>(core_->home(), method);
}

std::vector<ServerChannel> Cluster::servers() const {
  return channels_of(core_);
}

std::weak_ptr<CallOwner> Cluster::when_known(
    std::optional<std::chrono::nanoseconds> timeout,
    UniqueFunction<void(Result<std::vector<ServerChannel>>)> done) {
  auto waiter = std::make_shared<KnownWaiter>(core_, timeout, std::move(done));
  waiter->look();
  return waiter;
}

std::function<void(std::string_view)> Cluster::exception_logger(std::string thrower) const {
  return [weak = std::weak_ptr(core_), thrower = std::move(thrower)](std::string_view what) {
    if (std::shared_ptr<cluster::Core> core = weak.lock()) core->log_exception(thrower, what);
  };
}

void Cluster::close() {
  core_->close();
}

ClusterStats Cluster::stats() const {
  return core_->stats();
}

}  // namespace tern
