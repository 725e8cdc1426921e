// What gRPC's reflection tells of streams.rpc.
// Written by rpcgen 0.1.0: do not edit it, change streams.rpc instead.
#pragma once

#include "tern/version.h"
#if TERN_CODEGEN_VERSION != 4
#error \
    "streams.descriptor.h: rpcgen 0.1.0 wrote this for codegen version 4 of Tern; run the rpcgen of this runtime"
#endif

#include <array>

#include "tern/codegen/file_descriptor.h"

#include "common.descriptor.h"

// Users of what is deprecated here are warned; this file is not.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"

namespace tern::descriptors {

inline constexpr char file_streams_bytes[] =
    "\012\015streams.proto\022\015tests.streams\032\014common.proto\032\036google/protobuf/duratio"
    "n.proto\032\033google/protobuf/empty.proto\032\037google/protobuf/timestamp.proto\032\036goog"
    "le/protobuf/wrappers.proto\"<\012\014WatchRequest\022\020\012\003key\030\001 \001(\011R\003ke"
    "y\022\032\012\010revision\030\002 \001(\003R\010revision\"G\012\006Change\022\020\012\003key"
    "\030\001 \001(\011R\003key\022\024\012\005value\030\002 \001(\011R\005value\022\025\012\010re"
    "vision\030\003 \001(\003R\003rev\"\035\012\005Entry\022\024\012\005class\030\001 \001(\003R"
    "\005class\"%\012\007Summary\022\032\012\010messages\030\001 \001(\003R\010messages\"\030\012"
    "\004Gone\022\020\012\003key\030\001 \001(\011R\003key\"\006\012\004Full\";\012\015ColorsReque"
    "st\022*\012\005value\030\001 \001(\0162\024.tests.streams.ColorR\005value\"<\012\016ColorsRes"
    "ponse\022*\012\005value\030\001 \001(\0162\024.tests.streams.ColorR\005value\"&\012\014TextsR"
    "equest\022\026\012\006values\030\001 \003(\011R\006values\"'\012\015TextsResponse\022\026\012"
    "\006values\030\001 \003(\011R\006values\"\214\001\012\015TablesRequest\022@\012\006values\030"
    "\001 \003(\0132(.tests.streams.TablesRequest.ValuesEntryR\006values\0329\012\013ValuesEntry"
    "\022\020\012\003key\030\001 \001(\011R\003key\022\024\012\005value\030\002 \001(\005R\005valu"
    "e:\0028\001\"\366\001\012\016TablesResponse\022A\012\006values\030\001 \003(\0132).tests.stre"
    "ams.TablesResponse.ValuesEntryR\006values\032<\012\012ValuesList\022.\012\006values\030\001 "
    "\003(\0162\026.tests.common.SeverityR\006values\032c\012\013ValuesEntry\022\020\012\003key"
    "\030\001 \001(\011R\003key\022>\012\005value\030\002 \001(\0132(.tests.streams.TablesResponse"
    ".ValuesListR\005value:\0028\001*\026\012\005Color\022\015\012\011COLOR_RED\020\0002\345\003"
    "\012\005Store\022B\012\005Watch\022\033.tests.streams.WatchRequest\032\025.tests.streams.Chan"
    "ge\"\003\220\002\0020\001\0229\012\006Upload\022\025.tests.streams.Change\032\026.tests.strea"
    "ms.Summary(\001\0229\012\004Chat\022\025.tests.streams.Change\032\026.tests.streams.Summary("
    "\0010\001\022:\012\003Get\022\034.google.protobuf.StringValue\032\025.tests.streams.Change"
    "\0226\012\003All\022\026.google.protobuf.Empty\032\025.tests.streams.Change0\001\022>\012\004"
    "Drop\022\034.google.protobuf.StringValue\032\026.google.protobuf.Empty(\001\0223\012\003Log"
    "\022\024.tests.streams.Entry\032\024.tests.streams.Entry0\001\0229\012\004Both\022\023.tests."
    "common.Point\032\023.tests.common.Point\"\003\210\002\001(\0010\0012\365\003\012\007Scalars"
    "\022C\012\005Count\022\033.google.protobuf.Int64Value\032\033.google.protobuf.Int64Value0\001"
    "\022C\012\003Sum\022\034.google.protobuf.DoubleValue\032\034.google.protobuf.DoubleValue(\001"
    "\022I\012\006Colors\022\034.tests.streams.ColorsRequest\032\035.tests.streams.ColorsResponse("
    "\0010\001\022D\012\005Texts\022\033.tests.streams.TextsRequest\032\034.tests.streams.TextsRes"
    "ponse0\001\022G\012\006Tables\022\034.tests.streams.TablesRequest\032\035.tests.streams.Table"
    "sResponse0\001\022B\012\005Blobs\022\033.google.protobuf.BytesValue\032\032.google.protobuf.T"
    "imestamp(\001\022B\012\005Times\022\032.google.protobuf.Timestamp\032\031.google.protobuf.Dur"
    "ation(\0010\001b\006proto3";
inline constexpr std::array<const FileDescriptor*, 1> file_streams_imports{&file_common};
inline constexpr FileDescriptor file_streams{"streams.proto", file_streams_bytes,
                                             file_streams_imports};

}  // namespace tern::descriptors

namespace tests::streams {
class StoreService;
class ScalarsService;
}  // namespace tests::streams

template <>
struct tern::DescriptorOf<tests::streams::StoreService> {
  static constexpr const tern::FileDescriptor& kFile = tern::descriptors::file_streams;
};

template <>
struct tern::DescriptorOf<tests::streams::ScalarsService> {
  static constexpr const tern::FileDescriptor& kFile = tern::descriptors::file_streams;
};

#pragma GCC diagnostic pop
