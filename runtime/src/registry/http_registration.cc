#include "registry/http_registration.h"

#include <algorithm>
#include <chrono>
#include <optional>
#include <utility>

#include "base/backoff.h"
#include "registry/http_exchange.h"
#include "registry/registration_status.h"
#include "registry/withdrawal.h"

namespace tern::registry {

namespace {

using Time = std::chrono::nanoseconds;

// The limit of a withdrawal.
constexpr std::chrono::milliseconds kLeaveTime{1500};
// An entry is renewed so long before it expires, which leaves time for retries.
constexpr std::chrono::minutes kSpare{2};
// What is left of that time is divided by this: an attempt takes one part at most, and so does the
// wait before the next one. So one arrives even if half of them are lost.
constexpr int kAttempts = 16;
constexpr std::chrono::seconds kMinAge{1};
constexpr std::size_t kListBytes = 16 * 1024 * 1024;
constexpr std::size_t kHeadBytes = 80 * 1024;

}  // namespace

// Threads: the loop's, but for those that say otherwise.
class HttpRegistration::Core final : public LoopEndListener,
                                     public std::enable_shared_from_this<Core> {
 public:
  Core(std::shared_ptr<const Access> access, std::string service, Loop& loop)
      : access_(std::move(access)),
        service_(std::move(service)),
        loop_(loop),
        beat_timer_([this] { beat(); }),
        check_timer_([this] { check(); }),
        leave_timer_([this] { leave_is_over(); }),
        backoff_(options().backoff, options().random),
        check_backoff_(options().backoff, options().random),
        withdrawal_(loop) {}

  // --- Any thread ---

  RegistrationStatus& status() noexcept { return status_; }
  Withdrawal& withdrawal() noexcept { return withdrawal_; }

  // --- The loop's ---

  void list(Instance instance) {
    if (leaving_) return;
    // The entry is the address: that stays.
    if (listing_) instance.endpoint = endpoint_;
    Result<Listing> listing = listing_of(service_, instance);
    if (!listing.ok()) {
      status_.set(listing.take_status());
      return;
    }
    listing_ = *std::move(listing);
    endpoint_ = instance.endpoint;
    beat();
  }

  // Asks the registry to take the entry out, unless `asks` is false.
  void leave(bool asks) {
    leaving_ = true;
    beat_timer_.cancel();
    check_timer_.cancel();
    check_.reset();
    if (!listing_ || !asks) {
      leave_is_over();
      return;
    }
    self_ = shared_from_this();
    loop_.add_end_listener(weak_from_this());
    if (!self_) return;  // the loop has ended
    loop_.start_timer(leave_timer_, kLeaveTime);
    // A heartbeat that is on its way could arrive after the withdrawal.
    if (!beat_) withdraw();
  }

 private:
  void on_loop_end() override { leave_is_over(); }

  const HttpRegistryOptions& options() const noexcept { return access_->options; }

  std::unique_ptr<HttpExchange> ask(HttpExchangeRequest request, Time timeout,
                                    void (Core::*then)(Result<HttpExchangeResponse>)) {
    HttpExchangeLimits limits;
    limits.whole = timeout;
    limits.head_bytes = kHeadBytes;
    limits.body_bytes = kListBytes;
    return HttpExchange::start(loop_, *options().dialer, std::move(request), limits,
                               [this, then](Result<HttpExchangeResponse> response) {
                                 (this->*then)(std::move(response));
                               });
  }

  // --- Heartbeats ---

  void beat() {
    beat_timer_.cancel();
    if (beat_) {
      again_ = true;
      return;
    }
    beat_at_ = loop_.now();
    beat_ = ask(register_request(access_->target, *listing_), pressed(options().request_timeout),
                &Core::on_beaten);
  }

  void on_beaten(Result<HttpExchangeResponse> response) {
    std::unique_ptr<HttpExchange> exchange = std::move(beat_);
    if (leaving_) {
      withdraw();
      return;
    }
    Result<Registered> registered =
        response.ok() ? read_registered(access_->target, *response)
                      : Result<Registered>(
                            response.status().with_context("registry " + access_->target.name));
    if (!registered.ok()) {
      status_.set(registered.take_status());
      check_timer_.cancel();
      check_.reset();
      loop_.start_timer(beat_timer_, pressed(std::min(backoff_.next(), longest_wait())));
    } else {
      status_.set(Status());
      backoff_.reset();
      registered_ = *registered;
      // The registry's time begins later: when it has received the request.
      entry_ends_ = registered_.expire ? saturating_add(beat_at_, *registered_.expire) : beat_at_;
      Time wait = heartbeat();
      auto early =
          static_cast<Time::rep>(static_cast<double>(wait.count()) * 0.1 * options().random());
      loop_.start_timer(beat_timer_, wait - Time(early));
      if (!check_ && !check_timer_.waiting()) check_later();
    }
    if (std::exchange(again_, false)) beat();
  }

  // So that there is time for retries if one fails.
  Time heartbeat() const {
    if (!registered_.expire) return options().heartbeat;
    Time expire = *registered_.expire;
    return std::min(options().heartbeat, std::max<Time>(expire - kSpare, expire / 3));
  }
  Time longest_wait() const {
    return registered_.expire ? std::max<Time>(*registered_.expire / 3, kMinAge) : Time::max();
  }

  // `time`, or less if the entry would expire meanwhile.
  Time pressed(Time time) const {
    Time left = entry_ends_ - loop_.now();
    return left.count() > 0 ? std::min(time, std::max<Time>(left / kAttempts, kMinAge)) : time;
  }

  // --- Checks whether it is still listed ---

  // At once if the registry waits with its answer until the entry is gone.
  void check_later() {
    if (registered_.can_wait) {
      loop_.start_timer(check_timer_, Time(0));
    } else {
      check_after_refresh();
    }
  }
  void check_after_refresh() {
    auto refresh = static_cast<double>(options().refresh.count());
    loop_.start_timer(check_timer_,
                      Time(static_cast<Time::rep>(refresh * (0.9 + 0.2 * options().random()))));
  }

  void check() {
    ListQuestion question;
    question.service = service_;
    if (registered_.can_wait) {
      question.server = listing_->address;
      question.wait = options().wait;
    }
    check_wait_ = question.wait;
    check_at_ = loop_.now();
    Time timeout = options().request_timeout;
    timeout = timeout > Time::max() - question.wait ? Time::max() : timeout + question.wait;
    check_ = ask(list_request(access_->target, question), timeout, &Core::on_checked);
  }

  void on_checked(Result<HttpExchangeResponse> response) {
    std::unique_ptr<HttpExchange> exchange = std::move(check_);
    Result<bool> listed = response.ok() ? read_listed(access_->target, *response, listing_->address)
                                        : Result<bool>(response.status());
    if (!listed.ok()) {
      // Perhaps the registry is restarting, and will know nobody.
      beat_by(saturating_add(loop_.now(), check_backoff_.next()));
      return;
    }
    check_backoff_.reset();
    if (!*listed) {
      beat_by(std::max(loop_.now(), saturating_add(beat_at_, kMinAge)));
      return;
    }
    bool hasty = loop_.now() < saturating_add(check_at_, check_wait_ / 2);
    if (check_wait_.count() > 0 && !hasty) {
      check_later();
    } else {
      check_after_refresh();
    }
  }

  void beat_by(Clock::TimePoint due) {
    if (beat_) return;
    if (!beat_timer_.waiting() || due < beat_timer_.due()) loop_.start_timer(beat_timer_, due);
  }

  // --- Withdrawing ---

  void withdraw() {
    beat_ = ask(withdraw_request(access_->target, *listing_), options().request_timeout,
                &Core::on_withdrawn);
  }
  void on_withdrawn(Result<HttpExchangeResponse>) { leave_is_over(); }

  void leave_is_over() {
    std::shared_ptr<Core> alive = std::move(self_);
    leave_timer_.cancel();
    beat_.reset();
    status_.set(Status(Code::kCancelled, "registry: withdrawn", HandlerRan::kNo));
    withdrawal_.end();
  }

  const std::shared_ptr<const Access> access_;
  const std::string service_;
  Loop& loop_;

  std::optional<Listing> listing_;
  Endpoint endpoint_;
  base::Timer beat_timer_;
  base::Timer check_timer_;
  base::Timer leave_timer_;
  base::BackoffSchedule backoff_;
  base::BackoffSchedule check_backoff_;
  std::unique_ptr<HttpExchange> beat_;  // or the withdrawal
  std::unique_ptr<HttpExchange> check_;
  Registered registered_;  // what the registry last said
  Clock::TimePoint beat_at_{};
  Clock::TimePoint entry_ends_{};  // not later than at the registry; the past: there is none
  Clock::TimePoint check_at_{};
  Time check_wait_{0};
  bool again_ = false;  // beat_ is out of date
  bool leaving_ = false;
  std::shared_ptr<Core> self_;  // until it has left

  RegistrationStatus status_{
      Status(Code::kUnavailable, "registry: there is no answer yet", HandlerRan::kNo)};
  Withdrawal withdrawal_;
};

HttpRegistration::HttpRegistration(std::shared_ptr<const Access> access, const std::string& service,
                                   Instance instance, IoPool& pool)
    : pool_(pool),
      loop_(pool.next()),
      core_(std::make_shared<Core>(std::move(access), service, loop_)) {
  // At once, so that the caller sees it.
  if (Result<Listing> listing = listing_of(service, instance); !listing.ok()) {
    core_->status().set(listing.take_status());
  } else {
    update(std::move(instance));
  }
}

HttpRegistration::~HttpRegistration() {
  withdraw_at_last(*this, pool_);
  core_->status().on_change({});
}

void HttpRegistration::async_withdraw(UniqueFunction<void()> done) {
  if (!core_->withdrawal().ask(std::move(done))) return;
  if (loop_.io().stopped()) {
    core_->leave(false);
  } else {
    loop_.post([core = core_] { core->leave(true); });
  }
}

void HttpRegistration::update(Instance instance) {
  loop_.post([core = core_, instance = std::move(instance)]() mutable {
    core->list(std::move(instance));
  });
}

Status HttpRegistration::status() const {
  return core_->status().get();
}

void HttpRegistration::on_status(std::function<void(const Status& status)> told) {
  core_->status().on_change(std::move(told));
}

}  // namespace tern::registry
