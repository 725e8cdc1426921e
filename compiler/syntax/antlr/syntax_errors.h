// What the parser says about syntax errors.
#pragma once

#include <antlr4-runtime.h>

#include <cstddef>
#include <optional>
#include <string>

#include "compiler/base/diagnostics.h"
#include "compiler/base/source.h"
#include "compiler/syntax/antlr/braces.h"
#include "compiler/syntax/antlr/place.h"

namespace rpcgen {

// Of a file; the rest of a file with more is not worth reading.
inline constexpr std::size_t kMaxSyntaxErrors = 100;
// Nor is that of one whose errors lead to so many others.
inline constexpr std::size_t kMaxStumbles = 1000;

// One mistake in a statement is said once, though the parser stumbles over the rest of it, too.
class SyntaxErrors {
 public:
  // `unterminated`: the scan has said that the text ends too early.
  SyntaxErrors(const SourceFile& file, bool unterminated, Braces& braces, Diagnostics& diagnostics)
      : file_(file), unterminated_(unterminated), braces_(braces), diagnostics_(diagnostics) {}

  // The token `got` does not fit here.
  void report(antlr4::Parser& parser, const Token* got);
  // What comes next is no part of the statement with the last error.
  void end_statement() { last_error_.reset(); }

 private:
  bool report_newcomer(antlr4::Parser& parser, const Token* got);
  bool in_reported_statement(antlr4::TokenStream& tokens, const Token* got);
  void count(antlr4::Parser& parser);
  bool is_open_string(const Token* token) const;
  std::string shown(const Token* token) const;

  const SourceFile& file_;
  const bool unterminated_;
  Braces& braces_;
  Diagnostics& diagnostics_;
  std::size_t count_ = 0;
  std::size_t stumbles_ = 0;
  // Where the statement with the last error is known to go on, as a token's index.
  std::optional<std::size_t> last_error_;
};

}  // namespace rpcgen
