#include "compiler/sema/symbols.h"

#include <algorithm>
#include <cstddef>
#include <utility>

namespace rpcgen {
namespace {

struct QualifiedName {
  std::string_view package;  // empty if the name has none
  std::string_view name;
};

QualifiedName split(std::string_view name) {
  const std::size_t dot = name.rfind('.');
  if (dot == name.npos) return {{}, name};
  return {name.substr(0, dot), name.substr(dot + 1)};
}

}  // namespace

std::string_view Symbol::kind() const {
  if (const auto* message = as<ast::Message>()) return message->is_error ? "error" : "struct";
  if (as<ast::Enum>() != nullptr) return "enum";
  return as<ast::Service>() != nullptr ? "service" : "constant";
}

std::string_view package_of(const Unit& unit) {
  return unit.ast.packages.empty() ? std::string_view() : unit.ast.packages.front().name.text;
}

Symbols::Symbols(const Units& units) {
  for (const auto& unit : units) {
    const auto begin = static_cast<std::ptrdiff_t>(all_.size());
    const auto add = [&](const auto& declarations) {
      for (const auto& declaration : declarations) {
        if (declaration.name.missing()) continue;
        all_.push_back({unit.get(), &declaration.name, &declaration});
      }
    };
    add(unit->ast.constants);
    add(unit->ast.enums);
    add(unit->ast.messages);
    add(unit->ast.services);
    std::stable_sort(all_.begin() + begin, all_.end(), [](const Symbol& a, const Symbol& b) {
      return a.name->span.begin < b.name->span.begin;
    });
  }
  for (const Symbol& symbol : all_) {
    by_unit_[symbol.unit].emplace(symbol.name->text, &symbol);
    by_name_[symbol.name->text].push_back(&symbol);
    if (const auto* enumeration = symbol.as<ast::Enum>()) {
      for (const ast::EnumValue& value : enumeration->values) {
        enum_values_[enumeration].emplace(value.name.text, &value);
      }
    }
  }
}

std::vector<const Symbol*> Symbols::find(const Unit& from, std::string_view name) const {
  const auto [package, own_name] = split(name);
  const bool here = package.empty() || package == package_of(from);
  if (const Symbol* own = in_unit(from, own_name); own != nullptr && here) return {own};
  std::vector<const Symbol*> same_package;
  std::vector<const Symbol*> found;
  for (const Unit* import : from.imports) {
    if (!package.empty() && package != package_of(*import)) continue;
    const Symbol* symbol = in_unit(*import, own_name);
    if (symbol == nullptr) continue;
    found.push_back(symbol);
    if (package_of(*import) == package_of(from)) same_package.push_back(symbol);
  }
  return same_package.empty() ? found : same_package;
}

std::vector<const Symbol*> Symbols::anywhere(std::string_view name) const {
  const auto [package, own_name] = split(name);
  std::vector<const Symbol*> found;
  const auto same_name = by_name_.find(own_name);
  if (same_name == by_name_.end()) return found;
  for (const Symbol* symbol : same_name->second) {
    if (package.empty() || package == package_of(*symbol->unit)) found.push_back(symbol);
  }
  return found;
}

const ast::EnumValue* Symbols::value_of(const ast::Enum& enumeration, std::string_view name) const {
  const auto values = enum_values_.find(&enumeration);
  if (values == enum_values_.end()) return nullptr;
  const auto found = values->second.find(name);
  return found == values->second.end() ? nullptr : found->second;
}

std::vector<std::string_view> Symbols::visible(const Unit& from) const {
  std::vector<std::string_view> names;
  const auto add = [&](const Unit& unit) {
    const auto found = by_unit_.find(&unit);
    if (found == by_unit_.end()) return;
    for (const auto& [name, symbol] : found->second) names.push_back(name);
  };
  add(from);
  for (const Unit* import : from.imports) add(*import);
  return names;
}

const Symbol* Symbols::in_unit(const Unit& unit, std::string_view name) const {
  const auto names = by_unit_.find(&unit);
  if (names == by_unit_.end()) return nullptr;
  const auto found = names->second.find(name);
  return found == names->second.end() ? nullptr : found->second;
}

}  // namespace rpcgen
