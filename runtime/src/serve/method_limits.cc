#include "serve/method_limits.h"

#include <fmt/format.h>

#include <string>
#include <string_view>
#include <utility>

namespace tern::serve {

Status MethodLimits::set_up(const AdaptiveConcurrency& options, const Router& router,
                            Clock::TimePoint now) {
  if (!options.enabled) return {};
  if (std::string_view problem = AdaptiveLimit::problem_with(options); !problem.empty()) {
    return Status(Code::kInvalidArgument, fmt::format("adaptive_concurrency: {}", problem));
  }
  std::vector<bool> limited(router.indexes(), true);
  for (const std::string& name : options.exempt) {
    const Route* route = router.find(name).route;
    if (!route) {
      return Status(Code::kInvalidArgument,
                    fmt::format("adaptive_concurrency: \"{}\" is exempt, but no such method is "
                                "served; this server has {}",
                                name, router.services()));
    }
    limited[route->index] = false;
  }
  limit_ = std::make_unique<AdaptiveLimit>(options, router.indexes(), now);
  limited_ = std::move(limited);
  return {};
}

}  // namespace tern::serve
