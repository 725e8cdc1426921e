// Where the generated source of a service keeps the table of its methods.
#pragma once

#include "tern/version.h"

namespace tern {

// Specialized for the stub of each service, in the source that defines it. A table that stood in
// the package's namespace could have the name of something that the package declares, or of the
// table of another file in the same translation unit.
template <typename Stub>
struct MethodsOf;

}  // namespace tern
