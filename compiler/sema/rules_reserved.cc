// Rules about reserved numbers and names.
#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "compiler/sema/annotations.h"
#include "compiler/sema/free_number.h"
#include "compiler/sema/numbers.h"
#include "compiler/sema/rules.h"

namespace rpcgen {
namespace {

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

void check_reserved_ranges(const Program& program, Diagnostics& diagnostics) {
  each_message(program, [&](const Unit&, const ast::Message& message) {
    check_reserved(
        message.reserved, [](const ast::Number& number) { return field_number(number); },
        report_field_range, diagnostics);
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

}  // namespace rpcgen
