#include "compiler/sema/types.h"

#include <algorithm>
#include <array>

namespace rpcgen {
namespace {

using model::TypeKind;

struct BuiltIn {
  std::string_view name;
  TypeKind kind;
};

constexpr std::array<BuiltIn, 11> kBuiltIns{{{"bool", TypeKind::kBool},
                                             {"int32", TypeKind::kInt32},
                                             {"int64", TypeKind::kInt64},
                                             {"uint32", TypeKind::kUint32},
                                             {"uint64", TypeKind::kUint64},
                                             {"float", TypeKind::kFloat},
                                             {"double", TypeKind::kDouble},
                                             {"string", TypeKind::kString},
                                             {"bytes", TypeKind::kBytes},
                                             {"timestamp", TypeKind::kTimestamp},
                                             {"duration", TypeKind::kDuration}}};

}  // namespace

std::vector<const ast::Field*> fields_of(const ast::Message& message) {
  std::vector<const ast::Field*> fields;
  for (const ast::Field& field : message.fields) fields.push_back(&field);
  for (const ast::Union& one_of : message.unions) {
    for (const ast::Field& field : one_of.members) fields.push_back(&field);
  }
  std::stable_sort(fields.begin(), fields.end(), [](const ast::Field* a, const ast::Field* b) {
    return a->name.span.begin < b->name.span.begin;
  });
  return fields;
}

std::vector<MemberName> member_names(const ast::Message& message) {
  std::vector<MemberName> names;
  for (const ast::Field& field : message.fields) names.push_back({"field", &field.name, nullptr});
  for (const ast::Union& one_of : message.unions) {
    names.push_back({"union", &one_of.name, &one_of});
    for (const ast::Field& field : one_of.members) {
      names.push_back({"union member", &field.name, &one_of});
    }
  }
  std::stable_sort(names.begin(), names.end(), [](const MemberName& a, const MemberName& b) {
    return a.name->span.begin < b.name->span.begin;
  });
  return names;
}

std::optional<TypeKind> built_in_type(std::string_view name) {
  for (const BuiltIn& type : kBuiltIns) {
    if (type.name == name) return type.kind;
  }
  return std::nullopt;
}

std::vector<std::string_view> built_in_types() {
  std::vector<std::string_view> names;
  for (const BuiltIn& type : kBuiltIns) names.push_back(type.name);
  return names;
}

std::string_view name_of(TypeKind kind) {
  switch (kind) {
    case TypeKind::kEnum:
      return "enum";
    case TypeKind::kStruct:
      return "struct";
    case TypeKind::kList:
      return "list";
    case TypeKind::kMap:
      return "map";
    default:
      break;
  }
  return std::find_if(kBuiltIns.begin(), kBuiltIns.end(),
                      [kind](const BuiltIn& type) { return type.kind == kind; })
      ->name;
}

bool is_excused(const Unit& unit, std::string_view name) {
  if (!unit.has_all_imports || !unit.ast.all_imports) return true;
  const std::string_view own_name = name.substr(name.rfind('.') + 1);
  return unit.ast.lost_names.contains(own_name) ||
         std::any_of(unit.imports.begin(), unit.imports.end(),
                     [&](const Unit* import) { return import->ast.lost_names.contains(own_name); });
}

bool is_integer(TypeKind kind) {
  return kind == TypeKind::kInt32 || kind == TypeKind::kInt64 || kind == TypeKind::kUint32 ||
         kind == TypeKind::kUint64;
}

bool can_be_key(TypeKind kind) {
  return kind == TypeKind::kBool || kind == TypeKind::kString || is_integer(kind);
}

ResolvedType resolve(const Program& program, const Unit& unit, const ast::Type& type) {
  switch (type.kind) {
    case ast::Type::Kind::kMissing:
      return {};
    case ast::Type::Kind::kList:
      return {TypeKind::kList, nullptr};
    case ast::Type::Kind::kMap:
      return {TypeKind::kMap, nullptr};
    case ast::Type::Kind::kNamed:
      break;
  }
  if (const auto built_in = built_in_type(type.name.text)) return {built_in, nullptr};
  const auto found = program.symbols.find(unit, type.name.text);
  if (found.size() != 1) return {};
  if (found.front()->as<ast::Enum>() != nullptr) return {TypeKind::kEnum, found.front()};
  const auto* message = found.front()->as<ast::Message>();
  if (message == nullptr || message->is_error) return {};
  return {TypeKind::kStruct, found.front()};
}

}  // namespace rpcgen
