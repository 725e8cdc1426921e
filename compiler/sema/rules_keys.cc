// The rule that what a struct of [hash] or [ordered] holds can be hashed or ordered.
#include <fmt/format.h>

#include <string_view>

#include "compiler/sema/annotations.h"
#include "compiler/sema/rules.h"
#include "compiler/sema/types.h"

namespace rpcgen {
namespace {

class Checker {
 public:
  Checker(const Program& program, Diagnostics& diagnostics)
      : program_(program), diagnostics_(diagnostics) {}

  void check(const Unit& unit, const ast::Message& message, std::string_view annotation) {
    if (message.is_error || !has_annotation(message.annotations, annotation)) return;
    for (const ast::Field* field : fields_of(message)) {
      if (!field->name.missing()) check_type(unit, message, *field, field->type, annotation);
    }
  }

 private:
  // Each struct says it of itself, so that a struct keeps the promise of those that hold it.
  void check_type(const Unit& unit, const ast::Message& message, const ast::Field& field,
                  const ast::Type& type, std::string_view annotation) {
    const ResolvedType resolved = resolve(program_, unit, type);
    if (resolved.kind == model::TypeKind::kFloat || resolved.kind == model::TypeKind::kDouble) {
      diagnostics_.error(
          field.name.span,
          fmt::format("field \"{}\" holds a {}, so struct \"{}\" cannot be [{}]: NaN is not equal "
                      "to itself",
                      field.name.text,
                      resolved.kind == model::TypeKind::kFloat ? "float" : "double",
                      message.name.text, annotation));
      return;
    }
    if (resolved.kind == model::TypeKind::kStruct) {
      const auto* held = resolved.symbol->as<ast::Message>();
      if (held == nullptr || held->is_error || has_annotation(held->annotations, annotation)) {
        return;
      }
      diagnostics_
          .error(field.name.span,
                 fmt::format("field \"{}\" holds struct \"{}\", which is not [{}], as struct "
                             "\"{}\" is",
                             field.name.text, held->name.text, annotation, message.name.text))
          .note(held->name.span, fmt::format("\"{}\" is declared here", held->name.text));
      return;
    }
    for (const ast::Type& argument : type.arguments) {
      check_type(unit, message, field, argument, annotation);
    }
  }

  const Program& program_;
  Diagnostics& diagnostics_;
};

}  // namespace

void check_keys(const Program& program, Diagnostics& diagnostics) {
  Checker checker(program, diagnostics);
  each_message(program, [&](const Unit& unit, const ast::Message& message) {
    checker.check(unit, message, "hash");
    checker.check(unit, message, "ordered");
  });
}

}  // namespace rpcgen
