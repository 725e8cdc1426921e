// Rules about packages, and about names that must differ.
#include <fmt/format.h>

#include <map>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>

#include "compiler/sema/annotations.h"
#include "compiler/sema/rules.h"
#include "compiler/sema/types.h"

namespace rpcgen {
namespace {

// The names of one scope; reports each that an earlier one has, too.
class Scope {
 public:
  // `where` ends the message: ` in struct "Shape"`.
  Scope(std::string where, Diagnostics& diagnostics)
      : where_(std::move(where)), diagnostics_(diagnostics) {}

  void add(std::string_view kind, const ast::Name& name) {
    if (name.missing()) return;
    const auto [first, is_new] = names_.try_emplace(name.text, First{kind, name.span});
    if (is_new) return;
    diagnostics_
        .error(name.span, fmt::format("{} \"{}\" is already declared{}", kind, name.text, where_))
        .note(first->second.span,
              fmt::format("{} \"{}\" is declared here", first->second.kind, name.text));
  }

 private:
  struct First {
    std::string_view kind;
    Span span;
  };

  std::string where_;
  Diagnostics& diagnostics_;
  std::unordered_map<std::string_view, First> names_;
};

std::string_view kind_of(const ast::Message& message) {
  return message.is_error ? "error" : "struct";
}

std::string in(std::string_view kind, const ast::Name& name) {
  return fmt::format(" in {} \"{}\"", kind, name.text);
}

}  // namespace

void check_package_is_declared(const Program& program, Diagnostics& diagnostics) {
  for (const auto& unit : program.units) {
    const auto& packages = unit->ast.packages;
    if (packages.empty()) {
      if (!unit->ast.readable || !unit->ast.begins_read) continue;
      diagnostics.error(unit->ast.start,
                        "file has no package; expected \"package name;\" as its first statement");
      continue;
    }
    if (!packages.front().first) {
      diagnostics.error(packages.front().name.span,
                        "package comes too late; expected it as the first statement of the file");
    }
    for (std::size_t i = 1; i < packages.size(); ++i) {
      diagnostics.error(packages[i].name.span, "file has a package already")
          .note(packages.front().name.span, "package is declared here");
    }
  }
}

void check_top_level_names_differ(const Program& program, Diagnostics& diagnostics) {
  std::map<std::string_view, Scope> packages;
  for (const Symbol& symbol : program.symbols.all()) {
    const std::string_view package = package_of(*symbol.unit);
    Scope& scope = packages.try_emplace(package, "", diagnostics).first->second;
    scope.add(symbol.kind(), *symbol.name);
    if (symbol.as<ast::Constant>() != nullptr &&
        (symbol.name->text == "true" || symbol.name->text == "false")) {
      diagnostics.error(symbol.name->span, fmt::format("constant \"{}\" has the name of a bool's "
                                                       "value",
                                                       symbol.name->text));
    }
    if (built_in_type(symbol.name->text)) {
      diagnostics.error(symbol.name->span, fmt::format("{} \"{}\" has the name of a built-in type",
                                                       symbol.kind(), symbol.name->text));
    }
  }
}

void check_member_names_differ(const Program& program, Diagnostics& diagnostics) {
  each_message(program, [&](const Unit&, const ast::Message& message) {
    Scope scope(in(kind_of(message), message.name), diagnostics);
    for (const MemberName& member : member_names(message)) scope.add(member.kind, *member.name);
  });
}

void check_json_names_differ(const Program& program, Diagnostics& diagnostics) {
  each_message(program, [&](const Unit&, const ast::Message& message) {
    std::unordered_map<std::string_view, const ast::Field*> names;
    for (const ast::Field* field : fields_of(message)) {
      const std::string& name = json_name_of(*field);
      if (field->name.missing() || name.empty()) continue;
      const auto [first, is_new] = names.try_emplace(name, field);
      if (is_new || field->name.text == first->second->name.text) continue;
      diagnostics
          .error(field->name.span,
                 fmt::format("field \"{}\" is called \"{}\" in JSON, as is \"{}\"",
                             field->name.text, name, first->second->name.text))
          .note(first->second->name.span,
                fmt::format("field \"{}\" is declared here", first->second->name.text));
    }
  });
}

void check_enum_value_names_differ(const Program& program, Diagnostics& diagnostics) {
  for (const auto& unit : program.units) {
    for (const ast::Enum& enumeration : unit->ast.enums) {
      Scope scope(in("enum", enumeration.name), diagnostics);
      for (const ast::EnumValue& value : enumeration.values) scope.add("enum value", value.name);
    }
  }
}

void check_method_names_differ(const Program& program, Diagnostics& diagnostics) {
  each_service(program, [&](const Unit&, const ast::Service& service) {
    Scope scope(in("service", service.name), diagnostics);
    for (const ast::Method& method : service.methods) scope.add("method", method.name);
  });
}

}  // namespace rpcgen
