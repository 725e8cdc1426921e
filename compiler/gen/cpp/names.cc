#include "compiler/gen/cpp/names.h"

namespace rpcgen::cpp {
namespace {

using model::TypeKind;

// The type, with `name_of` called for the enums and structs in it.
template <typename NameOf>
std::string write_type(const model::Type& type, const NameOf& name_of) {
  switch (type.kind) {
    case TypeKind::kBool:
      return "bool";
    case TypeKind::kInt32:
      return "std::int32_t";
    case TypeKind::kInt64:
      return "std::int64_t";
    case TypeKind::kUint32:
      return "std::uint32_t";
    case TypeKind::kUint64:
      return "std::uint64_t";
    case TypeKind::kFloat:
      return "float";
    case TypeKind::kDouble:
      return "double";
    case TypeKind::kString:
      return "std::string";
    case TypeKind::kBytes:
      return "std::vector<std::byte>";
    case TypeKind::kTimestamp:
      return "tern::Timestamp";
    case TypeKind::kDuration:
      return "tern::Duration";
    case TypeKind::kEnum:
      return name_of(*type.enumeration);
    case TypeKind::kStruct:
      return name_of(*type.structure);
    case TypeKind::kList:
      return "std::vector<" + write_type(type.element(), name_of) + ">";
    case TypeKind::kMap:
      return "std::map<" + write_type(type.key(), name_of) + ", " +
             write_type(type.value(), name_of) + ">";
  }
  return {};
}

std::string qualified(const model::File& file, const std::string& name) {
  return namespace_of(file) + "::" + name;
}

}  // namespace

std::string Names::type(const model::Type& type, const NameSet& hidden) const {
  return write_type(type, [&](const auto& named) { return declared(named, hidden); });
}

std::string Names::declared(const model::Message& message, const NameSet& hidden) const {
  return in_scope(*message.file, message.cpp_name, hidden);
}

std::string Names::declared(const model::Enum& enumeration, const NameSet& hidden) const {
  return in_scope(*enumeration.file, enumeration.cpp_name, hidden);
}

// Other packages are named from the root: a nested namespace may have the name of an outer one.
std::string Names::in_scope(const model::File& file, const std::string& name,
                            const NameSet& hidden) const {
  bool same_package = file.cpp_namespaces == file_.cpp_namespaces;
  return same_package && !hidden.contains(name) ? name : "::" + qualified(file, name);
}

std::string Names::global(const model::Type& type) {
  return write_type(type, [](const auto& named) { return qualified(*named.file, named.cpp_name); });
}

std::string Names::global(const model::Message& message) {
  return qualified(*message.file, message.cpp_name);
}

std::string Names::rooted(const model::Type& type) {
  return write_type(
      type, [](const auto& named) { return "::" + qualified(*named.file, named.cpp_name); });
}

std::string Names::rooted(const model::Message& message) {
  return "::" + global(message);
}

std::string Names::encoded(const model::Type& type) {
  std::string out;
  for (char c : global(type)) {
    switch (c) {
      case '_':
        out += "_u";
        break;
      case ':':
        out += "_c";
        break;
      case '<':
        out += "_l";
        break;
      case '>':
        out += "_g";
        break;
      case ',':
        out += "_a";
        break;
      case ' ':
        break;
      default:
        out += c;
    }
  }
  return out;
}

std::string namespace_of(const model::File& file) {
  std::string joined;
  for (const std::string& part : file.cpp_namespaces) {
    if (!joined.empty()) joined += "::";
    joined += part;
  }
  return joined;
}

std::string stem_of(const model::File& file) {
  std::string_view path = file.path;
  if (path.ends_with(".rpc")) path.remove_suffix(4);
  return std::string(path);
}

std::string messages_header(const model::File& file) {
  return stem_of(file) + ".rpc.h";
}
std::string service_header(const model::File& file) {
  return stem_of(file) + ".service.h";
}

NameSet members_of(const model::Message& message) {
  NameSet names{"kTypeName", "kFields", "visit_fields"};
  if (message.is_error) names.insert({"kCode", "kMessage", "to_status"});
  if (!message.unknown_member.empty()) names.insert(message.unknown_member);
  for (const auto& field : message.fields) {
    names.insert(field->cpp_name);
    if (field->in_union != nullptr) names.insert(field->setter);
  }
  for (const auto& one_of : message.unions) {
    names.insert({one_of->cpp_name, one_of->type_name, one_of->case_type, one_of->case_name,
                  one_of->visit_name});
  }
  return names;
}

std::string fresh_name(std::string name, std::string_view suffix, const NameSet& taken) {
  while (taken.contains(name)) name += suffix;
  return name;
}

bool is_scalar(const model::Type& type) {
  switch (type.kind) {
    case TypeKind::kString:
    case TypeKind::kBytes:
    case TypeKind::kStruct:
    case TypeKind::kList:
    case TypeKind::kMap:
      return false;
    default:
      return true;
  }
}

}  // namespace rpcgen::cpp
