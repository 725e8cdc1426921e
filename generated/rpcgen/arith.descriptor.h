// What gRPC's reflection tells of arith.rpc.
// Written by rpcgen 0.1.0: do not edit it, change arith.rpc instead.
#pragma once

#include "tern/version.h"
#if TERN_CODEGEN_VERSION != 4
#error \
    "arith.descriptor.h: rpcgen 0.1.0 wrote this for codegen version 4 of Tern; run the rpcgen of this runtime"
#endif

#include "tern/codegen/file_descriptor.h"

namespace tern::descriptors {

inline constexpr char file_arith_bytes[] =
    "\012\013arith.proto\022\005arith\032\036google/protobuf/duration.proto\032\033google/protobuf"
    "/empty.proto\032\036google/protobuf/wrappers.proto\"\"\012\004Args\022\014\012\001A\030\001 "
    "\001(\003R\001A\022\014\012\001B\030\002 \001(\003R\001B\".\012\010Quotient\022\020\012\003Qu"
    "o\030\001 \001(\003R\003Quo\022\020\012\003Rem\030\002 \001(\003R\003Rem\"*\012\014DivideByZe"
    "ro\022\032\012\010dividend\030\001 \001(\003R\010dividend2\246\001\012\005Arith\0229\012\010M"
    "ultiply\022\013.arith.Args\032\033.google.protobuf.Int64Value\"\003\220\002\002\022&\012\006D"
    "ivide\022\013.arith.Args\032\017.arith.Quotient\022:\012\005Sleep\022\031.google.protobuf.Dur"
    "ation\032\026.google.protobuf.Emptyb\006proto3";
inline constexpr FileDescriptor file_arith{"arith.proto", file_arith_bytes};

}  // namespace tern::descriptors

namespace arith {
class ArithService;
}  // namespace arith

template <>
struct tern::DescriptorOf<arith::ArithService> {
  static constexpr const tern::FileDescriptor& kFile = tern::descriptors::file_arith;
};
