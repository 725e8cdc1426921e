#include "compiler/sema/model_types.h"

#include <type_traits>
#include <variant>

#include "compiler/sema/types.h"
#include "compiler/sema/values.h"

namespace rpcgen {

model::Type ModelTypes::type(const Unit& unit, const ast::Type& type) const {
  const ResolvedType resolved = resolve(program_, unit, type);
  model::Type out;
  out.kind = *resolved.kind;
  if (out.kind == model::TypeKind::kEnum) {
    out.enumeration = enums_.at(resolved.symbol->as<ast::Enum>());
  } else if (out.kind == model::TypeKind::kStruct) {
    out.structure = message(*resolved.symbol);
  }
  for (const ast::Type& argument : type.arguments) {
    out.arguments.push_back(this->type(unit, argument));
  }
  return out;
}

model::Value ModelTypes::value(const Unit& unit, const ast::Type& type,
                               const ast::Literal& literal) const {
  const Evaluated result =
      evaluate(program_, unit, resolve(program_, unit, type), literal, /*hints=*/false);
  return std::visit(
      [this](const auto& value) -> model::Value {
        if constexpr (std::is_same_v<decltype(value), const ast::EnumValue* const&>) {
          return enum_values_.at(value);
        } else {
          return value;
        }
      },
      *result.value);
}

const model::Message* ModelTypes::message(const Symbol& symbol) const {
  return messages_.at(symbol.as<ast::Message>());
}

}  // namespace rpcgen
