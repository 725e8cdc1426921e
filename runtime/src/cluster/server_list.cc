#include "tern/server_list.h"

#include <algorithm>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <thread>
#include <utility>

namespace tern {

namespace {

// One watch. The thread that makes a change reports it, unless another thread is reporting already:
// then that one does it.
class Watcher {
 public:
  explicit Watcher(Discovery::OnChange on_change) : on_change_(std::move(on_change)) {}

  // `look` gives the present view and its version; may be called from several threads at once.
  template <typename Look>
  void deliver(const Look& look) {
    std::unique_lock lock(mutex_);
    again_ = true;
    if (running_) return;
    running_ = true;
    runner_ = std::this_thread::get_id();
    while (again_ && !ended_) {
      again_ = false;
      lock.unlock();
      auto [view, version] = look();
      if (version != delivered_) {
        delivered_ = version;
        on_change_(view);
      }
      lock.lock();
    }
    running_ = false;
    idle_.notify_all();
  }

  void end() {
    std::unique_lock lock(mutex_);
    ended_ = true;
    if (running_ && runner_ == std::this_thread::get_id()) return;
    idle_.wait(lock, [this] { return !running_; });
  }

 private:
  const Discovery::OnChange on_change_;
  std::uint64_t delivered_ = 0;  // the version; of the thread that delivers

  std::mutex mutex_;  // guards the following
  std::condition_variable idle_;
  bool running_ = false;
  bool again_ = false;
  bool ended_ = false;
  std::thread::id runner_;
};

bool same(const Instances& a, const Instances& b) {
  return a == b || (a && b && *a == *b);
}

bool same(const Status& a, const Status& b) {
  return a.code() == b.code() && a.message() == b.message();
}

}  // namespace

class ServerList::Core {
 public:
  ServerView view() const {
    std::lock_guard lock(mutex_);
    return view_;
  }

  // `servers` null: those that are there.
  void set(Instances servers, Status status) {
    std::vector<std::shared_ptr<Watcher>> watchers;
    {
      std::lock_guard lock(mutex_);
      if (!servers) servers = view_.servers;
      if (same(servers, view_.servers) && same(status, view_.status)) return;
      // First: what there is no memory to tell has not changed.
      watchers = watchers_;
      view_.servers = std::move(servers);
      view_.status = std::move(status);
      ++version_;
    }
    for (const auto& watcher : watchers) deliver(*watcher);
  }

  void add(const std::shared_ptr<Watcher>& watcher) {
    {
      std::lock_guard lock(mutex_);
      watchers_.push_back(watcher);
    }
    deliver(*watcher);
  }

  void remove(const std::shared_ptr<Watcher>& watcher) {
    {
      std::lock_guard lock(mutex_);
      watchers_.erase(std::remove(watchers_.begin(), watchers_.end(), watcher), watchers_.end());
    }
    watcher->end();
  }

 private:
  void deliver(Watcher& watcher) const {
    watcher.deliver([this] {
      std::lock_guard lock(mutex_);
      return std::make_pair(view_, version_);
    });
  }

  mutable std::mutex mutex_;  // guards the following
  ServerView view_;
  std::uint64_t version_ = 0;  // 0: there is nothing to tell yet
  std::vector<std::shared_ptr<Watcher>> watchers_;
};

class ServerList::WatchOf final : public Discovery::Watch {
 public:
  WatchOf(std::shared_ptr<Core> core, std::shared_ptr<Watcher> watcher)
      : core_(std::move(core)), watcher_(std::move(watcher)) {}
  ~WatchOf() override { core_->remove(watcher_); }

 private:
  std::shared_ptr<Core> core_;
  std::shared_ptr<Watcher> watcher_;
};

ServerList::ServerList() : core_(std::make_shared<Core>()) {}

ServerList::ServerList(std::vector<Instance> servers) : ServerList() {
  update(std::move(servers));
}

ServerList::~ServerList() = default;

Result<std::shared_ptr<ServerList>> ServerList::of(
    std::initializer_list<std::string_view> addresses) {
  std::vector<Instance> servers;
  for (std::string_view address : addresses) {
    Result<Endpoint> endpoint = parse_endpoint(address);
    if (!endpoint.ok()) return endpoint.status();
    servers.emplace_back(std::move(*endpoint));
  }
  return std::make_shared<ServerList>(std::move(servers));
}

void ServerList::update(std::vector<Instance> servers) {
  core_->set(make_instances(std::move(servers)), Status());
}

void ServerList::set_failure(Status why) {
  core_->set(nullptr, std::move(why));
}

ServerView ServerList::view() const {
  return core_->view();
}

std::unique_ptr<Discovery::Watch> ServerList::watch(OnChange on_change) {
  auto watcher = std::make_shared<Watcher>(std::move(on_change));
  auto watch = std::make_unique<WatchOf>(core_, watcher);
  core_->add(watcher);
  return watch;
}

}  // namespace tern
