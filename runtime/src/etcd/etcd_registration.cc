#include "etcd/etcd_registration.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "etcd/etcd_keys.h"
#include "registry/instance_json.h"

namespace tern::etcd {

namespace {

using Time = std::chrono::nanoseconds;

// A withdrawal asks once, and does not keep a server that stops for longer.
constexpr std::chrono::milliseconds kRevokeTimeout{1500};

}  // namespace

EntryKeeper::EntryKeeper(Loop& loop, std::shared_ptr<const Setup> setup, std::string_view service,
                         const Instance& instance)
    : client_(loop, std::move(setup)),
      key_(service_prefix(client_.setup().prefix, service) + instance.endpoint.to_string()),
      value_(registry::instance_json(instance)),
      timer_([this] { step(); }),
      status_(Status(Code::kUnavailable, fmt::format("etcd: \"{}\" is not listed yet", key_),
                     HandlerRan::kNo)),
      withdrawal_(loop) {}

void EntryKeeper::update(const Instance& instance) {
  std::string value = registry::instance_json(instance);
  if (withdrawn_ || value == value_) return;
  value_ = std::move(value);
  must_put_ = true;
  // What is under way goes on to step(); a wait for another attempt is waited for.
  if (!call_ && status_.get().ok()) step();
}

// Does what is due, one thing at a time.
void EntryKeeper::step() {
  if (withdrawn_) return;
  Clock::TimePoint now = client_.loop().now();
  if (lease_.id == 0 || now >= lease_ends_) {
    grant();
  } else if (must_put_) {
    put();
  } else if (now >= renew_at_) {
    renew();
  } else {
    client_.loop().start_timer(timer_, renew_at_);
  }
}

void EntryKeeper::grant() {
  lose_lease();
  call("/v3/lease/grant", grant_body(client_.setup().options.ttl), &EntryKeeper::on_granted);
}

void EntryKeeper::on_granted(Answer answer) {
  Result<Lease> lease = parse_grant(*answer);
  if (!lease.ok()) {
    client_.move_on();
    fail(lease.status());
    return;
  }
  lease_ = *lease;
  lease_ends_ = saturating_add(called_at_, lease_.ttl);
  renew_at_ = saturating_add(called_at_, third());
  step();
}

void EntryKeeper::put() {
  must_put_ = false;  // unless update() says otherwise meanwhile
  call("/v3/kv/put", put_body(key_, value_, lease_.id), &EntryKeeper::on_put);
}

void EntryKeeper::on_put(Answer) {
  client_.note_success();
  status_.set(Status());
  step();
}

void EntryKeeper::renew() {
  call("/v3/lease/keepalive", lease_body(lease_.id), &EntryKeeper::on_renewed);
}

// A lease that is gone answers like any other, without a TTL.
void EntryKeeper::on_renewed(Answer answer) {
  Result<Lease> lease = parse_keepalive(*answer);
  if (!lease.ok()) {
    client_.move_on();
    fail(lease.status());
    return;
  }
  if (lease->ttl.count() == 0) {
    lose_lease();
    status_.set(Status(Code::kUnavailable,
                       fmt::format("etcd: the lease of \"{}\" has ended; it is listed again", key_),
                       HandlerRan::kNo));
    step();
    return;
  }
  lease_.ttl = lease->ttl;
  lease_ends_ = saturating_add(called_at_, lease_.ttl);
  renew_at_ = saturating_add(called_at_, third());
  look();
}

// A key can go while its lease lives: somebody has deleted it, or put it without the lease.
void EntryKeeper::look() {
  call("/v3/kv/range", get_body(key_), &EntryKeeper::on_looked);
}

void EntryKeeper::on_looked(Answer answer) {
  Result<Range> range = parse_range(*answer);
  if (!range.ok()) {
    client_.move_on();
    fail(range.status());
    return;
  }
  bool listed = range->entries.size() == 1 && range->entries.front().lease == lease_.id;
  if (!listed) must_put_ = true;
  client_.note_success();
  status_.set(Status());
  step();
}

// At most one call at a time.
void EntryKeeper::call(const char* path, std::string body, OnAnswer on_answer) {
  timer_.cancel();
  called_at_ = client_.loop().now();
  Time timeout = std::min<Time>(client_.setup().options.request_timeout, third());
  call_ = client_.call(path, std::move(body), timeout, [this, on_answer](Answer answer) {
    std::shared_ptr<EntryKeeper> alive = shared_from_this();
    std::unique_ptr<Call> over = std::move(call_);
    if (answer.ok()) {
      (this->*on_answer)(std::move(answer));
      return;
    }
    if (on_answer == &EntryKeeper::on_put) must_put_ = true;
    // "requested lease not found"
    if (answer.status().code() == Code::kNotFound) lose_lease();
    fail(answer.status());
  });
}

void EntryKeeper::lose_lease() {
  lease_ = Lease();
  must_put_ = true;
}

void EntryKeeper::fail(const Status& why) {
  status_.set(why);
  client_.loop().start_timer(timer_, client_.next_wait());
}

Time EntryKeeper::third() const {
  std::chrono::seconds ttl = lease_.id != 0 ? lease_.ttl : client_.setup().options.ttl;
  return Time(ttl) / 3;
}

void EntryKeeper::withdraw(bool asks) {
  withdrawn_ = true;
  timer_.cancel();
  call_.reset();
  status_.set(Status(Code::kCancelled, fmt::format("etcd: \"{}\" is withdrawn", key_)));
  if (lease_.id == 0 || !asks) {
    end();
    return;
  }
  self_ = shared_from_this();
  client_.loop().add_end_listener(weak_from_this());
  if (!self_) return;  // the loop has ended
  call_ = client_.call("/v3/lease/revoke", lease_body(lease_.id), kRevokeTimeout,
                       [this](Answer) { end(); });
}

void EntryKeeper::end() {
  std::shared_ptr<EntryKeeper> alive = std::move(self_);
  std::unique_ptr<Call> over = std::move(call_);
  withdrawal_.end();
}

Registration::Registration(IoPool& pool, std::shared_ptr<const Setup> setup,
                           std::string_view service, const Instance& instance)
    : pool_(pool),
      loop_(pool.next()),
      keeper_(std::make_shared<EntryKeeper>(loop_, std::move(setup), service, instance)) {
  loop_.post([keeper = keeper_] { keeper->start(); });
}

Registration::~Registration() {
  registry::withdraw_at_last(*this, pool_);
  keeper_->status().on_change({});
}

void Registration::async_withdraw(UniqueFunction<void()> done) {
  if (!keeper_->withdrawal().ask(std::move(done))) return;
  if (loop_.io().stopped()) {
    keeper_->withdraw(false);
  } else {
    loop_.post([keeper = keeper_] { keeper->withdraw(); });
  }
}

void Registration::update(Instance instance) {
  loop_.post([keeper = keeper_, instance = std::move(instance)] { keeper->update(instance); });
}

}  // namespace tern::etcd
