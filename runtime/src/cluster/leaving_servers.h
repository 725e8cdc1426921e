// The servers of a cluster that are not listed any more.
#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include "cluster/subchannel.h"

namespace tern::cluster {

// Each is here until its last call has ended. What was sent to those that are gone still counts.
// Threads: one at a time.
class LeavingServers {
 public:
  using List = std::vector<SubchannelPtr>;

  const List& list() const noexcept { return list_; }
  // All of them, or none if it throws std::bad_alloc.
  void add(const List& servers) { list_.insert(list_.end(), servers.begin(), servers.end()); }
  // Whether it is here, and its last call has ended.
  bool may_release(const SubchannelPtr& server) const noexcept {
    return server->load->pending() == 0 &&
           std::find(list_.begin(), list_.end(), server) != list_.end();
  }
  // It is gone.
  void release(const SubchannelPtr& server) noexcept {
    auto place = std::find(list_.begin(), list_.end(), server);
    if (place == list_.end()) return;
    list_.erase(place);
    count(*server);
  }
  // All are gone, whatever runs.
  void release_all() {
    for (const SubchannelPtr& server : list_) count(*server);
    list_.clear();
  }
  // One that has not been here is gone.
  void count(const Subchannel& server) noexcept { calls_of_gone_ += server.calls_sent(); }
  // The calls that were sent to all of them.
  std::uint64_t calls_sent() const noexcept {
    std::uint64_t calls = calls_of_gone_;
    for (const SubchannelPtr& server : list_) calls += server->calls_sent();
    return calls;
  }

 private:
  List list_;
  std::uint64_t calls_of_gone_ = 0;
};

}  // namespace tern::cluster
