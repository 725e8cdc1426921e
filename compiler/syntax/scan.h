// A first look at a file's text, before the parser: is it fit to be parsed, and where are the docs.
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <unordered_map>

#include "compiler/base/diagnostics.h"
#include "compiler/base/source.h"

namespace rpcgen {

struct Scan {
  // False if the parser must not see the text, since its time or its stack would not stand it.
  bool parsable = true;
  // A comment or string runs into the end of the file: what the parser misses there is no news.
  bool unterminated = false;
  // Doc comments without their marks, by the offset of the token that follows them.
  std::unordered_map<std::size_t, std::string> docs;
  // Those that stand on the line of a token, by the offset of that token.
  std::map<std::size_t, std::string> docs_behind;
};

// Reports what is not text (NUL, control characters, broken UTF-8, line ends that not everyone
// takes for one), comments and strings without an end, brackets nested past all reason, and names
// longer than any name.
Scan scan(const SourceFile& file, Diagnostics& diagnostics);

}  // namespace rpcgen
