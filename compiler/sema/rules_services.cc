// Rules about services and their methods.
#include <fmt/format.h>

#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "compiler/base/spelling.h"
#include "compiler/sema/annotations.h"
#include "compiler/sema/method_id.h"
#include "compiler/sema/rules.h"
#include "compiler/sema/types.h"

namespace rpcgen {
namespace {

// The errors that can be named in `unit`, for a suggestion.
std::string nearest_error(const Program& program, const Unit& unit, std::string_view name) {
  std::vector<std::string_view> candidates;
  for (std::string_view visible : program.symbols.visible(unit)) {
    const auto found = program.symbols.find(unit, visible);
    const auto* message = found.empty() ? nullptr : found.front()->as<ast::Message>();
    if (message != nullptr && message->is_error) candidates.push_back(visible);
  }
  const auto near = nearest(name, candidates);
  return near ? fmt::format("; did you mean \"{}\"?", *near) : std::string();
}

void check_thrown(const Program& program, const Unit& unit, const ast::Name& thrown,
                  Diagnostics& diagnostics) {
  const auto found = program.symbols.find(unit, thrown.text);
  if (found.empty()) {
    if (is_excused(unit, thrown.text)) return;
    const std::string hint =
        diagnostics.wants_hints() ? nearest_error(program, unit, thrown.text) : std::string();
    diagnostics.error(thrown.span,
                      fmt::format("error \"{}\" is not declared{}", thrown.text, hint));
    return;
  }
  if (found.size() > 1) {
    diagnostics.error(thrown.span,
                      fmt::format("error \"{}\" is declared in several imports; expected its "
                                  "package, as in \"{}.{}\"",
                                  thrown.text, package_of(*found.front()->unit), thrown.text));
    return;
  }
  const Symbol& symbol = *found.front();
  const auto* message = symbol.as<ast::Message>();
  if (message != nullptr && message->is_error) return;
  diagnostics
      .error(thrown.span,
             fmt::format("\"{}\" is {}, not an error", thrown.text, with_article(symbol.kind())))
      .note(symbol.name->span, fmt::format("\"{}\" is declared here", symbol.name->text));
}

}  // namespace

void check_services_have_methods(const Program& program, Diagnostics& diagnostics) {
  each_service(program, [&](const Unit&, const ast::Service& service) {
    if (!service.methods.empty() || !service.complete || service.name.missing()) return;
    diagnostics.warning(service.name.span,
                        fmt::format("service \"{}\" has no methods", service.name.text));
  });
}

void check_throws(const Program& program, Diagnostics& diagnostics) {
  each_method(program, [&](const Unit& unit, const ast::Service&, const ast::Method& method) {
    std::unordered_map<std::string_view, Span> seen;
    for (const ast::Name& thrown : method.throws) {
      if (thrown.missing()) continue;
      const auto [first, is_new] = seen.try_emplace(thrown.text, thrown.span);
      if (!is_new) {
        diagnostics
            .error(thrown.span,
                   fmt::format("error \"{}\" is in the throws list already", thrown.text))
            .note(first->second, "it is listed here");
        continue;
      }
      check_thrown(program, unit, thrown, diagnostics);
    }
  });
}

void check_method_ids_differ(const Program& program, Diagnostics& diagnostics) {
  struct NumberedMethod {
    std::string full_name;
    Span at;
  };
  std::unordered_map<std::uint32_t, NumberedMethod> ids;
  each_method(program, [&](const Unit& unit, const ast::Service& service,
                           const ast::Method& method) {
    if (method.name.missing()) return;
    NumberedMethod named{
        fmt::format("{}.{}/{}", package_of(unit), service.name.text, method.name.text),
        method.name.span};
    const std::uint32_t id = method_id(named.full_name);
    const auto [first, is_new] = ids.try_emplace(id, named);
    if (is_new || first->second.full_name == named.full_name) return;
    diagnostics
        .error(named.at,
               fmt::format("method \"{}\" has the id 0x{:08x} on the wire, as has \"{}\"; "
                           "rename one of them",
                           named.full_name, id, first->second.full_name))
        .note(first->second.at, fmt::format("\"{}\" is declared here", first->second.full_name));
  });
}

void check_unmarked_methods(const Program& program, Diagnostics& diagnostics) {
  for (const auto& unit : program.units) {
    bool marked = false;
    std::vector<const ast::Method*> unmarked;
    for (const ast::Service& service : unit->ast.services) {
      const ast::Annotation* of_service = find_allow(service.annotations);
      for (const ast::Method& method : service.methods) {
        const ast::Annotation* own = find_allow(method.annotations);
        if (own == nullptr) own = of_service;
        if (own == nullptr) unmarked.push_back(&method);
        if (own != nullptr) marked = true;
      }
    }
    if (!marked) continue;
    for (const ast::Method* method : unmarked) {
      diagnostics.warning(method->name.span,
                          fmt::format("method \"{}\" does not say who may call it; a server with "
                                      "an authenticator denies it to everybody",
                                      method->name.text));
    }
  }
}

}  // namespace rpcgen
