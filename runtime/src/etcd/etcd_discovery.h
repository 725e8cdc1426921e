// The servers of a service, as etcd lists them.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "etcd/etcd_client.h"
#include "etcd/etcd_messages.h"
#include "registry/cautious_list.h"
#include "tern/io_pool.h"

namespace tern {

// Reads the list, then watches from the revision behind it. Reads it again when the watch ends, now
// and then to see whether the watch is alive, and when asked to.
// Threads: the loop's, but for list().
class EtcdWatcher : public std::enable_shared_from_this<EtcdWatcher> {
 public:
  EtcdWatcher(Loop& loop, std::shared_ptr<const EtcdSetup> setup, std::string_view service);

  void start() { look(); }
  void stop();
  void refresh();

  ServerList& list() noexcept { return list_.list(); }

 private:
  using ByAddress = std::map<std::string, Instance, std::less<>>;  // by what follows the prefix

  void look();
  void on_listed(Result<std::string> answer);
  void take_list(EtcdRange range);
  void watch();
  void on_line(std::string_view line);
  void apply(EtcdEvent& event);
  void on_watch_over(const Status& why);
  void fail(const Status& why);
  void put(EtcdEntry& entry);
  void show(bool doubted);

  EtcdClient client_;
  std::string prefix_;
  registry::CautiousList list_;
  ByAddress found_;
  std::unique_ptr<EtcdCall> look_;
  std::unique_ptr<EtcdCall> watch_;
  Timer next_look_;
  Clock::TimePoint looked_at_{};
  std::int64_t revision_ = 0;         // all changes up to it are known
  std::int64_t listed_revision_ = 0;  // of the list that was read
  std::int64_t asked_revision_ = 0;   // revision_ when look_ was sent
  bool stopped_ = false;
};

// The handle on it. Threads: any.
class EtcdDiscovery final : public Discovery {
 public:
  EtcdDiscovery(IoPool& pool, std::shared_ptr<const EtcdSetup> setup, std::string_view service);
  ~EtcdDiscovery() override;

  ServerView view() const override { return watcher_->list().view(); }
  std::unique_ptr<Watch> watch(OnChange on_change) override {
    return watcher_->list().watch(std::move(on_change));
  }
  void refresh() override;

 private:
  IoPool& pool_;
  Loop& loop_;
  std::shared_ptr<EtcdWatcher> watcher_;
};

}  // namespace tern
