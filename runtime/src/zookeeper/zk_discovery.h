// The servers of a service, as ZooKeeper lists them.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>

#include "registry/cautious_list.h"
#include "zookeeper/zk_session.h"

namespace tern::zookeeper {

// Reads the names of the service's nodes, then the values of those that it does not know yet. Each
// read leaves a watch, and when a watch fires, its node is read again.
// Threads: the loop's, but for list().
class Lister final : public User, public std::enable_shared_from_this<Lister> {
 public:
  Lister(std::shared_ptr<Session> session, std::string_view service);

  void refresh();
  void stop() { stopped_ = true; }

  ServerList& list() noexcept { return list_.list(); }

 private:
  void on_connected() override;
  void on_disconnected(const Status& why) override;
  void on_node_changed(const std::string& path) override;

  void look();
  void on_names(Outcome outcome);
  void wait_for_service(Outcome outcome);
  void read(const std::string& name);
  void on_read(const std::string& name, std::uint64_t reading, const Outcome& outcome);
  void show_when_complete();
  void forget();
  void fail(const Status& why);
  template <typename Then>
  Handle::Done then(Then then);

  std::shared_ptr<Session> session_;
  std::string path_;
  registry::CautiousList list_;
  std::map<std::string, Instance> found_;         // by the name of its node
  std::set<std::string> no_servers_;              // names of nodes that are something else
  std::map<std::string, std::uint64_t> reading_;  // with the number of the last reading
  std::uint64_t readings_ = 0;
  base::BackoffSchedule backoff_;
  base::Timer again_;
  Clock::TimePoint looked_at_{};
  std::uint64_t round_ = 0;     // of connections: answers to earlier ones do not count
  std::int64_t listed_in_ = 0;  // the session in which the list was last complete
  bool names_known_ = false;
  bool stopped_ = false;
};

// The handle on it. Threads: any.
class Discovery final : public tern::Discovery {
 public:
  Discovery(std::shared_ptr<SessionOwner> owner, std::string_view service);
  ~Discovery() override;

  ServerView view() const override { return lister_->list().view(); }
  std::unique_ptr<Watch> watch(OnChange on_change) override {
    return lister_->list().watch(std::move(on_change));
  }
  void refresh() override;

 private:
  std::shared_ptr<SessionOwner> owner_;
  std::shared_ptr<Lister> lister_;
};

}  // namespace tern::zookeeper
