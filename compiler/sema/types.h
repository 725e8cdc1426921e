// Type names and what they mean.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "compiler/sema/model.h"
#include "compiler/sema/program.h"
#include "compiler/syntax/ast.h"

namespace rpcgen {

// The built-in type of that name.
std::optional<model::TypeKind> built_in_type(std::string_view name);
std::vector<std::string_view> built_in_types();

// "int32"; for messages.
std::string_view name_of(model::TypeKind kind);

// Whether what makes the name unknown in `unit` has been reported: an import that cannot be had, or
// a statement that cannot be read and may declare it.
bool is_excused(const Unit& unit, std::string_view name);

bool is_integer(model::TypeKind kind);
bool can_be_key(model::TypeKind kind);

// What a type is, one level deep: a list stays a list of whatever.
struct ResolvedType {
  std::optional<model::TypeKind> kind;  // nothing for what is no type; a rule has reported it
  const Symbol* symbol = nullptr;       // kEnum and kStruct only
};
ResolvedType resolve(const Program& program, const Unit& unit, const ast::Type& type);

}  // namespace rpcgen
