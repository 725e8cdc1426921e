// What a balancer has worked out of a set of candidates, kept as long as the set is the same.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <utility>

#include "tern/balancer.h"

namespace tern::balance {

// `Table` is made of a std::vector<std::shared_ptr<const ServerLoad>> and `args`. The last two are
// kept: while a set gives way to the next one, threads may still ask for both. Threads: any.
template <typename Table>
class PerCandidates {
 public:
  // What is given is used before another call can take its place: `use` must be quick, and call
  // nothing that waits.
  template <typename Use, typename... Args>
  auto with(const Candidates& candidates, const Use& use, const Args&... args) {
    std::lock_guard lock(mutex_);
    for (const Entry& entry : entries_) {
      if (entry.made && entry.version == candidates.version &&
          entry.size == candidates.servers.size()) {
        return use(*entry.made);
      }
    }
    entries_[1] = std::move(entries_[0]);
    entries_[0] = {candidates.version, candidates.servers.size(),
                   std::make_unique<const Table>(candidates.servers, args...)};
    return use(*entries_[0].made);
  }

 private:
  struct Entry {
    std::uint64_t version = 0;
    std::size_t size = 0;  // a version that was used twice must not lead out of the set
    std::unique_ptr<const Table> made;
  };

  std::mutex mutex_;  // guards the following
  std::array<Entry, 2> entries_;
};

}  // namespace tern::balance
