// Who may call a method, in words.
#pragma once

#include <string>

#include "tern/codegen/access.h"

namespace tern::debug_pages {

// "public", "admin", "any of admin, ops", "all of admin, two_factor", "everybody who is known",
// "nobody: the method is unmarked".
std::string allow_text(const Access& access);

}  // namespace tern::debug_pages
