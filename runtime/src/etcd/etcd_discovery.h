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

namespace tern::etcd {

// Reads the list, then watches from the revision behind it. Reads it again when the watch ends, now
// and then to see whether the watch is alive, and when asked to.
// Threads: the loop's, but for list().
class Watcher : public std::enable_shared_from_this<Watcher> {
 public:
  Watcher(Loop& loop, std::shared_ptr<const Setup> setup, std::string_view service);

  void start() { look(); }
  void stop();
  void refresh();

  ServerList& list() noexcept { return list_.list(); }

 private:
  using ByAddress = std::map<std::string, Instance, std::less<>>;  // by what follows the prefix

  void look();
  void on_listed(Result<std::string> answer);
  void take_list(Range range);
  void watch();
  void on_line(std::string_view line);
  void apply(Event& event);
  void on_watch_over(const Status& why);
  void fail(const Status& why);
  void put(Entry& entry);
  void show(bool doubted);

  Client client_;
  std::string prefix_;
  registry::CautiousList list_;
  ByAddress found_;
  std::unique_ptr<Call> look_;
  std::unique_ptr<Call> watch_;
  base::Timer next_look_;
  Clock::TimePoint looked_at_{};
  std::int64_t revision_ = 0;         // all changes up to it are known
  std::int64_t listed_revision_ = 0;  // of the list that was read
  std::int64_t asked_revision_ = 0;   // revision_ when look_ was sent
  bool stopped_ = false;
};

// The handle on it. Threads: any.
class Discovery final : public tern::Discovery {
 public:
  Discovery(IoPool& pool, std::shared_ptr<const Setup> setup, std::string_view service);
  ~Discovery() override;

  ServerView view() const override { return watcher_->list().view(); }
  std::unique_ptr<Watch> watch(OnChange on_change) override {
    return watcher_->list().watch(std::move(on_change));
  }
  void refresh() override;

 private:
  IoPool& pool_;
  Loop& loop_;
  std::shared_ptr<Watcher> watcher_;
};

}  // namespace tern::etcd
