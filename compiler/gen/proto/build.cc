#include "compiler/gen/proto/build.h"

#include <algorithm>
#include <set>
#include <string_view>
#include <utility>

#include "compiler/gen/proto/names.h"

namespace rpcgen::proto {

namespace {

using model::TypeKind;

bool is_container(const model::Type& type) {
  return type.kind == TypeKind::kList || type.kind == TypeKind::kMap;
}

class Builder {
 public:
  explicit Builder(const model::File& file) : model_(file) {}

  File build();

 private:
  Enum build_enum(const model::Enum& from) const;
  Message build_message(const model::Message& from);
  Field build_field(const model::Field& from, Message& within);
  Service build_service(const model::Service& from);
  Method build_method(const model::Method& from);

  // A type of one value. A list or map in it becomes a message within `within`.
  Type value_type(const model::Type& type, const std::string& name, Message& within);
  // Sets what a field of `type` is.
  void set_type(const model::Type& type, const std::string& name, Message& within, Field& field);
  // What a method's argument or result is; `name`: of the message that is made if it is none.
  Type method_type(const std::optional<model::Type>& type, const model::Method& method,
                   std::string_view suffix);
  Type google(std::string_view file, std::string_view name);
  Type named(TypeNumber number, const model::File& file, const std::string& name) const;

