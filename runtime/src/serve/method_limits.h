// Which methods of a server the adaptive limit is for.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "serve/adaptive_limit.h"
#include "serve/router.h"
#include "tern/clock.h"
#include "tern/server.h"
#include "tern/status.h"

namespace tern::serve {

// Nothing is limited before set_up(). Threads: any, after that.
class MethodLimits {
 public:
  // A failure says what is wrong with the options: of effect when it succeeds.
  Status set_up(const AdaptiveConcurrency& options, const Router& router, Clock::TimePoint now);

  // What limits the calls of this method; null if nothing does.
  AdaptiveLimit* of(const Route& route) const noexcept {
    return limit_ && limited_[route.index] ? limit_.get() : nullptr;
  }
  // How many calls may run at present; 0: nothing is limited.
  std::uint64_t concurrency() const noexcept { return limit_ ? limit_->limit() : 0; }

 private:
  std::unique_ptr<AdaptiveLimit> limit_;  // null if it is off
  std::vector<bool> limited_;             // by Route::index; empty if it is off
};

}  // namespace tern::serve
