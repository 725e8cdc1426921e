// The text of a .proto file.
#pragma once

#include "compiler/gen/generate.h"
#include "compiler/gen/proto/file.h"

namespace rpcgen::proto {

// Its path is that of the .rpc file, with another end.
OutputFile write(const File& file);

}  // namespace rpcgen::proto
