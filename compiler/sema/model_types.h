// The types and values of the model, found by what a program says.
#pragma once

#include <unordered_map>

#include "compiler/sema/model.h"
#include "compiler/sema/program.h"

namespace rpcgen {

// What is declared is added before a type or a value names it. The program, and the model of what
// was added, outlive it.
class ModelTypes {
 public:
  explicit ModelTypes(const Program& program) : program_(program) {}
  ModelTypes(const ModelTypes&) = delete;
  ModelTypes& operator=(const ModelTypes&) = delete;

  void add(const ast::Enum& declared, const model::Enum& made) { enums_[&declared] = &made; }
  void add(const ast::EnumValue& declared, const model::EnumValue& made) {
    enum_values_[&declared] = &made;
  }
  void add(const ast::Message& declared, const model::Message& made) {
    messages_[&declared] = &made;
  }

  // The program has no errors, so each of these is there.
  model::Type type(const Unit& unit, const ast::Type& type) const;
  model::Value value(const Unit& unit, const ast::Type& type, const ast::Literal& literal) const;
  const model::Message* message(const Symbol& symbol) const;

 private:
  const Program& program_;
  std::unordered_map<const ast::Enum*, const model::Enum*> enums_;
  std::unordered_map<const ast::EnumValue*, const model::EnumValue*> enum_values_;
  std::unordered_map<const ast::Message*, const model::Message*> messages_;
};

}  // namespace rpcgen
