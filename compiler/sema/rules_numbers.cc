// Rules about field numbers, reserved ones, and the numbers of enum values.
#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "compiler/sema/numbers.h"
#include "compiler/sema/rules.h"

namespace rpcgen {
namespace {

// The reserved numbers of a message: where each is reserved, by number. Empty if none is.
using ReservedNumbers = std::vector<std::optional<Span>>;

ReservedNumbers reserved_numbers(const ast::Message& message) {
  if (message.reserved.empty()) return {};
  ReservedNumbers numbers(kMaxFieldNumber + 1);
  for (const ast::Reserved& reserved : message.reserved) {
    for (const ast::Reserved::Range& range : reserved.ranges) {
      const auto first = field_number(range.first);
      const auto last = field_number(range.last);
      if (!first || !last) continue;
      for (std::uint32_t number = *first; number <= *last; ++number) {
        numbers[number] = join(range.first.span, range.last.span);
      }
    }
  }
  return numbers;
}

// "; 7 is free", found at the first call.
class FreeNumber {
 public:
  explicit FreeNumber(const ast::Message& message) : message_(message) {}

  const std::string& hint() {
    if (looked_) return hint_;
    looked_ = true;
    std::uint32_t highest = 0;
    for (const ast::Field* field : fields_of(message_)) {
      highest = std::max(highest, field_number(field->number).value_or(0));
    }
    const ReservedNumbers reserved = reserved_numbers(message_);
    for (std::uint32_t number = highest + 1; number < reserved.size(); ++number) {
      if (reserved[number]) highest = number;
    }
    if (highest < kMaxFieldNumber) hint_ = fmt::format("; {} is free", highest + 1);
    return hint_;
  }

 private:
  const ast::Message& message_;
  bool looked_ = false;
  std::string hint_;
};

std::string text_of(const ast::Integer& value) {
  return fmt::format("{}{}", value.negative ? "-" : "", value.magnitude);
}

void report_range(const ast::Number& number, const char* what, Diagnostics& diagnostics) {
  diagnostics.error(number.span, fmt::format("{} {} is out of range; expected 1 to {}", what,
                                             text_of(number.value), kMaxFieldNumber));
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

void check_field_numbers(const Program& program, Diagnostics& diagnostics) {
  each_message(program, [&](const Unit&, const ast::Message& message) {
    FreeNumber free(message);
    std::unordered_map<std::uint32_t, const ast::Field*> numbers;
    for (const ast::Field* field : fields_of(message)) {
      if (!field->number) continue;
      const auto number = field_number(field->number);
      if (!number) {
        report_range(*field->number, "field number", diagnostics);
        continue;
      }
      const auto [taken, is_new] = numbers.try_emplace(*number, field);
      if (is_new) continue;
      const ast::Field* first = taken->second;
      diagnostics
          .error(field->number->span, fmt::format("field number {} is already that of \"{}\"{}",
                                                  *number, first->name.text, free.hint()))
          .note(first->number->span, fmt::format("\"{}\" is declared here", first->name.text));
    }
  });
}

void check_reserved_ranges(const Program& program, Diagnostics& diagnostics) {
  each_message(program, [&](const Unit&, const ast::Message& message) {
    for (const ast::Reserved& reserved : message.reserved) {
      for (const ast::Reserved::Range& range : reserved.ranges) {
        const auto first = field_number(range.first);
        const auto last = field_number(range.last);
        if (!first) report_range(range.first, "reserved number", diagnostics);
        if (!last && range.last.span != range.first.span) {
          report_range(range.last, "reserved number", diagnostics);
        }
        if (first && last && *first > *last) {
          diagnostics.error(
              join(range.first.span, range.last.span),
              fmt::format("reserved range {0} to {1} is empty; did you mean {1} to {0}?", *first,
                          *last));
        }
      }
    }
  });
}

void check_reserved_numbers_and_names(const Program& program, Diagnostics& diagnostics) {
  each_message(program, [&](const Unit&, const ast::Message& message) {
    if (message.reserved.empty()) return;
    FreeNumber free(message);
    const ReservedNumbers numbers = reserved_numbers(message);
    std::unordered_map<std::string_view, Span> names;
    for (const ast::Reserved& reserved : message.reserved) {
      for (const ast::Name& name : reserved.names) names.try_emplace(name.text, name.span);
    }
    for (const ast::Field* field : fields_of(message)) {
      const auto number = field_number(field->number);
      if (number && numbers[*number]) {
        diagnostics
            .error(field->number->span,
                   fmt::format("field number {} is reserved{}", *number, free.hint()))
            .note(*numbers[*number], "it is reserved here");
      }
      const auto name = names.find(field->name.text);
      if (!field->name.missing() && name != names.end()) {
        diagnostics
            .error(field->name.span, fmt::format("field name \"{}\" is reserved", field->name.text))
            .note(name->second, "it is reserved here");
      }
    }
  });
}

void check_enum_numbers(const Program& program, Diagnostics& diagnostics) {
  for (const auto& unit : program.units) {
    for (const ast::Enum& enumeration : unit->ast.enums) {
      std::unordered_map<std::int32_t, const ast::EnumValue*> numbers;
      for (const ast::EnumValue& value : enumeration.values) {
        if (!value.number) continue;
        const auto number = enum_number(value.number);
        if (!number) {
          diagnostics.error(
              value.number->span,
              fmt::format("enum value {} is out of range; expected {} to {}",
                          text_of(value.number->value), std::numeric_limits<std::int32_t>::min(),
                          std::numeric_limits<std::int32_t>::max()));
          continue;
        }
        const auto [first, is_new] = numbers.try_emplace(*number, &value);
        if (is_new) continue;
        diagnostics
            .error(value.number->span, fmt::format("enum value {} is already that of \"{}\"",
                                                   *number, first->second->name.text))
            .note(first->second->number->span,
                  fmt::format("\"{}\" is declared here", first->second->name.text));
      }
      if (enumeration.values.empty() && !enumeration.name.missing()) {
        diagnostics.error(
            enumeration.name.span,
            fmt::format("enum \"{}\" has no values; expected at least one", enumeration.name.text));
      }
    }
  }
}

}  // namespace rpcgen
