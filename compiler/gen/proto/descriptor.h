// What a .proto file declares, as protobuf tells programs: a FileDescriptorProto.
#pragma once

#include <string>

#include "compiler/gen/proto/file.h"

namespace rpcgen::proto {

// The bytes that protoc makes of the file that write() writes, without comments: with the same
// fields, in the same order.
std::string descriptor(const File& file);

}  // namespace rpcgen::proto
