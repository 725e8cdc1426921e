// What gRPC's reflection tells of common.rpc.
// Written by rpcgen 0.1.0: do not edit it, change common.rpc instead.
#pragma once

#include "tern/version.h"
#if TERN_CODEGEN_VERSION != 4
#error \
    "common.descriptor.h: rpcgen 0.1.0 wrote this for codegen version 4 of Tern; run the rpcgen of this runtime"
#endif

#include "tern/codegen/file_descriptor.h"

namespace tern::descriptors {

inline constexpr char file_common_bytes[] =
    "\012\014common.proto\022\014tests.common\"#\012\005Point\022\014\012\001x\030\001 \001(\001R"
    "\001x\022\014\012\001y\030\002 \001(\001R\001y\"\036\012\010NotFound\022\022\012\004name\030"
    "\001 \001(\011R\004name*^\012\010Severity\022\022\012\016SEVERITY_DEBUG\020\000\022\021\012"
    "\015SEVERITY_INFO\020\001\022\024\012\020SEVERITY_WARNING\020\002\022\025\012\021SEVERITY_CRI"
    "TICAL\020\012b\006proto3";
inline constexpr FileDescriptor file_common{"common.proto", file_common_bytes};

}  // namespace tern::descriptors
