// Text to syntax tree.
#pragma once

#include <cstddef>

#include "compiler/base/diagnostics.h"
#include "compiler/base/source.h"
#include "compiler/syntax/ast.h"

namespace rpcgen {

// So much text is parsed well within a second, whatever is in it.
inline constexpr std::size_t kMaxFileSize = 512 * 1024;

// Goes on after an error: the tree has all that could be understood.
ast::File parse(const SourceFile& file, Diagnostics& diagnostics);

}  // namespace rpcgen
