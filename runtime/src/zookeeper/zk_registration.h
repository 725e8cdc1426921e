// A server's entry in ZooKeeper: an ephemeral node.
#pragma once

#include <cstdint>
#include <functional>
#include <future>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>

#include "registry/registration_status.h"
#include "tern/instance.h"
#include "tern/registry.h"
#include "zookeeper/zk_session.h"

namespace tern::zookeeper {

// Keeps one node there: looks what is there, does what is missing, and looks again, since an answer
// that is lost says nothing about what it answered. Threads: the loop's, but for status().
class NodeKeeper final : public User, public std::enable_shared_from_this<NodeKeeper> {
 public:
  NodeKeeper(std::shared_ptr<Session> session, std::string_view service, const Instance& instance);

  // Another value beside the address.
  void update(const Instance& instance);
  // Removes the node as soon as that is possible, then leaves the session; `done` is told.
  void withdraw(std::promise<void> done);
  registry::RegistrationStatus& status() noexcept { return status_; }

 private:
  using OnOutcome = void (NodeKeeper::*)(Outcome outcome);

  void on_connected() override;
  void on_disconnected(const Status& why) override;
  void on_node_changed(const std::string& path) override;

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
  std::promise<void> withdrawn_;

  registry::RegistrationStatus status_;
};

// The handle on it. Threads: any.
class Registration final : public tern::Registration {
 public:
  Registration(std::shared_ptr<SessionOwner> owner, std::string_view service,
               const Instance& instance);
  ~Registration() override { withdraw(); }

  void withdraw() override;
  void update(Instance instance) override;
  Status status() const override { return keeper_->status().get(); }
  void on_status(std::function<void(const Status& status)> told) override {
    keeper_->status().on_change(std::move(told));
  }

 private:
  std::shared_ptr<SessionOwner> owner_;
  std::shared_ptr<NodeKeeper> keeper_;
  std::once_flag withdrawn_;
};

}  // namespace tern::zookeeper
