// Rules about field numbers, reserved ones, and the numbers of enum values.
#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "compiler/sema/annotations.h"
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

void report_enum_range(const ast::Number& number, const char* what, Diagnostics& diagnostics) {
  diagnostics.error(number.span,
                    fmt::format("{} {} is out of range; expected {} to {}", what,
                                text_of(number.value), std::numeric_limits<std::int32_t>::min(),
                                std::numeric_limits<std::int32_t>::max()));
}

// What is wrong with the ranges and names themselves. `parse` makes a number of those written, and
// `report` says that one is out of range.
template <typename Parse, typename Report>
void check_reserved(const std::vector<ast::Reserved>& all, const Parse& parse, const Report& report,
                    Diagnostics& diagnostics) {
  for (const ast::Reserved& reserved : all) {
    for (const ast::Reserved::Range& range : reserved.ranges) {
      const auto first = parse(range.first);
      const auto last = parse(range.last);
      if (!first) report(range.first, "reserved number", diagnostics);
      if (!last && range.last.span != range.first.span) {
        report(range.last, "reserved number", diagnostics);
      }
      if (first && last && *first > *last) {
        diagnostics.error(
            join(range.first.span, range.last.span),
            fmt::format("reserved range {0} to {1} is empty; did you mean {1} to {0}?", *first,
                        *last));
      }
    }
    for (const ast::Name& name : reserved.names) {
      if (!name.text.empty()) continue;
      diagnostics.error(name.span, "reserved name is empty; expected that of a declaration");
    }
  }
}

void report_reserved(Span at, std::string text, Span where, Diagnostics& diagnostics) {
  diagnostics.error(at, std::move(text)).note(where, "it is reserved here");
}

using ReservedNames = std::unordered_map<std::string_view, Span>;

ReservedNames reserved_names(const std::vector<ast::Reserved>& all) {
  ReservedNames names;
  for (const ast::Reserved& reserved : all) {
    for (const ast::Name& name : reserved.names) names.try_emplace(name.text, name.span);
  }
  return names;
}

void check_name(const ReservedNames& names, std::string_view kind, const ast::Name& name,
                Diagnostics& diagnostics) {
  const auto found = names.find(name.text);
  if (name.missing() || found == names.end()) return;
  report_reserved(name.span, fmt::format("{} name \"{}\" is reserved", kind, name.text),
                  found->second, diagnostics);
}

// A name in JSON is as fixed as that of the field.
void check_json_name(const ReservedNames& names, const ast::Field& field,
                     Diagnostics& diagnostics) {
  const std::string& name = json_name_of(field);
  const auto found = names.find(name);
  if (name == field.name.text || found == names.end()) return;
  report_reserved(field.name.span,
                  fmt::format("field \"{}\" is called \"{}\" in JSON, which is reserved",
                              field.name.text, name),
                  found->second, diagnostics);
}

// An enum has 2^32 numbers, and reserves few ranges of them.
class EnumRanges {
 public:
  explicit EnumRanges(const ast::Enum& enumeration) {
    for (const ast::Reserved& reserved : enumeration.reserved) {
      for (const ast::Reserved::Range& range : reserved.ranges) add(range);
    }
    // Sorted by their beginning, each reaching as far as it or one before it does: the last that
    // begins at or below a number tells whether any holds it.
    std::stable_sort(ranges_.begin(), ranges_.end(),
                     [](const Range& a, const Range& b) { return a.first < b.first; });
    for (std::size_t i = 1; i < ranges_.size(); ++i) {
      if (ranges_[i - 1].last <= ranges_[i].last) continue;
      ranges_[i].last = ranges_[i - 1].last;
      ranges_[i].span = ranges_[i - 1].span;
    }
  }

  // Where the number is reserved.
  std::optional<Span> find(std::int32_t number) const {
    auto after = std::upper_bound(
        ranges_.begin(), ranges_.end(), number,
        [](std::int32_t wanted, const Range& range) { return wanted < range.first; });
    if (after == ranges_.begin() || std::prev(after)->last < number) return std::nullopt;
    return std::prev(after)->span;
  }

 private:
  struct Range {
    std::int32_t first;
    std::int32_t last;
    Span span;
  };

  void add(const ast::Reserved::Range& range) {
    const auto first = enum_number(range.first);
    const auto last = enum_number(range.last);
    if (!first || !last || *first > *last) return;
    ranges_.push_back({*first, *last, join(range.first.span, range.last.span)});
  }

  std::vector<Range> ranges_;
};

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
    check_reserved(
        message.reserved, [](const ast::Number& number) { return field_number(number); },
        report_range, diagnostics);
  });
  each_enum(program, [&](const Unit&, const ast::Enum& enumeration) {
    check_reserved(
        enumeration.reserved, [](const ast::Number& number) { return enum_number(number); },
        report_enum_range, diagnostics);
  });
}

void check_reserved_numbers_and_names(const Program& program, Diagnostics& diagnostics) {
  each_message(program, [&](const Unit&, const ast::Message& message) {
    if (message.reserved.empty()) return;
    FreeNumber free(message);
    const ReservedNumbers numbers = reserved_numbers(message);
    const ReservedNames names = reserved_names(message.reserved);
    for (const ast::Field* field : fields_of(message)) {
      const auto number = field_number(field->number);
      if (number && numbers[*number]) {
        report_reserved(field->number->span,
                        fmt::format("field number {} is reserved{}", *number, free.hint()),
                        *numbers[*number], diagnostics);
      }
      check_name(names, "field", field->name, diagnostics);
      check_json_name(names, *field, diagnostics);
    }
  });
  each_enum(program, [&](const Unit&, const ast::Enum& enumeration) {
    if (enumeration.reserved.empty()) return;
    const EnumRanges numbers(enumeration);
    const ReservedNames names = reserved_names(enumeration.reserved);
    for (const ast::EnumValue& value : enumeration.values) {
      const auto number = enum_number(value.number);
      if (const auto where = number ? numbers.find(*number) : std::nullopt) {
        report_reserved(value.number->span, fmt::format("enum value {} is reserved", *number),
                        *where, diagnostics);
      }
      check_name(names, "enum value", value.name, diagnostics);
    }
  });
}

void check_enum_numbers(const Program& program, Diagnostics& diagnostics) {
  each_enum(program, [&](const Unit&, const ast::Enum& enumeration) {
    std::unordered_map<std::int32_t, const ast::EnumValue*> numbers;
    for (const ast::EnumValue& value : enumeration.values) {
      if (!value.number) continue;
      const auto number = enum_number(value.number);
      if (!number) {
        report_enum_range(*value.number, "enum value", diagnostics);
        continue;
      }
      const auto [first, is_new] = numbers.try_emplace(*number, &value);
      if (is_new) continue;
      diagnostics
          .error(value.number->span, fmt::format("enum value {} is already that of \"{}\"", *number,
                                                 first->second->name.text))
          .note(first->second->number->span,
                fmt::format("\"{}\" is declared here", first->second->name.text));
    }
    if (enumeration.values.empty() && enumeration.complete && !enumeration.name.missing()) {
      diagnostics.error(
          enumeration.name.span,
          fmt::format("enum \"{}\" has no values; expected at least one", enumeration.name.text));
    }
  });
}

}  // namespace rpcgen
