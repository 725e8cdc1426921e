// From the model to what a .proto file declares. docs/codecs.md has the rules.
#pragma once

#include "compiler/gen/proto/file.h"
#include "compiler/sema/model.h"

namespace rpcgen::proto {

File build(const model::File& file);

}  // namespace rpcgen::proto
