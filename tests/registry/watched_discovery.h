// Waits for what a discovery says.
#pragma once

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "tern/discovery.h"

namespace tern::test {

inline std::vector<std::string> addresses_of(const ServerView& view) {
  std::vector<std::string> all;
  if (!view.known()) return {"unknown"};
  for (const Instance& one : *view.servers) all.push_back(one.endpoint.to_string());
  return all;
}

class WatchedDiscovery {
 public:
  explicit WatchedDiscovery(std::shared_ptr<Discovery> discovery)
      : discovery_(std::move(discovery)), watch_(discovery_->watch([this](const ServerView& view) {
          std::lock_guard lock(mutex_);
          seen_ = addresses_of(view);
          status_ = view.status;
          if (view.known()) fewest_ = std::min(fewest_, view.servers->size());
          changed_.notify_all();
        })) {}
  WatchedDiscovery(const WatchedDiscovery&) = delete;
  WatchedDiscovery& operator=(const WatchedDiscovery&) = delete;

  // Waits until it is so; what is so after a minute.
  std::vector<std::string> until(const std::vector<std::string>& expected) {
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, std::chrono::minutes(1), [&] { return seen_ == expected; });
    return seen_;
  }
  // Waits until the last look has come to that.
  Code until_status(Code expected) {
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, std::chrono::minutes(1), [&] { return status_.code() == expected; });
    return status_.code();
  }
  // How few it has said there are, since the last call.
  std::size_t take_fewest() {
    std::lock_guard lock(mutex_);
    return std::exchange(fewest_, seen_.size());
  }

 private:
  std::mutex mutex_;  // guards the following
  std::condition_variable changed_;
  std::vector<std::string> seen_;
  Status status_;
  std::size_t fewest_ = static_cast<std::size_t>(-1);

  std::shared_ptr<Discovery> discovery_;
  std::unique_ptr<Discovery::Watch> watch_;
};

}  // namespace tern::test
