// A set of paths, to be looked up as they stand in a request.
#pragma once

#include <functional>
#include <set>
#include <string>

namespace tern::http {

using Paths = std::set<std::string, std::less<>>;

}  // namespace tern::http
