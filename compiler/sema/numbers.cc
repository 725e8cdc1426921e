#include "compiler/sema/numbers.h"

#include <fmt/format.h>

#include <limits>
#include <string>

namespace rpcgen {
namespace {

std::string text_of(const ast::Integer& value) {
  return fmt::format("{}{}", value.negative ? "-" : "", value.magnitude);
}

}  // namespace

std::optional<std::uint32_t> field_number(const std::optional<ast::Number>& number) {
  if (!number || number->value.negative || number->value.magnitude == 0 ||
      number->value.magnitude > kMaxFieldNumber) {
    return std::nullopt;
  }
  return static_cast<std::uint32_t>(number->value.magnitude);
}

std::optional<std::int32_t> enum_number(const std::optional<ast::Number>& number) {
  constexpr std::uint64_t kMax = std::numeric_limits<std::int32_t>::max();
  if (!number) return std::nullopt;
  const auto& [negative, magnitude] = number->value;
  if (magnitude > kMax + (negative ? 1 : 0)) return std::nullopt;
  const auto value = static_cast<std::int64_t>(magnitude);
  return static_cast<std::int32_t>(negative ? -value : value);
}

void report_field_range(const ast::Number& number, const char* what, Diagnostics& diagnostics) {
  diagnostics.error(number.span, fmt::format("{} {} is out of range; expected 1 to {}", what,
                                             text_of(number.value), kMaxFieldNumber));
}

void report_enum_range(const ast::Number& number, const char* what, Diagnostics& diagnostics) {
  diagnostics.error(number.span,
                    fmt::format("{} {} is out of range; expected {} to {}", what,
                                text_of(number.value), std::numeric_limits<std::int32_t>::min(),
                                std::numeric_limits<std::int32_t>::max()));
}

}  // namespace rpcgen
