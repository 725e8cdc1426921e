// Rules about names that are fine in the language but cannot all be had in C++.
#include <fmt/format.h>

#include <map>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "compiler/sema/annotations.h"
#include "compiler/sema/cpp_names.h"
#include "compiler/sema/rules.h"

namespace rpcgen {
namespace {

// The names of one C++ scope, and what of the language each comes from.
class CppScope {
 public:
  explicit CppScope(Diagnostics& diagnostics) : diagnostics_(diagnostics) {}

  // `what` completes "… is "class_" in C++": `field "class"`.
  void add(std::string cpp_name, const ast::Name& origin, std::string what) {
    if (origin.missing()) return;
    const auto [first, is_new] = names_.try_emplace(std::move(cpp_name), Origin{&origin, what});
    // Those that are the same in the language have been reported as that.
    if (is_new || first->second.name->text == origin.text) return;
    diagnostics_
        .error(origin.span,
               fmt::format("{} is \"{}\" in C++, as is {}", what, first->first, first->second.what))
        .note(first->second.name->span,
              fmt::format("\"{}\" is declared here", first->second.name->text));
  }

 private:
  struct Origin {
    const ast::Name* name;
    std::string what;
  };

  Diagnostics& diagnostics_;
  std::unordered_map<std::string, Origin> names_;
};

// The namespaces that the packages of a program make inside of one another.
class Namespaces {
 public:
  struct Origin {
    std::string package;    // the package, or the front part of it, that is this namespace
    const ast::Name* name;  // of a package that has it in its name
  };

  explicit Namespaces(const Program& program) {
    for (const auto& unit : program.units) {
      if (!unit->ast.packages.empty()) add(unit->ast.packages.front().name);
    }
  }

  // What has made the namespace `name` in that of `package`; null if nothing has.
  const Origin* find(std::string_view package, std::string_view name) const {
    std::vector<std::string> parts = cpp_namespaces(package);
    parts.emplace_back(name);
    const auto found = inner_.find(joined_namespaces(parts));
    return found == inner_.end() ? nullptr : &found->second;
  }

 private:
  void add(const ast::Name& package) {
    for (std::size_t dot = package.text.find('.'); dot != package.text.npos;
         dot = package.text.find('.', dot + 1)) {
      std::string front = package.text.substr(0, package.text.find('.', dot + 1));
      inner_.emplace(joined_namespaces(cpp_namespaces(front)), Origin{front, &package});
    }
  }

