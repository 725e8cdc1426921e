// What tests of registries say about servers and lists.
#pragma once

#include <algorithm>
#include <cstdint>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "tern/discovery.h"

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
