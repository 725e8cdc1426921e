// What stands in [ … ] behind a declaration.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "compiler/sema/model.h"
#include "compiler/syntax/ast.h"

namespace rpcgen {

// The first of that name; null if there is none.
const ast::Annotation* find_annotation(const std::vector<ast::Annotation>& annotations,
                                       std::string_view name);

// The value of the annotation of that name, if it is a T.
template <typename T>
const T* annotation_value(const std::vector<ast::Annotation>& annotations, std::string_view name) {
  const ast::Annotation* annotation = find_annotation(annotations, name);
  if (annotation == nullptr || !annotation->value) return nullptr;
  return std::get_if<T>(&annotation->value->value);
}

inline bool has_annotation(const std::vector<ast::Annotation>& annotations, std::string_view name) {
  return find_annotation(annotations, name) != nullptr;
}

// The field's name in JSON and gob.
const std::string& json_name_of(const ast::Field& field);

// The codes that an error can have: gRPC's, in lower snake case, without "ok".
std::span<const std::string_view> status_codes();

// The three that say who may call: "allow", "allow_any", "allow_all". Each excludes the others.
std::span<const std::string_view> allow_names();
// The first of them; null if there is none.
const ast::Annotation* find_allow(const std::vector<ast::Annotation>& annotations);
// The roles of "admin, ops", without the spaces around them; empty ones, too.
std::vector<std::string> split_roles(std::string_view text);
// What find_allow() has found says; nothing if there is none.
std::optional<model::Allow> allow_of(const std::vector<ast::Annotation>& annotations);

// What [proto = …] can be: protobuf's name of a form of an integer, and the type that has it.
struct ProtoForm {
  std::string_view name;
  model::TypeKind type;
};
std::span<const ProtoForm> proto_forms();
// Null if there is none of that name.
const ProtoForm* find_proto_form(std::string_view name);

}  // namespace rpcgen
