// Which messages contain which.
#pragma once

#include <cstddef>
#include <vector>

namespace rpcgen {

// edges[a] holds each b that a leads to.
using Graph = std::vector<std::vector<std::size_t>>;

// The strongly connected components: two nodes are in the same one if each leads to the other. A
// component has a lower number than those that lead to it. Takes no stack, however long the paths.
std::vector<std::size_t> components(const Graph& graph);

// The nodes on a shortest way from `from` back to it, `from` first; empty if there is none. Looks
// no further than the node's component.
std::vector<std::size_t> find_cycle(const Graph& graph, const std::vector<std::size_t>& component,
                                    std::size_t from);

}  // namespace rpcgen
