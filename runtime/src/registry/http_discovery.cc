#include "registry/http_discovery.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <utility>

#include "base/backoff.h"
#include "registry/http_exchange.h"
#include "registry/known_servers.h"
#include "registry/loop_task.h"
#include "tern/server_list.h"

namespace tern::registry {

namespace {

using Time = std::chrono::nanoseconds;

// Between look-ups that refresh() asks for, and between two changes that a registry reports.
constexpr std::chrono::seconds kMinAge{1};
constexpr std::chrono::milliseconds kMinPause{100};
constexpr std::size_t kListBytes = 16 * 1024 * 1024;
constexpr std::size_t kHeadBytes = 80 * 1024;

}  // namespace

// Threads: the loop's, but for refresh() and the list.
class HttpDiscovery::Core : public std::enable_shared_from_this<Core> {
 public:
  Core(std::shared_ptr<const Access> access, std::string service, Loop& loop)
      : access_(std::move(access)),
        service_(std::move(service)),
        loop_(loop),
        timer_([this] { look(); }),
        backoff_(options().backoff, options().random),
        known_(options().grace) {}

  ServerList& list() noexcept { return list_; }

  void start() {
    if (!stopped_) look();
  }

  void stop() {
    stopped_ = true;
    timer_.cancel();
    exchange_.reset();
  }

  void refresh() {
    if (asked_.exchange(true)) return;
    loop_.post([self = shared_from_this()] {
      self->asked_ = false;
      self->look_soon();
    });
  }

 private:
  const HttpRegistryOptions& options() const noexcept { return access_->options; }

  void look() {
    ListQuestion question;
    question.service = service_;
    if (!version_.empty()) {
      question.version = version_;
      question.wait = options().wait;
    }
    HttpExchangeLimits limits;
    limits.whole = saturating_sum(options().request_timeout, question.wait);
    limits.head_bytes = kHeadBytes;
    limits.body_bytes = kListBytes;
    waiting_ = question.wait;
    looked_at_ = loop_.now();
    exchange_ = HttpExchange::start(
        loop_, *options().dialer, list_request(access_->target, question), limits,
        [this](Result<HttpExchangeResponse> response) { on_response(std::move(response)); });
  }

  static Time saturating_sum(Time a, Time b) { return a > Time::max() - b ? Time::max() : a + b; }

  // Not while a request is under way: its answer has the present list, too.
  void look_soon() {
    if (stopped_ || exchange_) return;
    Clock::TimePoint earliest = saturating_add(looked_at_, kMinAge);
    if (!timer_.waiting() || earliest < timer_.due()) loop_.start_timer(timer_, earliest);
  }

  void on_response(Result<HttpExchangeResponse> response) {
    std::unique_ptr<HttpExchange> exchange = std::move(exchange_);
    Result<FoundList> found =
        response.ok()
            ? read_list(access_->target, *response, options().max_servers)
            : Result<FoundList>(response.status().with_context("registry " + access_->target.name));
    if (!found.ok()) {
      // The next request does not wait for a change: its answer shows that the registry is back.
      version_.clear();
      loop_.start_timer(timer_, backoff_.next());
      list_.set_failure(found.take_status());
      return;
    }
    backoff_.reset();
    loop_.start_timer(timer_, next_look(*found));
    version_ = found->version;
    list_.update(known_.take(std::move(*found), loop_.now()));
  }

  Clock::TimePoint next_look(const FoundList& found) const {
    bool waits = waiting_.count() > 0;
    // A registry that does not wait when it is asked to is polled.
    bool hasty = waits && found.version == version_ &&
                 loop_.now() < saturating_add(looked_at_, waiting_ / 2);
    if (!found.plain && !hasty) {
      return std::max(loop_.now(), saturating_add(looked_at_, kMinPause));
    }
    auto refresh = static_cast<double>(options().refresh.count());
    Time wait(static_cast<Time::rep>(refresh * (0.9 + 0.2 * options().random())));
    return saturating_add(loop_.now(), std::max<Time>(wait, kMinPause));
  }

  const std::shared_ptr<const Access> access_;
  const std::string service_;
  Loop& loop_;
  ServerList list_;
  std::atomic<bool> asked_ = false;

  base::Timer timer_;
  base::BackoffSchedule backoff_;
  KnownServers known_;
  std::unique_ptr<HttpExchange> exchange_;
  std::string version_;           // of the last answer; "": do not wait for another version
  Clock::TimePoint looked_at_{};  // when exchange_, or the last one, began
  Time waiting_{0};               // what it was to wait
  bool stopped_ = false;
};

HttpDiscovery::HttpDiscovery(std::shared_ptr<const Access> access, std::string service,
                             IoPool& pool)
    : pool_(pool),
      loop_(pool.next()),
      core_(std::make_shared<Core>(std::move(access), std::move(service), loop_)) {
  loop_.post([core = core_] { core->start(); });
}

HttpDiscovery::~HttpDiscovery() {
  run_on_loop(pool_, loop_, [core = std::move(core_)] { core->stop(); });
}

ServerView HttpDiscovery::view() const {
  return core_->list().view();
}

std::unique_ptr<Discovery::Watch> HttpDiscovery::watch(OnChange on_change) {
  return core_->list().watch(std::move(on_change));
}

void HttpDiscovery::refresh() {
  core_->refresh();
}

}  // namespace tern::registry
