// What single tokens mean: names, strings and numbers.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "compiler/base/diagnostics.h"
#include "compiler/base/source.h"
#include "compiler/syntax/ast.h"

namespace rpcgen {

enum class NumberToken { kInteger, kFloat, kDuration, kMalformed };

// Reads tokens of one file, and reports those that mean nothing.
class TokenValues {
 public:
  TokenValues(const SourceFile& file, Diagnostics& diagnostics)
      : file_(file), diagnostics_(diagnostics) {}

  ast::Name name(Span token) const;
  // The text without quotes and escapes, the span with them.
  ast::Name string(Span token);
  // `whole` begins before `digits` if there is a minus.
  std::optional<ast::Number> number(NumberToken kind, Span digits, Span whole);
  std::optional<ast::Literal> literal(NumberToken kind, Span digits, Span whole);

 private:
  void error(Span at, std::string text) { diagnostics_.error(at, std::move(text)); }

  const SourceFile& file_;
  Diagnostics& diagnostics_;
};

// A token as a message quotes it: the start of a long one.
std::string shown_token(std::string_view text);

}  // namespace rpcgen
