#include "compiler/gen/cpp/members.h"

#include <algorithm>
#include <map>
#include <set>

#include "compiler/gen/cpp/literals.h"

namespace rpcgen::cpp {
namespace {

using model::TypeKind;

// Adds the messages in `type` that are defined below `message` in the same file.
void add_named_later(const model::Type& type, const model::Message& message,
                     std::set<const model::Message*>& out) {
  if (type.kind == TypeKind::kStruct && type.structure->file == message.file) {
    const auto& messages = message.file->messages;
    auto place = std::find_if(messages.begin(), messages.end(), [&](const auto& each) {
      return each.get() == &message || each.get() == type.structure;
    });
    if (type.structure != &message && place->get() == &message) out.insert(type.structure);
  }
  for (const model::Type& argument : type.arguments) add_named_later(argument, message, out);
}

std::set<const model::Message*> named_later(const model::Message& message) {
  std::set<const model::Message*> out;
  if (!message.recursive) return out;
  for (const auto& field : message.fields) add_named_later(field->type, message, out);
  return out;
}

// Messages that have been looked at, and whether their values are literals.
using Literals = std::map<const model::Message*, bool>;

bool made_of_literals(const model::Message& message, Literals& known);

// Maps and boxes are made at run time only.
bool made_of_literals(const model::Type& type, Literals& known) {
  if (type.kind == TypeKind::kMap) return false;
  if (type.kind == TypeKind::kStruct) return made_of_literals(*type.structure, known);
  return type.kind != TypeKind::kList || made_of_literals(type.element(), known);
}

bool made_of_literals(const model::Message& message, Literals& known) {
  if (message.recursive || !message.unknown_member.empty()) return false;
  const auto [entry, is_new] = known.try_emplace(&message, true);
  if (!is_new) return entry->second;
  bool all = std::all_of(message.fields.begin(), message.fields.end(),
                         [&](const auto& field) { return made_of_literals(field->type, known); });
  return known[&message] = all;
}

bool is_number(const model::Type& type) {
  switch (type.kind) {
    case TypeKind::kBool:
    case TypeKind::kInt32:
    case TypeKind::kInt64:
    case TypeKind::kUint32:
    case TypeKind::kUint64:
    case TypeKind::kFloat:
    case TypeKind::kDouble:
      return true;
    default:
      return false;
  }
}

// A parameter that is called like a member would shadow it.
std::string parameter_name(const std::string& member, const NameSet& taken) {
  return fresh_name(member + (member.ends_with('_') ? "value" : "_"), "value", taken);
}

}  // namespace

std::vector<const model::Message*> forward_declared(const model::File& file) {
  std::set<const model::Message*> named;
  for (const auto& message : file.messages) named.merge(named_later(*message));
  std::vector<const model::Message*> in_order;
  for (const auto& message : file.messages) {
    if (named.contains(message.get())) in_order.push_back(message.get());
  }
  return in_order;
}

Members::Members(const model::Message& message, const Names& names)
    : names_(names), taken_(members_of(message)), incomplete_(!named_later(message).empty()) {
  Literals known;
  literal_ = made_of_literals(message, known);
  if (message.members.size() == 1) {
    const model::Field* only = message.members[0].field;
    if (only != nullptr && !only->optional && is_number(only->type)) only_number_ = only;
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
    return " = " + literal(*field.default_value, field.type, names_, taken_);
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
