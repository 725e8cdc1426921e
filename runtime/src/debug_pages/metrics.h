// The snapshot in Prometheus' text format, version 0.0.4; docs/debug_page.md has the names.
#pragma once

#include <string>

#include "debug_pages/server_snapshot.h"

namespace tern::debug_pages {

std::string metrics_page(const ServerSnapshot& snapshot);

}  // namespace tern::debug_pages
