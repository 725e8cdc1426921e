// What the rules look at: the files of a run and what their names mean.
#pragma once

#include <string_view>
#include <vector>

#include "compiler/sema/imports.h"
#include "compiler/sema/symbols.h"
#include "compiler/syntax/ast.h"

namespace rpcgen {

struct Program {
  Units units;
  Symbols symbols;
};

// Calls visit(unit, message) for every struct and error, in order.
template <typename Visit>
void each_message(const Program& program, const Visit& visit) {
  for (const auto& unit : program.units) {
    for (const ast::Message& message : unit->ast.messages) visit(*unit, message);
  }
}

// Calls visit(unit, enumeration) for every enum, in order.
template <typename Visit>
void each_enum(const Program& program, const Visit& visit) {
  for (const auto& unit : program.units) {
    for (const ast::Enum& enumeration : unit->ast.enums) visit(*unit, enumeration);
  }
}

// Calls visit(unit, service) for every service, in order.
template <typename Visit>
void each_service(const Program& program, const Visit& visit) {
  for (const auto& unit : program.units) {
    for (const ast::Service& service : unit->ast.services) visit(*unit, service);
  }
}

// Calls visit(unit, service, method) for every method, in order.
template <typename Visit>
void each_method(const Program& program, const Visit& visit) {
  each_service(program, [&](const Unit& unit, const ast::Service& service) {
    for (const ast::Method& method : service.methods) visit(unit, service, method);
  });
}

// All fields of the message, in unions or not, in the order of the text.
std::vector<const ast::Field*> fields_of(const ast::Message& message);

// The name of a field, a union or a member of a union.
struct MemberName {
  std::string_view kind;
  const ast::Name* name;
  const ast::Union* one_of;  // if it is the name of one, or of a member of one
};

// All names of the message's scope, in the order of the text.
std::vector<MemberName> member_names(const ast::Message& message);

}  // namespace rpcgen
