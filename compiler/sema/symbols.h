// Which name means which declaration.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <unordered_map>
#include <variant>
#include <vector>

#include "compiler/sema/imports.h"
#include "compiler/syntax/ast.h"

namespace rpcgen {

// A declaration at the top of a file.
struct Symbol {
  using Declaration = std::variant<const ast::Constant*, const ast::Enum*, const ast::Message*,
                                   const ast::Service*>;

  const Unit* unit = nullptr;
  const ast::Name* name = nullptr;
  Declaration declaration;

  // Null unless it is one.
  template <typename T>
  const T* as() const {
    const auto* found = std::get_if<const T*>(&declaration);
    return found == nullptr ? nullptr : *found;
  }

  // "struct", "error", "enum", "constant" or "service".
  std::string_view kind() const;
};

// The unit's package; empty if it has none.
std::string_view package_of(const Unit& unit);

class Symbols {
 public:
  Symbols() = default;
  explicit Symbols(const Units& units);
  Symbols(Symbols&&) = default;
  Symbols& operator=(Symbols&&) = default;

  // In the order of the files and of their text, those with the same name, too.
  const std::vector<Symbol>& all() const { return all_; }

  // What `name`, with its package or without, means in `from`: a declaration of `from`, else one of
  // its package in a direct import, else one of any direct import. One symbol is the answer, none
  // means unknown, several mean that the name must say the package.
  std::vector<const Symbol*> find(const Unit& from, std::string_view name) const;

  // Declarations of that name, with its package or without, in all files of the run.
  std::vector<const Symbol*> anywhere(std::string_view name) const;

  // The enum's value of that name; null if it has none.
  const ast::EnumValue* value_of(const ast::Enum& enumeration, std::string_view name) const;

  // Every name that find would take, for suggestions.
  std::vector<std::string_view> visible(const Unit& from) const;

 private:
  const Symbol* in_unit(const Unit& unit, std::string_view name) const;

  std::vector<Symbol> all_;
  // The first declaration of a name in a unit wins; a rule reports the others.
  std::unordered_map<const Unit*, std::map<std::string_view, const Symbol*>> by_unit_;
  std::unordered_map<std::string_view, std::vector<const Symbol*>> by_name_;
  std::unordered_map<const ast::Enum*, std::unordered_map<std::string_view, const ast::EnumValue*>>
      enum_values_;
};

}  // namespace rpcgen
