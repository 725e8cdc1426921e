// Rules about constants and defaults.
#include <fmt/format.h>

#include <vector>

#include "compiler/base/spelling.h"
#include "compiler/sema/annotations.h"
#include "compiler/sema/rules.h"
#include "compiler/sema/types.h"
#include "compiler/sema/values.h"

namespace rpcgen {
namespace {

bool is_truth(const ast::Literal& literal) {
  const auto* word = std::get_if<ast::Word>(&literal.value);
  return word != nullptr && (word->text == "true" || word->text == "false");
}

void check_default(const Program& program, const Unit& unit, const ast::Field& field,
                   Diagnostics& diagnostics) {
  const ast::Annotation* annotation = find_annotation(field.annotations, "default");
  const ResolvedType type = resolve(program, unit, field.type);
  if (annotation == nullptr || !type.kind) return;
  if (!can_have_default(*type.kind)) {
    diagnostics.error(annotation->name.span,
                      fmt::format("field \"{}\" is {}, which cannot have a default",
                                  field.name.text, with_article(name_of(*type.kind))));
    return;
  }
  if (!annotation->value) return;
  const Evaluated result =
      evaluate(program, unit, type, *annotation->value, diagnostics.wants_hints());
  if (result.value || result.problem.empty()) return;
  diagnostics.error(annotation->value->span,
                    fmt::format("default of field \"{}\" is {}", field.name.text, result.problem));
}

}  // namespace

void check_constants(const Program& program, Diagnostics& diagnostics) {
  for (const auto& unit : program.units) {
    for (const ast::Constant& constant : unit->ast.constants) {
      const ResolvedType type = resolve(program, *unit, constant.type);
      if (!type.kind) continue;
      if (!can_be_constant(*type.kind)) {
        diagnostics.error(constant.type.span,
                          fmt::format("constant \"{}\" cannot be {}; expected bool, an integer, "
                                      "float, double or string",
                                      constant.name.text, with_article(name_of(*type.kind))));
        continue;
      }
      if (!constant.value) continue;
      // No name but `true` and `false`: a constant does not depend on another one.
      const bool is_name =
          std::holds_alternative<ast::Word>(constant.value->value) && !is_truth(*constant.value);
      const Evaluated result =
          is_name ? Evaluated{std::nullopt, "a name; expected a value"}
                  : evaluate(program, *unit, type, *constant.value, diagnostics.wants_hints());
      if (result.value || result.problem.empty()) continue;
      diagnostics.error(constant.value->span,
                        fmt::format("constant \"{}\" is {}", constant.name.text, result.problem));
    }
  }
}

void check_defaults(const Program& program, Diagnostics& diagnostics) {
  each_message(program, [&](const Unit& unit, const ast::Message& message) {
    for (const ast::Field* field : fields_of(message)) {
      check_default(program, unit, *field, diagnostics);
    }
    const auto refuse = [&](const ast::Field& field, std::string_view reason) {
      const ast::Annotation* annotation = find_annotation(field.annotations, "default");
      if (annotation == nullptr) return;
      diagnostics.error(annotation->name.span, fmt::format("field \"{}\" cannot have a default: {}",
                                                           field.name.text, reason));
    };
    for (const ast::Field& field : message.fields) {
      if (field.optional) refuse(field, "it is optional, so that it can be absent");
    }
    for (const ast::Union& one_of : message.unions) {
      for (const ast::Field& field : one_of.members) {
        refuse(field, "it is in a union, which is empty by default");
      }
    }
  });
}

}  // namespace rpcgen
