// A list of servers that keeps those for a while that the registry does not list any more: the
// registry may have lost its data, which is no reason to call nobody.
#pragma once

#include <chrono>
#include <map>
#include <string>
#include <vector>

#include "base/timer_queue.h"
#include "tern/server_list.h"

namespace tern {
class Loop;
}  // namespace tern

namespace tern::registry {

// Threads: the loop's, but for list().
class CautiousList {
 public:
  // Servers that are not listed any more are kept for `grace`.
  CautiousList(Loop& loop, std::chrono::nanoseconds grace);

  // What clients see.
  ServerList& list() noexcept { return list_; }
  const ServerList& list() const noexcept { return list_; }

  // The registry lists these now. If it lists none any more, each server that it listed before is
  // kept until it is listed again, or the grace period is over.
  void update(std::vector<Instance> found);
  // The same, if the registry seems to have lost its data: all servers that are missing are kept.
  void update_doubted(std::vector<Instance> found);
  // It could not be asked.
  void set_failure(Status why) { list_.set_failure(std::move(why)); }

 private:
  using ByAddress = std::map<std::string, Instance>;

  void keep_those_shown();
  void show();

  Loop& loop_;
  std::chrono::nanoseconds grace_;
  ByAddress found_;
  ByAddress kept_;  // not among found_
  base::Timer grace_timer_;
  ServerList list_;
};

}  // namespace tern::registry
