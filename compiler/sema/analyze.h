// The semantic pass: parsed files to a schema.
#pragma once

#include <optional>

#include "compiler/base/diagnostics.h"
#include "compiler/sema/imports.h"
#include "compiler/sema/model.h"

namespace rpcgen {

// Checks every rule, whatever the parser has found; nothing if there is any error by then.
std::optional<model::Schema> analyze(Units units, Diagnostics& diagnostics);

}  // namespace rpcgen
