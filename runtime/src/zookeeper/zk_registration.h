// A server's entry in ZooKeeper: an ephemeral node.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "registry/registration_status.h"
#include "registry/withdrawal.h"
#include "tern/instance.h"
#include "tern/registry.h"
#include "zookeeper/zk_session.h"

namespace tern::zookeeper {

// Keeps one node there: checks what is there, creates what is missing, and checks again, since
// after a lost answer nobody knows whether the operation succeeded. Threads: the loop's, but for
// status().
class NodeKeeper final : public User,
                         public LoopEndListener,
                         public std::enable_shared_from_this<NodeKeeper> {
 public:
  NodeKeeper(std::shared_ptr<Session> session, std::string_view service, const Instance& instance);

  // Another value beside the address.
  void update(const Instance& instance);
  // Removes the node as soon as that is possible, then leaves the session. Ends the withdrawal
  // then, or after 2 s; or at once if `asks` is false.
  void withdraw(bool asks);
  // Any thread.
  registry::RegistrationStatus& status() noexcept { return status_; }
  registry::Withdrawal& withdrawal() noexcept { return withdrawal_; }

 private:
  using OnOutcome = void (NodeKeeper::*)(Outcome outcome);

  void on_connected() override;
  void on_disconnected(const Status& why) override;
  void on_node_changed(const std::string& path) override;
  void on_loop_end() override { end(); }

  void end();
  void look();
  void on_looked(Outcome outcome);
  void create();
  void on_created(Outcome outcome);
  void create_parent();
  void on_parent_created(Outcome outcome);
  void on_written(Outcome outcome);
  void keep(const Outcome& found);
  void replace(const Outcome& found);
  void take_out(const Outcome& found);
  void leave();
  Handle::Done then(OnOutcome on_outcome);
  void fail(const Status& why);

  std::shared_ptr<Session> session_;
  std::string path_;
  std::vector<std::string> parents_;
  std::size_t parent_ = 0;  // the next to be created
  std::string value_;
  base::BackoffSchedule backoff_;
  base::Timer again_;
  std::uint64_t round_ = 0;     // answers to earlier ones do not count
  std::int64_t listed_in_ = 0;  // the session in which the node was there
  bool withdrawing_ = false;
  base::Timer patience_;  // of those who wait for the withdrawal

  registry::RegistrationStatus status_;
  registry::Withdrawal withdrawal_;
};

// The handle on it. Threads: any.
class Registration final : public tern::Registration {
 public:
  Registration(std::shared_ptr<SessionOwner> owner, std::string_view service,
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
  std::shared_ptr<SessionOwner> owner_;
  std::shared_ptr<NodeKeeper> keeper_;
};

}  // namespace tern::zookeeper
