// A source line with a caret under it.
#pragma once

#include <string>

#include "compiler/base/source.h"

namespace rpcgen {

// Appends the line that the span begins in, and below it a `^` under the span's first character and
// `~` under the rest of it on that line. Tabs stay tabs, so that the caret stands right whatever
// their width; what a terminal must not see is replaced; a very long line is cut around the caret.
void append_excerpt(std::string& out, const SourceFile& file, Span span);

}  // namespace rpcgen
