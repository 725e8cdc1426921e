// The snapshot as JSON, for programs; docs/debug_page.md has the keys.
#pragma once

#include <string>

#include "debug_pages/server_snapshot.h"

namespace tern::debug_pages {

std::string json_page(const ServerSnapshot& snapshot);

}  // namespace tern::debug_pages
