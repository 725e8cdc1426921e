#include "compiler/sema/free_number.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>

#include "compiler/sema/numbers.h"
#include "compiler/sema/program.h"

namespace rpcgen {

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

const std::string& FreeNumber::hint() {
  if (!hint_) hint_ = find();
  return *hint_;
}

std::string FreeNumber::find() const {
  std::uint32_t highest = 0;
  for (const ast::Field* field : fields_of(message_)) {
    highest = std::max(highest, field_number(field->number).value_or(0));
  }
  const ReservedNumbers reserved = reserved_numbers(message_);
  for (std::uint32_t number = highest + 1; number < reserved.size(); ++number) {
    if (reserved[number]) highest = number;
  }
  return highest < kMaxFieldNumber ? fmt::format("; {} is free", highest + 1) : "";
}

}  // namespace rpcgen
