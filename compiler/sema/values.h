// The values of literals: is it one of the type that is asked for?
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "compiler/sema/program.h"
#include "compiler/sema/types.h"
#include "compiler/syntax/ast.h"

namespace rpcgen {

// As model::Value, but an enum value is still that of the tree.
using CheckedValue = std::variant<bool, std::int64_t, std::uint64_t, double, std::string,
                                  std::chrono::nanoseconds, const ast::EnumValue*>;

struct Evaluated {
  std::optional<CheckedValue> value;
  std::string problem;  // empty without a value: it has been reported
};

// The literal as a value of the type. A name means a value of the enum, `true` or `false`, or a
// constant. `hints` asks for a suggestion in the problem.
Evaluated evaluate(const Program& program, const Unit& unit, const ResolvedType& type,
                   const ast::Literal& literal, bool hints);

// Whether there are values of the type at all, for constants.
bool can_be_constant(model::TypeKind kind);
// The same for the default of a field.
bool can_have_default(model::TypeKind kind);

// What the literal is: "a string", "an integer".
std::string_view kind_of(const ast::Literal& literal);

}  // namespace rpcgen
