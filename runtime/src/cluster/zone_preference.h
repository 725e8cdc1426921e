// Calls stay in the client's own zone as long as enough of it is there.
#pragma once

#include <cstddef>
#include <memory>
#include <string_view>
#include <vector>

#include "tern/server_load.h"

namespace tern::cluster {

// Of `available`, those of `zone`; or all, if fewer than `min_share` of the `known` servers of that
// zone are among them: the few that are left could not handle the calls of all. Keeps the order.
std::vector<std::shared_ptr<const ServerLoad>> prefer_zone(
    const std::vector<std::shared_ptr<const ServerLoad>>& available, std::size_t known,
    std::string_view zone, double min_share = 0.5);

}  // namespace tern::cluster
