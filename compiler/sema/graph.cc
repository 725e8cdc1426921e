#include "compiler/sema/graph.h"

#include <algorithm>
#include <deque>
#include <limits>
#include <unordered_map>
#include <utility>

namespace rpcgen {
namespace {

constexpr std::size_t kNone = std::numeric_limits<std::size_t>::max();

// Tarjan's algorithm with the recursion written out.
class ComponentFinder {
 public:
  explicit ComponentFinder(const Graph& graph)
      : graph_(graph),
        index_(graph.size(), kNone),
        lowest_(graph.size(), kNone),
        component_(graph.size(), kNone) {}

  std::vector<std::size_t> run() {
    for (std::size_t node = 0; node < graph_.size(); ++node) {
      if (index_[node] == kNone) explore(node);
    }
    return std::move(component_);
  }

 private:
  struct Call {
    std::size_t node;
    std::size_t next_edge;
  };

  void explore(std::size_t start) {
    enter(start);
    while (!calls_.empty()) {
      Call& call = calls_.back();
      const auto& edges = graph_[call.node];
      if (call.next_edge == edges.size()) {
        leave(call.node);
        continue;
      }
      const std::size_t target = edges[call.next_edge++];
      if (index_[target] == kNone) {
        enter(target);
      } else if (component_[target] == kNone) {
        lowest_[call.node] = std::min(lowest_[call.node], index_[target]);
      }
    }
  }

  void enter(std::size_t node) {
    index_[node] = lowest_[node] = count_++;
    open_.push_back(node);
    calls_.push_back({node, 0});
  }

  void leave(std::size_t node) {
    calls_.pop_back();
    if (!calls_.empty()) {
      std::size_t& lowest = lowest_[calls_.back().node];
      lowest = std::min(lowest, lowest_[node]);
    }
    if (lowest_[node] != index_[node]) return;
    for (std::size_t member = kNone; member != node;) {
      member = open_.back();
      open_.pop_back();
      component_[member] = components_;
    }
    ++components_;
  }

  const Graph& graph_;
  std::vector<std::size_t> index_;
  std::vector<std::size_t> lowest_;
  std::vector<std::size_t> component_;
  std::vector<std::size_t> open_;
  std::vector<Call> calls_;
  std::size_t count_ = 0;
  std::size_t components_ = 0;
};

}  // namespace

std::vector<std::size_t> components(const Graph& graph) {
  return ComponentFinder(graph).run();
}

std::vector<std::size_t> find_cycle(const Graph& graph, const std::vector<std::size_t>& component,
                                    std::size_t from) {
  std::unordered_map<std::size_t, std::size_t> came_from;
  std::deque<std::size_t> queue{from};
  while (!queue.empty()) {
    const std::size_t node = queue.front();
    queue.pop_front();
    for (std::size_t target : graph[node]) {
      if (target == from) {
        std::vector<std::size_t> way;
        for (std::size_t step = node; step != from; step = came_from[step]) way.push_back(step);
        way.push_back(from);
        std::reverse(way.begin(), way.end());
        return way;
      }
      if (component[target] != component[from] || !came_from.emplace(target, node).second) continue;
      queue.push_back(target);
    }
  }
  return {};
}

}  // namespace rpcgen
