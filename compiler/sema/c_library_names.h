// Names that C has taken where generated code is compiled.
#pragma once

#include <string_view>

namespace rpcgen {

// Whether a header that generated code includes, or one of the C library, has a macro of that name:
// wherever it stands, it would be replaced.
bool is_c_macro(std::string_view name);

// Whether the C library declares a function, type or variable of that name at global scope: no
// namespace there can be called so.
bool is_c_global(std::string_view name);

}  // namespace rpcgen
