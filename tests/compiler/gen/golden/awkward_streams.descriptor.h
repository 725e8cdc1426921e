// What gRPC's reflection tells of awkward_streams.rpc.
// Written by rpcgen 0.1.0: do not edit it, change awkward_streams.rpc instead.
#pragma once

#include "tern/version.h"
#if TERN_CODEGEN_VERSION != 4
#error \
    "awkward_streams.descriptor.h: rpcgen 0.1.0 wrote this for codegen version 4 of Tern; run the rpcgen of this runtime"
#endif

#include "tern/codegen/file_descriptor.h"

namespace tern::descriptors {

inline constexpr char file_awkward_5fstreams_bytes[] =
    "\012\025awkward_streams.proto\022\014awkward.flow\032\033google/protobuf/empty.proto\032\036g"
    "oogle/protobuf/wrappers.proto\"$\012\006Reader\022\032\012\010position\030\001 \001(\003R\010"
    "position\"$\012\006Writer\022\032\012\010position\030\001 \001(\003R\010position\"\034\012"
    "\014ServerStream\022\014\012\001x\030\001 \001(\003R\001x\"\034\012\014ClientStream\022\014"
    "\012\001x\030\001 \001(\003R\001x\"\032\012\012BidiStream\022\014\012\001x\030\001 \001(\003R"
    "\001x\"$\012\012MethodKind\022\026\012\006kUnary\030\001 \001(\003R\006kUnary\"%\012\011Resum"
    "eOps\022\030\012\007message\030\001 \001(\003R\007message\"\032\012\012ServerCall\022\014\012"
    "\001x\030\001 \001(\003R\001x\"\025\012\005Reply\022\014\012\001x\030\001 \001(\003R\001x\""
    "\036\012\002in\022\030\012\007request\030\001 \001(\003R\007request\"\037\012\003out\022\030"
    "\012\007request\030\001 \001(\003R\007request\"\026\012\006reader\022\014\012\001x\030\001 "
    "\001(\003R\001x\"\026\012\006writer\022\014\012\001x\030\001 \001(\003R\001x2\243\006\012\007"
    "Streams\0226\012\006Reader\022\024.awkward.flow.Reader\032\024.awkward.flow.Writer0\001\0226"
    "\012\006Writer\022\024.awkward.flow.Writer\032\024.awkward.flow.Reader(\001\022H\012\014Serve"
    "rStream\022\032.awkward.flow.ServerStream\032\032.awkward.flow.ServerStream0\001\022H\012\014"
    "ClientStream\022\032.awkward.flow.ClientStream\032\032.awkward.flow.ClientStream(\001\022D"
    "\012\012BidiStream\022\030.awkward.flow.BidiStream\032\030.awkward.flow.BidiStream(\0010\001"
    "\022@\012\012MethodKind\022\030.awkward.flow.MethodKind\032\026.google.protobuf.Empty(\001"
    "\022\077\012\011ResumeOps\022\027.awkward.flow.ResumeOps\032\027.awkward.flow.ResumeOps0\001"
    "\022-\012\002in\022\020.awkward.flow.in\032\021.awkward.flow.out(\0010\001\022,\012\003out"
    "\022\020.awkward.flow.in\032\021.awkward.flow.out0\001\0228\012\006reader\022\024.awkward.flo"
    "w.writer\032\024.awkward.flow.reader(\0010\001\0226\012\006writer\022\024.awkward.flow.writer"
    "\032\024.awkward.flow.reader0\001\022H\012\022open_server_stream\022\026.google.protobuf.Empt"
    "y\032\030.awkward.flow.ServerCall0\001\0222\012\004call\022\023.awkward.flow.Reply\032\023.aw"
    "kward.flow.Reply(\0012\211\001\012\006Locals\022I\012\010argument\022\033.google.protobuf.Int"
    "64Value\032\034.google.protobuf.StringValue(\0010\001\0224\012\006finish\022\023.awkward.flow"
    ".Reply\032\023.awkward.flow.Reply(\001b\006proto3";
inline constexpr FileDescriptor file_awkward_5fstreams{"awkward_streams.proto",
                                                       file_awkward_5fstreams_bytes};

}  // namespace tern::descriptors

namespace awkward::flow {
class StreamsService;
class LocalsService;
}  // namespace awkward::flow

template <>
struct tern::DescriptorOf<awkward::flow::StreamsService> {
  static constexpr const tern::FileDescriptor& kFile = tern::descriptors::file_awkward_5fstreams;
};

template <>
struct tern::DescriptorOf<awkward::flow::LocalsService> {
  static constexpr const tern::FileDescriptor& kFile = tern::descriptors::file_awkward_5fstreams;
};
