#include "compiler/gen/cpp/members.h"

#include <algorithm>

#include "compiler/gen/cpp/literals.h"

namespace rpcgen::cpp {
namespace {

using model::TypeKind;

// Whether the type names a message that is defined below `message` in the same file.
bool names_later(const model::Type& type, const model::Message& message) {
  if (type.kind == TypeKind::kStruct && type.structure->file == message.file) {
    for (const auto& other : message.file->messages) {
      if (other.get() == &message) return type.structure != &message;
      if (other.get() == type.structure) return false;
    }
  }
  return std::any_of(type.arguments.begin(), type.arguments.end(),
                     [&](const model::Type& argument) { return names_later(argument, message); });
}

// No warning about shadowing: a parameter must not be called as a member is. Sema has seen to it
// that no two names differ by a trailing `_` alone.
std::string parameter_name(const std::string& member, const NameSet& taken) {
  return fresh_name(member + (member.ends_with('_') ? "value" : "_"), "value", taken);
}

}  // namespace

Members::Members(const model::Message& message, const Names& names)
    : names_(names), taken_(members_of(message)) {
  for (const auto& field : message.fields) {
    incomplete_ = incomplete_ || names_later(field->type, message);
  }
  std::vector<std::string> parameters;
  for (const model::Member& member : message.members) {
    const std::string& name = member.field ? member.field->cpp_name : member.one_of->cpp_name;
    parameters.push_back(parameter_name(name, taken_));
    taken_.insert(parameters.back());
  }
  for (std::size_t i = 0; i < message.members.size(); ++i) {
    data_.push_back(data_member(message.members[i]));
    data_.back().parameter = std::move(parameters[i]);
  }
}

DataMember Members::data_member(const model::Member& member) const {
  DataMember out;
  if (const model::Union* one_of = member.one_of) {
    out.type = one_of->type_name;
    out.name = one_of->cpp_name;
    out.doc = &one_of->doc;
    out.by_move = true;
  } else {
    const model::Field& field = *member.field;
    std::string type = value_type(field);
    out.name = field.cpp_name;
    out.doc = &field.doc;
    out.deprecated = field.deprecated;
    if (field.optional) {
      out.type = (field.boxed ? "tern::Boxed<" : "std::optional<") + type + ">";
    } else {
      out.type = type;
      out.initializer = initializer(field);
    }
    out.by_move = !is_scalar(field.type);
  }
  return out;
}

std::string Members::value_type(const model::Field& field) const {
  return names_.type(field.type, taken_);
}

std::string Members::initializer(const model::Field& field) const {
  if (field.default_value) {
    std::string text = literal(*field.default_value, field.type, names_, taken_);
    const auto* string = std::get_if<std::string>(&*field.default_value);
    if (string == nullptr || !has_nul(*string)) return " = " + text;
    return " = std::string(" + text + ", " + std::to_string(string->size()) + ")";
  }
  switch (field.type.kind) {
    case TypeKind::kBool:
      return " = false";
    case TypeKind::kInt32:
    case TypeKind::kInt64:
    case TypeKind::kUint32:
    case TypeKind::kUint64:
    case TypeKind::kFloat:
    case TypeKind::kDouble:
      return " = 0";
    case TypeKind::kTimestamp:
    case TypeKind::kDuration:
      return "{}";
    case TypeKind::kEnum:
      for (const auto& value : field.type.enumeration->values) {
        if (value->number == 0) {
          return " = " + names_.declared(*field.type.enumeration, taken_) + "::" + value->cpp_name;
        }
      }
      return "{}";
    default:
      return "";
  }
}

}  // namespace rpcgen::cpp
