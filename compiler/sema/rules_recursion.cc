// The rule that a struct contains itself only through an optional, a union, a list or a map.
#include <fmt/format.h>

#include <cstddef>
#include <vector>

#include "compiler/sema/containment.h"
#include "compiler/sema/rules.h"

namespace rpcgen {
namespace {

// The field by which `outer` holds `inner` by value.
const ast::Field& field_holding(const Program& program, const Unit& unit, const ast::Message& outer,
                                const ast::Message& inner) {
  for (const ast::Field& field : outer.fields) {
    if (!field.optional && held_message(program, unit, field) == &inner) return field;
  }
  return outer.fields.front();
}

void report(const Program& program, const Unit& unit, const std::vector<std::size_t>& cycle,
            Diagnostics& diagnostics) {
  constexpr std::size_t kMaxNotes = 10;
  const auto message = [&](std::size_t step) -> const ast::Message& {
    return unit.ast.messages[cycle[step % cycle.size()]];
  };
  const auto field = [&](std::size_t step) -> const ast::Field& {
    return field_holding(program, unit, message(step), message(step + 1));
  };
  Diagnostic& error = diagnostics.error(
      field(0).name.span,
      fmt::format("struct \"{}\" contains itself by value through field \"{}\"; make the field "
                  "optional, or a list or map",
                  message(0).name.text, field(0).name.text));
  for (std::size_t step = 1; step < cycle.size() && step <= kMaxNotes; ++step) {
    error.note(field(step).name.span, fmt::format("\"{}\" contains \"{}\"", message(step).name.text,
                                                  message(step + 1).name.text));
  }
}

}  // namespace

void check_no_struct_contains_itself(const Program& program, Diagnostics& diagnostics) {
  for (const auto& unit : program.units) {
    const Containment containment = containment_of(program, *unit);
    const Graph& graph = containment.by_value;
    const std::vector<std::size_t> component = components(graph);
    std::vector<bool> reported(graph.size());
    for (std::size_t node = 0; node < graph.size(); ++node) {
      if (reported[component[node]]) continue;
      // A node that no cycle passes need not be searched from.
      bool in_cycle = false;
      for (std::size_t target : graph[node]) in_cycle |= component[target] == component[node];
      if (!in_cycle) continue;
      reported[component[node]] = true;
      report(program, *unit, find_cycle(graph, component, node), diagnostics);
    }
  }
}

}  // namespace rpcgen
