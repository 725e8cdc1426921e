#include "compiler/gen/cpp/enums.h"

#include <string>
#include <vector>

#include "compiler/gen/cpp/literals.h"

namespace rpcgen::cpp {
namespace {

// What the functions of an enum call their parameters and variables.
const NameSet kLocals{"name", "value", "each"};

void emit_values(Printer& printer, const model::Enum& enumeration) {
  for (const auto& value : enumeration.values) {
    emit_doc(printer, value->doc);
    printer.line(value->cpp_name + (value->deprecated ? " [[deprecated]]" : "") + " = " +
                 std::to_string(value->number) + ",");
  }
}

}  // namespace

void emit_enum(Printer& printer, const model::Enum& enumeration, const Names& names) {
  printer.emit({{"doc", [&] { emit_doc(printer, enumeration.doc); }},
                {"deprecated", deprecation(enumeration.deprecated)},
                {"name", enumeration.cpp_name},
                {"values", [&] { emit_values(printer, enumeration); }}},
               R"(
                 $doc$
                 enum class $deprecated$$name$ : std::int32_t {
                   $values$
                 };
               )");
  printer.line("");

  std::string name = names.declared(enumeration, kLocals);
  auto cases = [&] {
    for (const auto& value : enumeration.values) {
      printer.emit({{"value", name + "::" + value->cpp_name}, {"text", quoted(value->name)}}, R"(
        case $value$:
          return $text$;
      )");
    }
  };
  auto all = [&] {
    std::vector<std::string> values;
    std::string joined;
    for (const auto& value : enumeration.values) {
      values.push_back(name + "::" + value->cpp_name);
      joined += (joined.empty() ? "{" : ", ") + values.back();
    }
    joined += "}) {";
    std::string head = "for (" + name + " each :";
    if (printer.fits("     " + joined))
      return printer.list("for (", {name + " each :", joined}, " ", "");
    printer.list(head + " {", values, ", ", "}) {");
  };
  printer.emit({{"name", name}, {"cases", cases}, {"all", all}}, R"(
    /// A value's name; "" for a number that has none here: a newer peer may send those.
    constexpr std::string_view enum_name($name$ value) noexcept {
      switch (value) {
        $cases$
      }
      return "";
    }

    /// Finds the value of that name. False, with `value` as it was, if there is none.
    constexpr bool enum_value(std::string_view name, $name$& value) noexcept {
      $all$
        if (enum_name(each) == name) {
          value = each;
          return true;
        }
      }
      return false;
    }
  )");
}

void emit_constant(Printer& printer, const model::Constant& constant, const Names& names) {
  emit_doc(printer, constant.doc);
  bool is_string = constant.type.kind == model::TypeKind::kString;
  std::string value = literal(constant.value, constant.type, names, {});
  printer.emit({{"type", is_string ? "std::string_view" : names.type(constant.type, {})},
                {"name", constant.cpp_name},
                {"value", value}},
               "inline constexpr $type$ $name$ = $value$;");
}

void include_enum(Includes& includes) {
  includes.standard.insert({"cstdint", "initializer_list", "string_view"});
}

void include_constant(const model::Constant& constant, const model::File& file,
                      Includes& includes) {
  if (constant.type.kind == model::TypeKind::kString) {
    includes.standard.insert("string_view");
  } else {
    include_type(constant.type, file, includes);
  }
}

}  // namespace rpcgen::cpp
