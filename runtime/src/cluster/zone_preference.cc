#include "cluster/zone_preference.h"

#include <algorithm>
#include <iterator>

namespace tern::cluster {

std::vector<std::shared_ptr<const ServerLoad>> prefer_zone(
    const std::vector<std::shared_ptr<const ServerLoad>>& available, std::size_t known,
    std::string_view zone, double min_share) {
  std::vector<std::shared_ptr<const ServerLoad>> own;
  std::copy_if(available.begin(), available.end(), std::back_inserter(own),
               [zone](const auto& server) { return server->instance().zone == zone; });
  bool enough = static_cast<double>(own.size()) >= min_share * static_cast<double>(known);
  return own.empty() || !enough ? available : own;
}

}  // namespace tern::cluster
