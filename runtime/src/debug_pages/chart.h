// The durations of a method's calls as a small picture.
#pragma once

#include <string>

#include "debug_pages/server_snapshot.h"

namespace tern::debug_pages {

// Appends an SVG element, or nothing if no call is done yet. A bar for each doubling of the
// duration, from the shortest to the longest that there is.
void append_chart(std::string& out, const MethodSnapshot& method);

}  // namespace tern::debug_pages
