// The servers of a registry that may have lost its data in a restart.
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "registry/registry_requests.h"
#include "tern/clock.h"
#include "tern/instance.h"

namespace tern::registry {

// A registry that has restarted knows a server only when that has registered again. So for some
// time the servers are those that it lists now, and those that were known before. Threads: one at a
// time.
class KnownServers {
 public:
  // `grace`: that time. It ends sooner if the registry says that it knows all servers again.
  explicit KnownServers(std::chrono::nanoseconds grace) noexcept : grace_(grace) {}

  // The servers to use, now that the registry has answered with `found`.
  std::vector<Instance> take(FoundList found, Clock::TimePoint now);

 private:
  bool forgetful(const FoundList& found) const;

  const std::chrono::nanoseconds grace_;
  std::string epoch_;           // of the last answer
  bool was_empty_ = false;      // the last answer
  std::vector<Instance> last_;  // what take() came to
  std::vector<Instance> kept_;  // known before, and not listed since
  Clock::TimePoint kept_until_{};
};

}  // namespace tern::registry
