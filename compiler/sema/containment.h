// Which messages of a file contain which, and how.
#pragma once

#include <cstddef>
#include <unordered_map>
#include <vector>

#include "compiler/sema/graph.h"
#include "compiler/sema/program.h"

namespace rpcgen {

// Files import each other in no cycle, so what contains itself does so within one file. A node is
// an index into the file's messages.
struct Containment {
  Graph by_value;   // as a field that is neither optional nor in a union
  Graph in_unions;  // by value, or as a member of a union
  Graph in_place;   // that, or as an optional: without a heap, its size would be part of ours
  Graph any;        // in lists and maps, too
};

Containment containment_of(const Program& program, const Unit& unit);

// The message that the field holds itself, not in a list or map; null if it holds none, or one of
// another file.
const ast::Message* held_message(const Program& program, const Unit& unit, const ast::Field& field);

}  // namespace rpcgen
