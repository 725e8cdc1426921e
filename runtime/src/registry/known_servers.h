// What a client goes on believing of a registry that has forgotten its servers.
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "registry/registry_requests.h"
#include "tern/clock.h"
#include "tern/instance.h"

namespace tern::registry {

// A registry that was started anew knows nobody until each server has spoken again. So for some
// time its list is what it says now, and those that were known before. Threads: one at a time.
class KnownServers {
 public:
  // `grace`: the longest of that time. It ends sooner when the registry says that it knows all.
  explicit KnownServers(std::chrono::nanoseconds grace) noexcept : grace_(grace) {}

  // The servers to believe in, now that the registry has answered with `found`.
  std::vector<Instance> take(FoundList found, Clock::TimePoint now);

 private:
  bool forgetful(const FoundList& found) const;

  const std::chrono::nanoseconds grace_;
  std::string epoch_;           // of the last answer
  bool was_empty_ = false;      // the last answer
  std::vector<Instance> last_;  // what take() came to
  std::vector<Instance> kept_;  // known before, and not heard of since
  Clock::TimePoint kept_until_{};
};

}  // namespace tern::registry
