// What single tokens mean: names, strings and numbers.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "compiler/base/diagnostics.h"
#include "compiler/base/source.h"
#include "compiler/syntax/ast.h"

namespace rpcgen {

// Of a name, with its package; of a number.
inline constexpr std::size_t kMaxWord = 255;

enum class NumberToken { kInteger, kFloat, kDuration, kMalformed };

// Reads tokens of one file, and reports those that mean nothing.
class TokenValues {
 public:
  TokenValues(const SourceFile& file, Diagnostics& diagnostics)
      : file_(file), diagnostics_(diagnostics) {}

  ast::Name name(Span token) const;
  // A name that is too long is a missing one.
  ast::Name bounded(ast::Name name);
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
