// What gRPC's reflection tells of grpc_services/idl/file_descriptor.rpc.
// Written by rpcgen 0.1.0: do not edit it, change grpc_services/idl/file_descriptor.rpc instead.
#pragma once

#include "tern/version.h"
#if TERN_CODEGEN_VERSION != 4
#error \
    "grpc_services/idl/file_descriptor.descriptor.h: rpcgen 0.1.0 wrote this for codegen version 4 of Tern; run the rpcgen of this runtime"
#endif

#include "tern/codegen/file_descriptor.h"

namespace tern::descriptors {

inline constexpr char file_grpc_5fservices_2fidl_2ffile_5fdescriptor_bytes[] =
    "\012'grpc_services/idl/file_descriptor.proto\022\011tern_grpc\"'\012\021FileDescriptorSet\022"
    "\022\012\004file\030\001 \003(\014R\004file\" \012\012NamedProto\022\022\012\004name\030\001 "
    "\001(\011R\004name\"V\012\023EnumDescriptorProto\022\022\012\004name\030\001 \001(\011R\004na"
    "me\022+\012\005value\030\002 \003(\0132\025.tern_grpc.NamedProtoR\005value\"\205\002\012\017D"
    "escriptorProto\022\022\012\004name\030\001 \001(\011R\004name\022+\012\005field\030\002 \003("
    "\0132\025.tern_grpc.NamedProtoR\005field\022<\012\013nested_type\030\003 \003(\0132\032.tern_"
    "grpc.DescriptorProtoR\013nested_type\022<\012\011enum_type\030\004 \003(\0132\036.tern_grpc.E"
    "numDescriptorProtoR\011enum_type\0225\012\012oneof_decl\030\010 \003(\0132\025.tern_grpc.Name"
    "dProtoR\012oneof_decl\"[\012\026ServiceDescriptorProto\022\022\012\004name\030\001 \001(\011R"
    "\004name\022-\012\006method\030\002 \003(\0132\025.tern_grpc.NamedProtoR\006method\"\236\002"
    "\012\023FileDescriptorProto\022\022\012\004name\030\001 \001(\011R\004name\022\030\012\007pac"
    "kage\030\002 \001(\011R\007package\022\036\012\012dependency\030\003 \003(\011R\012dependency"
    "\022>\012\014message_type\030\004 \003(\0132\032.tern_grpc.DescriptorProtoR\014message_type"
    "\022<\012\011enum_type\030\005 \003(\0132\036.tern_grpc.EnumDescriptorProtoR\011enum_type\022"
    ";\012\007service\030\006 \003(\0132!.tern_grpc.ServiceDescriptorProtoR\007serviceb\006proto3";
inline constexpr FileDescriptor file_grpc_5fservices_2fidl_2ffile_5fdescriptor{
    "grpc_services/idl/file_descriptor.proto",
    file_grpc_5fservices_2fidl_2ffile_5fdescriptor_bytes};

}  // namespace tern::descriptors
