#include "registry/dns_discovery.h"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <exception>
#include <mutex>
#include <system_error>
#include <utility>

#include "base/backoff.h"
#include "base/kept_thread.h"
#include "tern/server_list.h"

namespace tern::registry {

namespace {

// Where a thread puts what it has found; it knows nothing else of the discovery.
class Mailbox {
 public:
  explicit Mailbox(Loop& loop) : loop_(&loop) {}

  // Runs `task` on the loop, if the discovery is still there.
  void post(UniqueFunction<void()> task) {
    std::lock_guard lock(mutex_);
    if (loop_) loop_->post(std::move(task));
  }
  void close() {
    std::lock_guard lock(mutex_);
    loop_ = nullptr;
  }

 private:
  std::mutex mutex_;  // guards the following
  Loop* loop_;
};

Result<FoundServers> run(const ServerLookup& lookup) {
  try {
    return lookup();
  } catch (const std::exception& thrown) {
    return Status(Code::kInternal, fmt::format("dns: {}", thrown.what()), HandlerRan::kNo);
  }
}

Backoff backoff_of(const DnsOptions& options) {
  Backoff backoff;
  backoff.initial = options.min_age;
  backoff.max = std::max(options.age, options.min_age);
  return backoff;
}

}  // namespace

// Threads: the loop's, but for refresh(), close() and the list.
class DnsDiscovery::Core : public std::enable_shared_from_this<Core> {
 public:
  Core(ServerLookup lookup, Loop& loop, const DnsOptions& options)
      : lookup_(std::move(lookup)),
        loop_(loop),
        age_(options.age),
        max_age_(options.max_age),
        min_age_(options.min_age),
        mailbox_(std::make_shared<Mailbox>(loop)),
        timer_([this] { look(); }),
        backoff_(backoff_of(options), options.random) {}

  ServerList& list() noexcept { return list_; }

  void start() {
    if (!stopped_) look();
  }

  // Nothing of a look that is under way reaches the loop any more.
  void close() { mailbox_->close(); }

  void stop() {
    stopped_ = true;
    loop_.cancel_timer(timer_);
  }

  void refresh() {
    if (asked_.exchange(true)) return;
    loop_.post([self = shared_from_this()] {
      self->asked_ = false;
      if (self->stopped_ || self->looking_) return;
      Clock::TimePoint earliest = saturating_add(self->looked_at_, self->min_age_);
      if (earliest <= self->loop_.now()) {
        self->look();
      } else if (!self->timer_.waiting() || earliest < self->timer_.due()) {
        self->loop_.start_timer(self->timer_, earliest);
      }
    });
  }

 private:
  void look() {
    looking_ = true;
    looked_at_ = loop_.now();
    loop_.cancel_timer(timer_);
    try {
      base::KeptThread([lookup = lookup_, mailbox = mailbox_, weak = weak_from_this()] {
        auto found = std::make_shared<Result<FoundServers>>(run(lookup));
        mailbox->post([weak, found] {
          if (auto self = weak.lock()) self->on_found(std::move(*found));
        });
      }).leave();
    } catch (const std::system_error& error) {
      on_found(Status(Code::kUnavailable,
                      fmt::format("dns: no thread for a look-up: {}", error.what()),
                      HandlerRan::kNo));
    }
  }

  void on_found(Result<FoundServers> found) {
    looking_ = false;
    if (stopped_) return;
    if (found.ok()) {
      backoff_.reset();
      auto age = std::min(found->ttl.value_or(age_), max_age_);
      loop_.start_timer(timer_, std::max(age, min_age_));
      list_.update(std::move(found->servers));
    } else {
      loop_.start_timer(timer_, backoff_.next());
      list_.set_failure(found.take_status());
    }
  }

  const ServerLookup lookup_;
  Loop& loop_;
  const std::chrono::nanoseconds age_;
  const std::chrono::nanoseconds max_age_;
  const std::chrono::nanoseconds min_age_;
  const std::shared_ptr<Mailbox> mailbox_;
  ServerList list_;
  std::atomic<bool> asked_ = false;

  base::Timer timer_;
  base::BackoffSchedule backoff_;
  Clock::TimePoint looked_at_{};
  bool looking_ = false;
  bool stopped_ = false;
};

DnsDiscovery::DnsDiscovery(ServerLookup lookup, Loop& loop, const DnsOptions& options)
    : loop_(loop), core_(std::make_shared<Core>(std::move(lookup), loop, options)) {
  loop_.post([core = core_] { core->start(); });
}

DnsDiscovery::~DnsDiscovery() {
  core_->close();
  loop_.post([core = std::move(core_)] { core->stop(); });
}

ServerView DnsDiscovery::view() const {
  return core_->list().view();
}

std::unique_ptr<Discovery::Watch> DnsDiscovery::watch(OnChange on_change) {
  return core_->list().watch(std::move(on_change));
}

void DnsDiscovery::refresh() {
  core_->refresh();
}

}  // namespace tern::registry
