// A server's entry in etcd: a key under a lease that is renewed.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <utility>

#include "etcd/etcd_client.h"
#include "etcd/etcd_messages.h"
#include "registry/registration_status.h"
#include "registry/withdrawal.h"
#include "tern/instance.h"
#include "tern/io_pool.h"
#include "tern/registry.h"

namespace tern::etcd {

// Keeps one key listed: grants a lease, puts the key with it, renews it three times in its life,
// and begins again whenever etcd says that it is gone, or has said nothing for as long as it lives.
// Threads: the loop's, but for status().
class EntryKeeper final : public LoopEndListener, public std::enable_shared_from_this<EntryKeeper> {
 public:
  EntryKeeper(Loop& loop, std::shared_ptr<const Setup> setup, std::string_view service,
              const Instance& instance);

  void start() { step(); }
  // Another value beside the address.
  void update(const Instance& instance);
  // Revokes the lease, unless `asks` is false, and ends the withdrawal when etcd has answered, or
  // cannot be reached. Nothing else is done any more.
  void withdraw(bool asks = true);
  // Any thread.
  registry::RegistrationStatus& status() noexcept { return status_; }
  registry::Withdrawal& withdrawal() noexcept { return withdrawal_; }

 private:
  using Answer = Result<std::string>;
  using OnAnswer = void (EntryKeeper::*)(Answer answer);

  void on_loop_end() override { end(); }
  void end();
  void step();
  void grant();
  void put();
  void renew();
  void look();
  void on_granted(Answer answer);
  void on_put(Answer answer);
  void on_renewed(Answer answer);
  void on_looked(Answer answer);

  void call(const char* path, std::string body, OnAnswer on_answer);
  void lose_lease();
  void fail(const Status& why);
  std::chrono::nanoseconds third() const;

  Client client_;
  std::string key_;
  std::string value_;
  std::unique_ptr<Call> call_;
  base::Timer timer_;  // the next step
  Lease lease_;
  Clock::TimePoint called_at_{};
  Clock::TimePoint lease_ends_{};  // at the earliest
  Clock::TimePoint renew_at_{};
  bool must_put_ = true;
  bool withdrawn_ = false;
  std::shared_ptr<EntryKeeper> self_;  // while the lease is being revoked

  registry::RegistrationStatus status_;
  registry::Withdrawal withdrawal_;
};

// The handle on it. Threads: any.
class Registration final : public tern::Registration {
 public:
  Registration(IoPool& pool, std::shared_ptr<const Setup> setup, std::string_view service,
               const Instance& instance);
  Registration(const Registration&) = delete;
  Registration& operator=(const Registration&) = delete;
  ~Registration() override;

  void async_withdraw(UniqueFunction<void()> done) override;
  void update(Instance instance) override;
  Status status() const override { return keeper_->status().get(); }
  void on_status(std::function<void(const Status& status)> told) override {
    keeper_->status().on_change(std::move(told));
  }

 private:
  IoPool& pool_;
  Loop& loop_;
  std::shared_ptr<EntryKeeper> keeper_;
};

}  // namespace tern::etcd
