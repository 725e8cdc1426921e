// What gRPC's reflection tells of allowed.rpc.
// Written by rpcgen 0.1.0: do not edit it, change allowed.rpc instead.
#pragma once

#include "tern/version.h"
#if TERN_CODEGEN_VERSION != 4
#error \
    "allowed.descriptor.h: rpcgen 0.1.0 wrote this for codegen version 4 of Tern; run the rpcgen of this runtime"
#endif

#include "tern/codegen/file_descriptor.h"

namespace tern::descriptors {

inline constexpr char file_allowed_bytes[] =
    "\012\015allowed.proto\022\007allowed\032\033google/protobuf/empty.proto\032\036google/protobu"
    "f/wrappers.proto\"\031\012\003Key\022\022\012\004name\030\001 \001(\011R\004name2\311\002\012"
    "\005Vault\0222\012\004Read\022\014.allowed.Key\032\034.google.protobuf.StringValue\022.\012"
    "\006Delete\022\014.allowed.Key\032\026.google.protobuf.Empty\0226\012\004Seal\022\026.google."
    "protobuf.Empty\032\026.google.protobuf.Empty\022%\012\005Audit\022\014.allowed.Key\032\014.al"
    "lowed.Key0\001\022>\012\006Whoami\022\026.google.protobuf.Empty\032\034.google.protobuf.Strin"
    "gValue\022=\012\005Hello\022\026.google.protobuf.Empty\032\034.google.protobuf.StringValueb"
    "\006proto3";
inline constexpr FileDescriptor file_allowed{"allowed.proto", file_allowed_bytes};

}  // namespace tern::descriptors

namespace allowed {
class VaultService;
}  // namespace allowed

template <>
struct tern::DescriptorOf<allowed::VaultService> {
  static constexpr const tern::FileDescriptor& kFile = tern::descriptors::file_allowed;
};
