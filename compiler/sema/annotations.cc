#include "compiler/sema/annotations.h"

#include <algorithm>
#include <array>

namespace rpcgen {
namespace {

constexpr std::array<std::string_view, 16> kStatusCodes{
    "cancelled",      "unknown",           "invalid_argument",   "deadline_exceeded",   "not_found",
    "already_exists", "permission_denied", "resource_exhausted", "failed_precondition", "aborted",
    "out_of_range",   "unimplemented",     "internal",           "unavailable",         "data_loss",
    "unauthenticated"};

constexpr std::array<ProtoForm, 6> kProtoForms{{
    {"sint32", model::TypeKind::kInt32},
    {"sint64", model::TypeKind::kInt64},
    {"fixed32", model::TypeKind::kUint32},
    {"fixed64", model::TypeKind::kUint64},
    {"sfixed32", model::TypeKind::kInt32},
    {"sfixed64", model::TypeKind::kInt64},
}};

constexpr std::array<std::string_view, 3> kAllowNames{"allow", "allow_any", "allow_all"};

}  // namespace

const ast::Annotation* find_annotation(const std::vector<ast::Annotation>& annotations,
                                       std::string_view name) {
  const auto found = std::find_if(
      annotations.begin(), annotations.end(),
      [name](const ast::Annotation& annotation) { return annotation.name.text == name; });
  return found == annotations.end() ? nullptr : &*found;
}

const std::string& json_name_of(const ast::Field& field) {
  const auto* name = annotation_value<std::string>(field.annotations, "name");
  return name == nullptr ? field.name.text : *name;
}

std::span<const std::string_view> status_codes() {
  return kStatusCodes;
}

std::span<const std::string_view> allow_names() {
  return kAllowNames;
}

const ast::Annotation* find_allow(const std::vector<ast::Annotation>& annotations) {
  for (std::string_view name : kAllowNames) {
    if (const ast::Annotation* found = find_annotation(annotations, name)) return found;
  }
  return nullptr;
}

std::vector<std::string> split_roles(std::string_view text) {
  std::vector<std::string> roles;
  while (true) {
    const std::size_t end = std::min(text.find(','), text.size());
    std::string_view role = text.substr(0, end);
    while (role.starts_with(' ')) role.remove_prefix(1);
    while (role.ends_with(' ')) role.remove_suffix(1);
    roles.emplace_back(role);
    if (end == text.size()) return roles;
    text.remove_prefix(end + 1);
  }
}

std::optional<model::Allow> allow_of(const std::vector<ast::Annotation>& annotations) {
  const ast::Annotation* found = find_allow(annotations);
  if (found == nullptr || !found->value) return std::nullopt;
  model::Allow allow;
  if (const auto* word = std::get_if<ast::Word>(&found->value->value)) {
    allow.kind =
        word->text == "public" ? model::Allow::Kind::kPublic : model::Allow::Kind::kAuthenticated;
  } else {
    allow.kind =
        found->name.text == "allow_all" ? model::Allow::Kind::kAllOf : model::Allow::Kind::kAnyOf;
    allow.roles = split_roles(std::get<std::string>(found->value->value));
  }
  return allow;
}

std::span<const ProtoForm> proto_forms() {
  return kProtoForms;
}

const ProtoForm* find_proto_form(std::string_view name) {
  const auto found = std::find_if(kProtoForms.begin(), kProtoForms.end(),
                                  [name](const ProtoForm& form) { return form.name == name; });
  return found == kProtoForms.end() ? nullptr : &*found;
}

}  // namespace rpcgen
