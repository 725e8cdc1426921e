// A checked program to the model.
#pragma once

#include "compiler/sema/model.h"
#include "compiler/sema/program.h"

namespace rpcgen {

// The program has passed every rule: nothing here can go wrong any more.
model::Schema build(const Program& program);

}  // namespace rpcgen
