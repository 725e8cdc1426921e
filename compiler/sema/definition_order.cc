#include "compiler/sema/definition_order.h"

namespace rpcgen {
namespace {

std::vector<std::size_t> depth_first_order(const Graph& needs) {
  std::vector<std::size_t> order;
  std::vector<bool> seen(needs.size());
  struct Visit {
    std::size_t node;
    std::size_t next;
  };
  std::vector<Visit> open;
  const auto enter = [&](std::size_t node) {
    if (seen[node]) return;
    seen[node] = true;
    open.push_back({node, 0});
  };
  for (std::size_t start = 0; start < needs.size(); ++start) {
    enter(start);
    while (!open.empty()) {
      Visit& visit = open.back();
      if (visit.next < needs[visit.node].size()) {
        enter(needs[visit.node][visit.next++]);
        continue;
      }
      order.push_back(visit.node);
      open.pop_back();
    }
  }
  return order;
}

}  // namespace

Cycles cycles_of(const Containment& containment) {
  return {components(containment.any), components(containment.in_place),
          components(containment.in_unions)};
}

std::vector<std::size_t> definition_order(const Containment& containment, const Cycles& cycles) {
  const std::size_t count = containment.any.size();
  Graph needs(count);
  for (std::size_t i = 0; i < count; ++i) {
    const auto add = [&](const Graph& graph, const std::vector<std::size_t>& component) {
      for (std::size_t held : graph[i]) {
        if (component[held] != component[i]) needs[i].push_back(held);
      }
    };
    add(containment.any, cycles.any);
    add(containment.in_place, cycles.in_place);
    add(containment.in_unions, cycles.in_unions);
    for (std::size_t held : containment.by_value[i]) needs[i].push_back(held);
  }
  return depth_first_order(needs);
}

}  // namespace rpcgen
