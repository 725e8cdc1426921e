// In which order the messages of a file are defined in C++.
#pragma once

#include <cstddef>
#include <vector>

#include "compiler/sema/containment.h"

namespace rpcgen {

// The components of a Containment's graphs.
struct Cycles {
  std::vector<std::size_t> any;
  std::vector<std::size_t> in_place;
  std::vector<std::size_t> in_unions;
};

Cycles cycles_of(const Containment& containment);

// What is used comes first, and otherwise what is declared first. Inside a cycle only what must
// be complete counts: values, and optionals and members of unions that are not boxed.
std::vector<std::size_t> definition_order(const Containment& containment, const Cycles& cycles);

}  // namespace rpcgen