  std::map<std::string, Origin> inner_;
};

std::string quoted(std::string_view kind, const ast::Name& name) {
  return fmt::format("{} \"{}\"", kind, name.text);
}

void check_free(std::string_view kind, const ast::Name& name, Diagnostics& diagnostics) {
  if (!name.text.starts_with('_') && name.text.find("__") == name.text.npos) return;
  diagnostics.error(name.span,
                    fmt::format("{} \"{}\" {}, which C++ keeps for itself", kind, name.text,
                                name.text.starts_with('_') ? "begins with \"_\"" : "holds \"__\""));
}

void check_package_is_free(const ast::Name& package, Diagnostics& diagnostics) {
  const bool begins = fmt::format(".{}", package.text).find("._") != std::string::npos;
  if (!begins && package.text.find("__") == package.text.npos) return;
  diagnostics.error(package.span,
                    fmt::format("package \"{}\" {}, which C++ keeps for itself", package.text,
                                begins ? "has a part that begins with \"_\"" : "holds \"__\""));
}

void check_member(const ast::Message& message, std::string_view kind, const ast::Name& name,
                  Diagnostics& diagnostics) {
  if (name.missing()) return;
  if (const auto reason = taken_in_struct(name.text, message.is_error)) {
    diagnostics.error(name.span,
                      fmt::format("{} \"{}\" has a name that every {} needs in C++: {}", kind,
                                  name.text, message.is_error ? "error" : "struct", *reason));
  }
  if (name.text == kUnknownFields && has_annotation(message.annotations, "keep_unknown")) {
    diagnostics.error(
        name.span, fmt::format("{} \"{}\" has the name of the member that [keep_unknown] adds to "
                               "its struct in C++",
                               kind, name.text));
  }
  if (cpp_name(name.text) != cpp_top_level_name(message.name.text)) return;
  diagnostics
      .error(name.span, fmt::format("{} \"{}\" is called like its {}, which in C++ is the name of "
                                    "the constructor",
                                    kind, name.text, message.is_error ? "error" : "struct"))
      .note(message.name.span, fmt::format("\"{}\" is declared here", message.name.text));
}

void add_union(const ast::Message& message, const ast::Name& name, CppScope& scope,
               Diagnostics& diagnostics) {
  const CppUnionNames names = cpp_union_names(name.text);
  const std::string what = quoted("union", name);
  scope.add(cpp_name(name.text), name, what);
  scope.add(names.type, name, "the type of " + what);
  scope.add(names.case_type, name, "the case type of " + what);
  scope.add(names.case_name, name, "the case function of " + what);
  scope.add(names.visit, name, "the visit function of " + what);
  if (names.type == cpp_name(name.text)) {
    diagnostics.error(
        name.span, fmt::format("{} is called like its own type in C++; begin it with a lower-case "
                               "letter",
                               what));
  }
  if (names.type == cpp_top_level_name(message.name.text)) {
    diagnostics
        .error(name.span,
               fmt::format("the type of {} is \"{}\" in C++, as is the struct", what, names.type))
        .note(message.name.span, fmt::format("\"{}\" is declared here", message.name.text));
  }
}

void add_union_member(const ast::Name& name, CppScope& scope, CppScope& cases,
                      Diagnostics& diagnostics) {
  const std::string member = quoted("union member", name);
  scope.add(cpp_name(name.text), name, member);
  scope.add(cpp_setter(name.text), name, "the setter of " + member);
  const std::string enumerator = cpp_enumerator(name.text);
  if (enumerator == "kNone") {
    diagnostics.error(name.span,
                      fmt::format("the case of {} is \"kNone\" in C++, as is that of the empty "
                                  "union",
                                  member));
  }
  cases.add(enumerator, name, "the case of " + member);
}

}  // namespace

void check_names_are_free_in_cpp(const Program& program, Diagnostics& diagnostics) {
  for (const auto& unit : program.units) {
    if (!unit->ast.packages.empty()) {
      check_package_is_free(unit->ast.packages.front().name, diagnostics);
    }
    for (const ast::Enum& enumeration : unit->ast.enums) {
      for (const ast::EnumValue& value : enumeration.values) {
        check_free("enum value", value.name, diagnostics);
      }
    }
    for (const ast::Message& message : unit->ast.messages) {
      for (const ast::Field* field : fields_of(message)) {
        check_free("field", field->name, diagnostics);
      }
      for (const ast::Union& one_of : message.unions) {
        check_free("union", one_of.name, diagnostics);
      }
    }
    for (const ast::Service& service : unit->ast.services) {
      for (const ast::Method& method : service.methods) {
        check_free("method", method.name, diagnostics);
      }
    }
  }
  for (const Symbol& symbol : program.symbols.all()) {
    check_free(symbol.kind(), *symbol.name, diagnostics);
  }
}

void check_cpp_top_level_names(const Program& program, Diagnostics& diagnostics) {
  std::map<std::string_view, CppScope> packages;
  const Namespaces namespaces(program);
  for (const Symbol& symbol : program.symbols.all()) {
    const std::string_view package = package_of(*symbol.unit);
    CppScope& scope = packages.try_emplace(package, diagnostics).first->second;
    const std::string& name = symbol.name->text;
    const std::string what = quoted(symbol.kind(), *symbol.name);
    if (symbol.as<ast::Service>() != nullptr) {
      scope.add(cpp_stub_name(name), *symbol.name, "the stub of " + what);
      scope.add(cpp_service_name(name), *symbol.name, "the skeleton of " + what);
      continue;
    }
    scope.add(cpp_top_level_name(name), *symbol.name, what);
    const Namespaces::Origin* taken = namespaces.find(package, cpp_top_level_name(name));
    if (taken == nullptr) continue;
    diagnostics
        .error(symbol.name->span,
               fmt::format("{} is called like a package, \"{}\": in C++ both are "
                           "the same name",
                           what, taken->package))
        .note(taken->name->span, "the package is declared here");
  }
}

void check_cpp_packages_differ(const Program& program, Diagnostics& diagnostics) {
  std::map<std::string, const ast::Name*> namespaces;
  for (const auto& unit : program.units) {
    if (unit->ast.packages.empty()) continue;
    const ast::Name& package = unit->ast.packages.front().name;
    const auto [first, is_new] =
        namespaces.try_emplace(joined_namespaces(cpp_namespaces(package.text)), &package);
    if (is_new || first->second->text == package.text) continue;
    diagnostics
        .error(package.span, fmt::format("package \"{}\" is \"{}\" in C++, as is package \"{}\"",
                                         package.text, first->first, first->second->text))
        .note(first->second->span, fmt::format("\"{}\" is declared here", first->second->text));
  }
}

void check_cpp_member_names(const Program& program, Diagnostics& diagnostics) {
  each_message(program, [&](const Unit&, const ast::Message& message) {
    CppScope scope(diagnostics);
    std::map<const ast::Union*, CppScope> cases;
    for (const auto& [kind, name, one_of] : member_names(message)) {
      if (name->missing()) continue;
      check_member(message, kind, *name, diagnostics);
      if (one_of == nullptr) {
        scope.add(cpp_name(name->text), *name, quoted(kind, *name));
      } else if (name == &one_of->name) {
        add_union(message, *name, scope, diagnostics);
      } else {
        add_union_member(*name, scope, cases.try_emplace(one_of, diagnostics).first->second,
                         diagnostics);
      }
    }
  });
}

void check_cpp_enum_value_names(const Program& program, Diagnostics& diagnostics) {
  for (const auto& unit : program.units) {
    for (const ast::Enum& enumeration : unit->ast.enums) {
      CppScope scope(diagnostics);
      for (const ast::EnumValue& value : enumeration.values) {
        scope.add(cpp_name(value.name.text), value.name, quoted("enum value", value.name));
      }
    }
  }
}

void check_cpp_method_names(const Program& program, Diagnostics& diagnostics) {
  each_service(program, [&](const Unit&, const ast::Service& service) {
    CppScope scope(diagnostics);
    for (const ast::Method& method : service.methods) {
      if (method.name.missing()) continue;
      const std::string& name = method.name.text;
      scope.add(cpp_name(name), method.name, quoted("method", method.name));
      if (const auto reason = taken_in_service(name)) {
        diagnostics.error(method.name.span, fmt::format("method \"{}\" has a name that every "
                                                        "service needs in C++: {}",
                                                        name, *reason));
      }
      if (name == cpp_stub_name(service.name.text) || name == cpp_service_name(service.name.text)) {
        diagnostics.error(
            method.name.span,
            fmt::format("method \"{}\" is called like a class of its service in C++", name));
      }
    }
  });
}

}  // namespace rpcgen
