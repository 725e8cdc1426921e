// A union as a std::variant, with an enum of its cases and access by name.
#pragma once

#include <cstddef>

#include "compiler/gen/cpp/members.h"
#include "compiler/gen/printer.h"
#include "compiler/sema/model.h"

namespace rpcgen::cpp {

// Which alternative of the variant a member of a union is; 0 is std::monostate.
std::size_t alternative_of(const model::Field& field);

// `using Body = std::variant<…>` and `enum class BodyCase`, for each union.
void emit_union_types(Printer& printer, const model::Message& message, const Members& members);

// body_case(), and for each member `circle()` and `set_circle()`.
void emit_union_access(Printer& printer, const model::Message& message, const Members& members);

// The setters that stand in the source, since the message names incomplete types; often none.
void emit_union_setters(Printer& printer, const model::Message& message, const Members& members);

}  // namespace rpcgen::cpp
