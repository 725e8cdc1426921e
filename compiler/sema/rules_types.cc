// Rules about types, optional fields and unions.
#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <string>
#include <vector>

#include "compiler/base/spelling.h"
#include "compiler/sema/rules.h"
#include "compiler/sema/types.h"
#include "compiler/syntax/newcomers.h"

namespace rpcgen {
namespace {

// g++ takes twice the time for each level from 20 on.
constexpr std::size_t kMaxTypeDepth = 16;

// Calls visit(unit, type) for every type that is written, without those in it.
template <typename Visit>
void each_type(const Program& program, const Visit& visit) {
  for (const auto& unit : program.units) {
    for (const ast::Constant& constant : unit->ast.constants) visit(*unit, constant.type);
    for (const ast::Message& message : unit->ast.messages) {
      for (const ast::Field* field : fields_of(message)) visit(*unit, field->type);
    }
    for (const ast::Service& service : unit->ast.services) {
      for (const ast::Method& method : service.methods) {
        if (method.argument) visit(*unit, *method.argument);
        if (method.result) visit(*unit, *method.result);
      }
    }
  }
}

std::size_t depth_of(const ast::Type& type) {
  std::size_t deepest = 0;
  for (const ast::Type& argument : type.arguments) deepest = std::max(deepest, depth_of(argument));
  return deepest + 1;
}

class TypeNames {
 public:
  TypeNames(const Program& program, Diagnostics& diagnostics)
      : program_(program), diagnostics_(diagnostics) {}

  void check(const Unit& unit, const ast::Type& type) {
    for (const ast::Type& argument : type.arguments) check(unit, argument);
    if (type.kind != ast::Type::Kind::kNamed || built_in_type(type.name.text)) return;
    const auto found = program_.symbols.find(unit, type.name.text);
    if (found.empty()) {
      report_unknown(unit, type.name);
    } else if (found.size() > 1) {
      report_ambiguous(type.name, found);
    } else {
      check_is_type(type.name, *found.front());
    }
  }

 private:
  void report_unknown(const Unit& unit, const ast::Name& name) {
    if (is_excused(unit, name.text) && !is_misspelt_built_in(name.text)) return;
    const auto elsewhere = program_.symbols.anywhere(name.text);
    if (!elsewhere.empty()) {
      const Symbol& symbol = *elsewhere.front();
      diagnostics_
          .error(name.span, fmt::format("type \"{}\" is declared in \"{}\", which this file does "
                                        "not import",
                                        name.text, symbol.unit->path))
          .note(symbol.name->span, fmt::format("\"{}\" is declared here", symbol.name->text));
      return;
    }
    diagnostics_.error(name.span, fmt::format("type \"{}\" is not declared{}", name.text,
                                              diagnostics_.wants_hints() ? hint(unit, name) : ""));
  }

  bool is_misspelt_built_in(std::string_view name) const {
    return diagnostics_.wants_hints() && (type_called(name) || nearest(name, built_in_types()));
  }

  std::string hint(const Unit& unit, const ast::Name& name) const {
    if (name.text == "void") return "; a method without a result has no \"->\"";
    if (const auto ours = type_called(name.text))
      return fmt::format("; did you mean \"{}\"?", *ours);
    std::vector<std::string_view> candidates = built_in_types();
    candidates.push_back("list");
    candidates.push_back("map");
    for (std::string_view visible : program_.symbols.visible(unit)) candidates.push_back(visible);
    // A package stays as it was written.
    const std::size_t dot = name.text.rfind('.');
    const std::string_view package =
        dot == name.text.npos ? std::string_view() : std::string_view(name.text).substr(0, dot + 1);
    const auto near = nearest(std::string_view(name.text).substr(package.size()), candidates);
    if (!near) return {};
    const bool qualify = !program_.symbols.find(unit, fmt::format("{}{}", package, *near)).empty();
    return fmt::format("; did you mean \"{}{}\"?", qualify ? package : "", *near);
  }

  void report_ambiguous(const ast::Name& name, const std::vector<const Symbol*>& found) {
    Diagnostic& error = diagnostics_.error(
        name.span, fmt::format("type \"{}\" is declared in several imports; expected its package, "
                               "as in \"{}.{}\"",
                               name.text, package_of(*found.front()->unit), name.text));
    for (const Symbol* symbol : found) {
      error.note(symbol->name->span,
                 fmt::format("package \"{}\" declares it here", package_of(*symbol->unit)));
    }
  }

  void check_is_type(const ast::Name& name, const Symbol& symbol) {
    const auto* message = symbol.as<ast::Message>();
    if (symbol.as<ast::Enum>() != nullptr || (message != nullptr && !message->is_error)) return;
    const std::string_view reason = message != nullptr ? "; it can only be thrown" : "";
    diagnostics_
        .error(name.span, fmt::format("\"{}\" is {}, not a type{}", name.text,
                                      with_article(symbol.kind()), reason))
        .note(symbol.name->span, fmt::format("\"{}\" is declared here", symbol.name->text));
  }

  const Program& program_;
  Diagnostics& diagnostics_;
};

void check_map_keys_in(const Program& program, const Unit& unit, const ast::Type& type,
                       Diagnostics& diagnostics) {
  for (const ast::Type& argument : type.arguments) {
    check_map_keys_in(program, unit, argument, diagnostics);
  }
  if (type.kind != ast::Type::Kind::kMap) return;
  const ast::Type& key = type.arguments.front();
  const ResolvedType resolved = resolve(program, unit, key);
  if (!resolved.kind || can_be_key(*resolved.kind)) return;
  const std::string_view name =
      key.kind == ast::Type::Kind::kNamed ? key.name.text : name_of(*resolved.kind);
  diagnostics.error(key.span, fmt::format("map key is of type \"{}\"; expected bool, an integer or "
                                          "string",
                                          name));
}

}  // namespace

void check_types_are_known(const Program& program, Diagnostics& diagnostics) {
  TypeNames names(program, diagnostics);
  each_type(program, [&](const Unit& unit, const ast::Type& type) { names.check(unit, type); });
}

void check_map_keys(const Program& program, Diagnostics& diagnostics) {
  each_type(program, [&](const Unit& unit, const ast::Type& type) {
    check_map_keys_in(program, unit, type, diagnostics);
  });
}

void check_type_depth(const Program& program, Diagnostics& diagnostics) {
  each_type(program, [&](const Unit&, const ast::Type& type) {
    const std::size_t depth = depth_of(type);
    if (depth <= kMaxTypeDepth) return;
    diagnostics.error(
        type.span, fmt::format("type nests {} deep; at most {} are allowed", depth, kMaxTypeDepth));
  });
}

void check_optionals(const Program& program, Diagnostics& diagnostics) {
  each_message(program, [&](const Unit&, const ast::Message& message) {
    for (const ast::Union& one_of : message.unions) {
      for (const ast::Field& field : one_of.members) {
        if (!field.optional) continue;
        diagnostics.error(*field.optional,
                          fmt::format("union member \"{}\" is optional; a union can be empty as it "
                                      "is",
                                      field.name.text));
      }
    }
  });
}

void check_unions_have_members(const Program& program, Diagnostics& diagnostics) {
  each_message(program, [&](const Unit&, const ast::Message& message) {
    for (const ast::Union& one_of : message.unions) {
      if (!one_of.members.empty() || !one_of.complete || one_of.name.missing()) continue;
      diagnostics.error(
          one_of.name.span,
          fmt::format("union \"{}\" has no members; expected at least one", one_of.name.text));
    }
  });
}

}  // namespace rpcgen