  const model::File& model_;
  File out_;
  std::set<std::string> imports_;
  std::set<std::string> names_;          // of messages, enums and services of the file
  std::set<std::string> hiding_;         // names within the message or service that is being built
  const model::Field* forms_ = nullptr;  // whose integers have forms
};

std::string proto_path(const std::string& path) {
  return path.substr(0, path.size() - std::string_view(".rpc").size()) + ".proto";
}

// Protobuf looks for the first part of a name among fields and methods, too. A leading dot says
// that the whole name is there.
Type Builder::named(TypeNumber number, const model::File& file, const std::string& name) const {
  const std::string full_name = "." + file.package + "." + name;
  const bool is_visible = file.package == model_.package && hiding_.count(name) == 0;
  return {number, is_visible ? name : full_name, full_name};
}

Type Builder::google(std::string_view file, std::string_view name) {
  imports_.insert("google/protobuf/" + std::string(file) + ".proto");
  const std::string full_name = ".google.protobuf." + std::string(name);
  const std::size_t dot = hiding_.count("google") > 0 ? 0 : 1;
  return {TypeNumber::kMessage, full_name.substr(dot), full_name};
}

Type scalar(std::string_view name) {
  return {scalar_number(name), std::string(name), ""};
}

// A union stands where its first member does.
std::vector<Field> with_unions_together(std::vector<Field> fields) {
  std::vector<Field> out;
  std::vector<bool> taken(fields.size());
  for (std::size_t i = 0; i < fields.size(); ++i) {
    if (taken[i]) continue;
    const std::string one_of = fields[i].one_of;
    out.push_back(std::move(fields[i]));
    for (std::size_t k = i + 1; !one_of.empty() && k < fields.size(); ++k) {
      if (fields[k].one_of != one_of) continue;
      taken[k] = true;
      out.push_back(std::move(fields[k]));
    }
  }
  return out;
}

File Builder::build() {
  out_.path = proto_path(model_.path);
  out_.source = model_.path;
  out_.doc = model_.doc;
  out_.package = model_.package;
  for (const model::File* import : model_.imports) imports_.insert(proto_path(import->path));
  for (const auto& each : model_.enums) names_.insert(each->name);
  for (const auto& each : model_.messages) names_.insert(each->name);
  for (const auto& each : model_.services) names_.insert(each->name);
  for (const auto& each : model_.enums) out_.enums.push_back(build_enum(*each));
  for (const auto& each : model_.messages) out_.messages.push_back(build_message(*each));
  for (const auto& each : model_.services) out_.services.push_back(build_service(*each));
  out_.imports.assign(imports_.begin(), imports_.end());
  return std::move(out_);
}

// Values stand beside their enum in protobuf, so that each has its enum's name in front.
Enum Builder::build_enum(const model::Enum& from) const {
  Enum out;
  out.doc = from.doc;
  out.name = from.name;
  out.deprecated = from.deprecated;
  const std::string prefix = upper_snake(from.name) + "_";
  std::set<std::string> taken;
  for (const auto& value : from.values) {
    EnumValue one{value->doc, prefix + upper_snake(value->name), value->number, value->deprecated};
    while (!taken.insert(one.name).second) one.name += "_";
    const auto at = value->number == 0 ? out.values.begin() : out.values.end();
    out.values.insert(at, std::move(one));
  }
  if (out.values.empty() || out.values.front().number != 0) {
    std::string name = prefix + "UNSPECIFIED";
    while (taken.count(name) > 0) name += "_";
    out.values.insert(out.values.begin(), {"", std::move(name), 0, false});
  }
  return out;
}

Message Builder::build_message(const model::Message& from) {
  Message out;
  out.doc = from.doc;
  out.name = from.name;
  out.full_name = "." + model_.package + "." + from.name;
  out.deprecated = from.deprecated;
  hiding_ = {"values"};  // of the messages within
  for (const auto& field : from.fields) hiding_.insert(field->name);
  for (const auto& one_of : from.unions) hiding_.insert(one_of->name);
  for (const auto& field : from.fields) out.fields.push_back(build_field(*field, out));
  out.fields = with_unions_together(std::move(out.fields));
  return out;
}

Field Builder::build_field(const model::Field& from, Message& within) {
  Field out;
  forms_ = &from;
  out.doc = from.doc;
  out.name = from.name;
  out.number = from.number;
  out.deprecated = from.deprecated;
  if (from.json_name != json_name_of(from.name)) out.json_name = from.json_name;
  if (from.in_union) out.one_of = from.in_union->name;
  if (from.optional || from.in_union) {
    out.type = value_type(from.type, from.name, within);
    // A message has presence anyway.
    if (from.optional) out.label = Field::Label::kOptional;
  } else {
    set_type(from.type, from.name, within, out);
    if (from.default_value) out.label = Field::Label::kOptional;
  }
  forms_ = nullptr;
  return out;
}

void Builder::set_type(const model::Type& type, const std::string& name, Message& within,
                       Field& field) {
  if (type.kind == TypeKind::kList) {
    field.label = Field::Label::kRepeated;
    field.type = value_type(type.element(), name, within);
  } else if (type.kind == TypeKind::kMap) {
    const bool has_form = forms_ != nullptr && &type == &forms_->type;
    const bool says_form = has_form && !forms_->proto_key_form.empty();
    field.key =
        scalar(says_form ? std::string_view(forms_->proto_key_form) : scalar_name(type.key().kind));
    field.type = value_type(type.value(), name, within);
  } else {
    field.type = value_type(type, name, within);
  }
}

Type Builder::value_type(const model::Type& type, const std::string& name, Message& within) {
  switch (type.kind) {
    case TypeKind::kTimestamp:
      return google("timestamp", "Timestamp");
    case TypeKind::kDuration:
      return google("duration", "Duration");
    case TypeKind::kEnum:
      return named(TypeNumber::kEnum, *type.enumeration->file, type.enumeration->name);
    case TypeKind::kStruct:
      return named(TypeNumber::kMessage, *type.structure->file, type.structure->name);
    case TypeKind::kList:
    case TypeKind::kMap:
      break;
    default:
      if (forms_ != nullptr && !forms_->proto_form.empty()) return scalar(forms_->proto_form);
      return scalar(scalar_name(type.kind));
  }
  Message inner;
  inner.name = upper_camel(name) + (type.kind == TypeKind::kList ? "List" : "Map");
  const auto taken = [&] {
    return std::any_of(within.nested.begin(), within.nested.end(),
                       [&](const Message& other) { return other.name == inner.name; });
  };
  while (taken() || hiding_.count(inner.name) > 0) inner.name += "_";
  inner.full_name = within.full_name + "." + inner.name;
  Field values;
  values.name = "values";
  values.number = 1;
  set_type(type, name, inner, values);
  inner.fields.push_back(std::move(values));
  Type made{TypeNumber::kMessage, inner.name, inner.full_name};
  within.nested.push_back(std::move(inner));
  return made;
}

Service Builder::build_service(const model::Service& from) {
  Service out;
  out.doc = from.doc;
  out.name = from.name;
  out.deprecated = from.deprecated;
  hiding_ = {"value", "values"};
  for (const auto& method : from.methods) hiding_.insert(method->name);
  for (const auto& method : from.methods) out.methods.push_back(build_method(*method));
  return out;
}

Method Builder::build_method(const model::Method& from) {
  Method out;
  out.doc = from.doc;
  out.name = from.name;
  out.argument = method_type(from.argument, from, "Request");
  out.result = method_type(from.result, from, "Response");
  out.client_streams = from.client_streams();
  out.server_streams = from.server_streams();
  out.idempotent = from.idempotent;
  out.deprecated = from.deprecated;
  return out;
}

Type Builder::method_type(const std::optional<model::Type>& type, const model::Method& method,
                          std::string_view suffix) {
  if (!type) return google("empty", "Empty");
  if (!wrapper_name(type->kind).empty()) return google("wrappers", wrapper_name(type->kind));
  Message message;
  if (type->kind != TypeKind::kEnum && !is_container(*type)) return value_type(*type, "", message);
  message.name = method.name + std::string(suffix);
  if (names_.count(message.name) > 0) {
    message.name = method.service->name + message.name;
  }
  while (!names_.insert(message.name).second) message.name += "_";
  message.full_name = "." + model_.package + "." + message.name;
  Field field;
  field.name = is_container(*type) ? "values" : "value";
  field.number = 1;
  set_type(*type, field.name, message, field);
  message.fields.push_back(std::move(field));
  out_.messages.push_back(message);
  return named(TypeNumber::kMessage, model_, message.name);
}

}  // namespace

File build(const model::File& file) {
  return Builder(file).build();
}

}  // namespace rpcgen::proto
