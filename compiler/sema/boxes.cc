#include "compiler/sema/boxes.h"

#include <cstddef>
#include <unordered_map>

#include "compiler/sema/containment.h"

namespace rpcgen {

// An optional whose struct leads back in place to where the optional stands needs a box. So does a
// member of a union that leads back through unions and values alone: where the way back has an
// optional, the box of that one is enough.
std::vector<const ast::Field*> fields_in_boxes(const Program& program, const Unit& unit,
                                               const Cycles& cycles) {
  const auto& declared = unit.ast.messages;
  std::unordered_map<const ast::Message*, std::size_t> nodes;
  for (std::size_t i = 0; i < declared.size(); ++i) nodes.emplace(&declared[i], i);
  const auto leads_back = [&](const ast::Field& field, std::size_t node,
                              const std::vector<std::size_t>& component) {
    const ast::Message* held = held_message(program, unit, field);
    return held != nullptr && component[nodes.at(held)] == component[node];
  };
  std::vector<const ast::Field*> boxed;
  for (std::size_t i = 0; i < declared.size(); ++i) {
    for (const ast::Field& field : declared[i].fields) {
      if (field.optional && leads_back(field, i, cycles.in_place)) boxed.push_back(&field);
    }
    for (const ast::Union& one_of : declared[i].unions) {
      for (const ast::Field& field : one_of.members) {
        if (leads_back(field, i, cycles.in_unions)) boxed.push_back(&field);
      }
    }
  }
  return boxed;
}

}  // namespace rpcgen
