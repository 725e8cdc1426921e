#include "compiler/syntax/token_values.h"

#include <fmt/format.h>

#include <utility>

#include "compiler/base/utf8.h"
#include "compiler/syntax/literal.h"

namespace rpcgen {
namespace {

// Filled in place: g++ 12 with sanitizers warns of a variant that is moved into an optional.
std::optional<ast::Literal> literal_of(Span span, decltype(ast::Literal::value) value) {
  std::optional<ast::Literal> out(std::in_place);
  out->span = span;
  out->value = std::move(value);
  return out;
}

}  // namespace

ast::Name TokenValues::name(Span token) const {
  return {std::string(file_.text_of(token)), token};
}

ast::Name TokenValues::bounded(ast::Name name) {
  if (name.text.size() <= kMaxWord) return name;
  error(name.span,
        fmt::format("name of {} characters; at most {} are allowed", name.text.size(), kMaxWord));
  return {};
}

ast::Name TokenValues::string(Span token) {
  ParsedString parsed = parse_string(file_.text_of(token));
  if (parsed.problem) {
    const auto address = [token](std::size_t at) {
      return token.begin + static_cast<std::uint32_t>(at);
    };
    error({address(parsed.problem->begin), address(parsed.problem->end)},
          std::move(parsed.problem->text));
  }
  return {std::move(parsed.text), token};
}

std::optional<ast::Number> TokenValues::number(NumberToken kind, Span digits, Span whole) {
  const auto value = literal(kind, digits, whole);
  if (!value) return std::nullopt;
  const auto* integer = std::get_if<ast::Integer>(&value->value);
  if (integer == nullptr) return std::nullopt;
  return ast::Number{*integer, whole};
}

std::optional<ast::Literal> TokenValues::literal(NumberToken kind, Span digits, Span whole) {
  const bool negative = whole.begin != digits.begin;
  const std::string_view text = file_.text_of(digits);
  switch (kind) {
    case NumberToken::kInteger:
      if (const auto value = parse_integer(text)) {
        return literal_of(whole, ast::Integer{negative, *value});
      }
      error(digits, "number does not fit in 64 bits");
      return std::nullopt;
    case NumberToken::kFloat:
      if (const auto value = parse_float(text)) {
        return literal_of(whole, negative ? -*value : *value);
      }
      // With at most 255 characters, only a negative exponent makes a number too small.
      error(digits, text.find('-') == text.npos ? "number is out of the range of a double"
                                                : "number is nearer to 0 than any double but 0");
      return std::nullopt;
    case NumberToken::kDuration:
      if (const auto value = parse_duration(text, negative)) return literal_of(whole, *value);
      error(digits, "duration does not fit in 64 bits of nanoseconds");
      return std::nullopt;
    case NumberToken::kMalformed:
      break;
  }
  error(digits, fmt::format("\"{}\" is no number: not an integer, a decimal fraction or a duration "
                            "such as 500ms",
                            shown_token(text)));
  return std::nullopt;
}

std::string shown_token(std::string_view text) {
  constexpr std::size_t kLongest = 40;
  if (text.size() <= kLongest) return std::string(text);
  std::size_t end = 0;
  while (end < kLongest) end += decode_utf8(text.substr(end)).size;
  return fmt::format("{}...", text.substr(0, end));
}

}  // namespace rpcgen
