// The numbers of fields and enum values.
#pragma once

#include <cstdint>
#include <optional>

#include "compiler/base/diagnostics.h"
#include "compiler/syntax/ast.h"

namespace rpcgen {

// The native codec's header describes a field in two bits and is at most 255 bytes long.
inline constexpr std::uint32_t kMaxFieldNumber = 1000;

// Nothing if there is no number or it is out of range.
std::optional<std::uint32_t> field_number(const std::optional<ast::Number>& number);
std::optional<std::int32_t> enum_number(const std::optional<ast::Number>& number);

// Report that it is out of range. `what`: "field number".
void report_field_range(const ast::Number& number, const char* what, Diagnostics& diagnostics);
void report_enum_range(const ast::Number& number, const char* what, Diagnostics& diagnostics);

}  // namespace rpcgen
