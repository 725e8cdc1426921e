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

// `Made` is made of a std::vector<std::shared_ptr<const ServerLoad>> and `args`. The last two are
// kept: while a set gives way to the next one, threads may still ask for both. Threads: any.
template <typename Made>
class PerCandidates {
 public:
  // What is given is used before another call can take its place: `use` must be quick, and call
  // nothing that waits.
  template <typename Use, typename... Args>
  auto with(const Candidates& candidates, const Use& use, const Args&... args) {
    std::lock_guard lock(mutex_);
    for (const Kept& kept : kept_) {
      if (kept.made && kept.version == candidates.version &&
          kept.size == candidates.servers.size()) {
        return use(*kept.made);
      }
    }
    kept_[1] = std::move(kept_[0]);
    kept_[0] = {candidates.version, candidates.servers.size(),
                std::make_unique<const Made>(candidates.servers, args...)};
    return use(*kept_[0].made);
  }

 private:
  struct Kept {
    std::uint64_t version = 0;
    std::size_t size = 0;  // a version that was used twice must not lead out of the set
    std::unique_ptr<const Made> made;
  };

  std::mutex mutex_;  // guards the following
  std::array<Kept, 2> kept_;
};

}  // namespace tern::balance
