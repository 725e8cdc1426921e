// "arith.descriptor.h": what gRPC's reflection tells of a file.
#pragma once

#include <string>

#include "compiler/sema/model.h"

namespace rpcgen::cpp {

// "sub/arith.descriptor.h".
std::string descriptor_header(const model::File& file);

// Its text. All of it is inline constants: who does not include it has nothing of it in a program.
std::string descriptor_text(const model::File& file);

}  // namespace rpcgen::cpp
