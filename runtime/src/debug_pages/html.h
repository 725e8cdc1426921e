// The snapshot as a page for people.
#pragma once

#include <string>

#include "debug_pages/server_snapshot.h"

namespace tern::debug_pages {

// Whole without its script, which only brings it up to date.
std::string html_page(const ServerSnapshot& snapshot);

// What a browser is to let this page do: run its own script and style, and ask this server.
const std::string& content_security_policy();

}  // namespace tern::debug_pages
