// The rule that an integer can have the form in protobuf that its field says.
#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <string_view>

#include "compiler/base/spelling.h"
#include "compiler/sema/annotations.h"
#include "compiler/sema/rules.h"
#include "compiler/sema/types.h"

namespace rpcgen {
namespace {

using model::TypeKind;

// "sint64 or sfixed64"; empty for what is no integer.
std::string forms_of(TypeKind kind) {
  std::string out;
  for (const ProtoForm& form : proto_forms()) {
    if (form.type == kind) out += (out.empty() ? "" : " or ") + std::string(form.name);
  }
  return out;
}

class Checker {
 public:
  Checker(const Program& program, Diagnostics& diagnostics)
      : program_(program), diagnostics_(diagnostics) {}

  void check(const Unit& unit, const ast::Field& field) {
    if (const ast::Literal* value = named(field, "proto")) {
      // Lists in lists, and lists in the values of maps, have it, too.
      const ast::Type* type = &field.type;
      while (!type->arguments.empty()) type = &type->arguments.back();
      check_form(unit, *type, "proto", *value, "integers, alone, in a list or as values of a map");
    }
    if (const ast::Literal* value = named(field, "proto_key")) {
      const bool is_map = resolve(program_, unit, field.type).kind == TypeKind::kMap &&
                          field.type.arguments.size() == 2;
      check_form(unit, is_map ? field.type.arguments.front() : field.type, "proto_key", *value,
                 "a map whose keys are integers", is_map);
    }
  }

 private:
  // Null if there is none, or another rule speaks of it.
  static const ast::Literal* named(const ast::Field& field, std::string_view name) {
    const ast::Annotation* annotation = find_annotation(field.annotations, name);
    if (annotation == nullptr || !annotation->value) return nullptr;
    const auto* word = std::get_if<ast::Word>(&annotation->value->value);
    return word != nullptr && find_proto_form(word->text) != nullptr ? &*annotation->value
                                                                     : nullptr;
  }

  void check_form(const Unit& unit, const ast::Type& type, std::string_view annotation,
                  const ast::Literal& value, std::string_view expected, bool is_place = true) {
    const ResolvedType resolved = resolve(program_, unit, type);
    if (!resolved.kind) return;
    const std::string forms = is_place ? forms_of(*resolved.kind) : "";
    const std::string& came = std::get<ast::Word>(value.value).text;
    if (forms.empty()) {
      diagnostics_.error(
          value.span, fmt::format("annotation \"{}\" expects {}; this is {}", annotation, expected,
                                  with_article(name_of(*resolved.kind))));
    } else if (find_proto_form(came)->type != *resolved.kind) {
      diagnostics_.error(value.span,
                         fmt::format("annotation \"{}\" is \"{}\"; expected {} for {}", annotation,
                                     came, forms, with_article(name_of(*resolved.kind))));
    }
  }

  const Program& program_;
  Diagnostics& diagnostics_;
};

}  // namespace

void check_proto_forms(const Program& program, Diagnostics& diagnostics) {
  Checker checker(program, diagnostics);
  each_message(program, [&](const Unit& unit, const ast::Message& message) {
    for (const ast::Field* field : fields_of(message)) checker.check(unit, *field);
  });
}

}  // namespace rpcgen
