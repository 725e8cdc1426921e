// Rules about the numbers of fields and of enum values.
#include <fmt/format.h>

#include <cstdint>
#include <unordered_map>

#include "compiler/sema/free_number.h"
#include "compiler/sema/numbers.h"
#include "compiler/sema/rules.h"

namespace rpcgen {

void check_field_numbers(const Program& program, Diagnostics& diagnostics) {
  each_message(program, [&](const Unit&, const ast::Message& message) {
    FreeNumber free(message);
    std::unordered_map<std::uint32_t, const ast::Field*> numbers;
    for (const ast::Field* field : fields_of(message)) {
      if (!field->number) continue;
      const auto number = field_number(field->number);
      if (!number) {
        report_field_range(*field->number, "field number", diagnostics);
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
