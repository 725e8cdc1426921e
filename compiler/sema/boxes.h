// Which fields stand in a box, so that a struct that leads back to itself has a size.
#pragma once

#include <vector>

#include "compiler/sema/definition_order.h"
#include "compiler/sema/program.h"

namespace rpcgen {

// Those of the messages of `unit`, in the order of their declaration. `cycles`: of its containment.
std::vector<const ast::Field*> fields_in_boxes(const Program& program, const Unit& unit,
                                               const Cycles& cycles);

}  // namespace rpcgen
