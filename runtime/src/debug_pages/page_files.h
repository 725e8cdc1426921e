// page.css and page.js, as embed.cmake puts them into the library.
#pragma once

#include <string_view>

namespace tern::debug_pages {

extern const std::string_view kStyle;
extern const std::string_view kScript;
// "sha256-…", for a Content-Security-Policy.
extern const std::string_view kStyleHash;
extern const std::string_view kScriptHash;

}  // namespace tern::debug_pages
