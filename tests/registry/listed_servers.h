// What tests of registries say about servers and lists, and how they wait for it.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "tern/discovery.h"
#include "tern/registry.h"

namespace tern::test {

inline Instance server_at(std::string_view address, std::uint32_t weight = 1) {
  Instance instance(*parse_endpoint(address));
  instance.weight = weight;
  return instance;
}

inline std::vector<std::string> addresses(const ServerView& view) {
  std::vector<std::string> found;
  if (!view.known()) return {"nothing known"};
  for (const Instance& server : *view.servers) found.push_back(server.endpoint.to_string());
  return found;
}

// Waits until what the discovery says is `wanted`. False if it is not within a minute.
template <typename Wanted>
bool comes_to(Discovery& discovery, const Wanted& wanted) {
  std::mutex mutex;  // guards the following
  std::condition_variable changed;
  bool is_so = false;
  auto watch = discovery.watch([&](const ServerView& view) {
    std::lock_guard lock(mutex);
    is_so = wanted(view);
    changed.notify_all();
  });
  std::unique_lock lock(mutex);
  return changed.wait_for(lock, std::chrono::minutes(1), [&] { return is_so; });
}
inline bool comes_to_failure(Discovery& discovery) {
  return comes_to(discovery, [](const ServerView& view) { return !view.status.ok(); });
}
inline bool comes_to_health(Discovery& discovery) {
  return comes_to(discovery, [](const ServerView& view) { return view.status.ok(); });
}
inline bool comes_to_list(Discovery& discovery, const std::vector<std::string_view>& expected) {
  const std::vector<std::string> wanted(expected.begin(), expected.end());
  bool came =
      comes_to(discovery, [&](const ServerView& view) { return addresses(view) == wanted; });
  EXPECT_EQ(addresses(discovery.view()), wanted) << discovery.view().status.to_string();
  return came;
}

// The same of what a registration says.
template <typename Wanted>
bool status_comes_to(Registration& registration, const Wanted& wanted) {
  std::mutex mutex;
  std::condition_variable changed;
  bool is_so = false;
  registration.on_status([&](const Status& status) {
    std::lock_guard lock(mutex);
    is_so = wanted(status);
    changed.notify_all();
  });
  bool came = false;
  {
    std::unique_lock lock(mutex);
    came = changed.wait_for(lock, std::chrono::minutes(1), [&] { return is_so; });
  }
  registration.on_status({});
  return came;
}
inline bool becomes_listed(Registration& registration) {
  bool listed = status_comes_to(registration, [](const Status& status) { return status.ok(); });
  EXPECT_TRUE(listed) << registration.status().to_string();
  return listed;
}
inline bool becomes_unlisted(Registration& registration) {
  return status_comes_to(registration, [](const Status& status) { return !status.ok(); });
}

// How short a list has ever been since this was made. Threads: any.
class ShortestList {
 public:
  explicit ShortestList(Discovery& discovery)
      : watch_(discovery.watch([this](const ServerView& view) {
          std::lock_guard lock(mutex_);
          if (view.known()) shortest_ = std::min(shortest_, view.servers->size());
        })) {}
  ~ShortestList() { watch_.reset(); }

  std::size_t size() const {
    std::lock_guard lock(mutex_);
    return shortest_;
  }

 private:
  mutable std::mutex mutex_;  // guards the following
  std::size_t shortest_ = static_cast<std::size_t>(-1);
  std::unique_ptr<Discovery::Watch> watch_;
};

}  // namespace tern::test
