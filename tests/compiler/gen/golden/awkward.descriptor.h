// What gRPC's reflection tells of awkward.rpc.
// Written by rpcgen 0.1.0: do not edit it, change awkward.rpc instead.
#pragma once

#include "tern/version.h"
#if TERN_CODEGEN_VERSION != 4
#error \
    "awkward.descriptor.h: rpcgen 0.1.0 wrote this for codegen version 4 of Tern; run the rpcgen of this runtime"
#endif

#include <array>

#include "tern/codegen/file_descriptor.h"

#include "common.descriptor.h"

namespace tern::descriptors {

inline constexpr char file_awkward_bytes[] =
    "\012\015awkward.proto\022\021awkward.namespace\032\014common.proto\"J\012\005Point\022\024"
    "\012\005Color\030\001 \001(\005R\005Color\022+\012\006Point_\030\002 \001(\0132\023.tests.com"
    "mon.PointR\006Point_\"\306\003\012\007Members\022.\012\005Color\030\001 \001(\0162\030.awkwar"
    "d.namespace.ColorR\005Color\022.\012\005Point\030\002 \001(\0132\030.awkward.namespace.PointR"
    "\005Point\0220\012\004name\030\003 \001(\0162\027.awkward.namespace.nameH\001R\004name\210"
    "\001\001\022\024\012\005class\030\004 \001(\005R\005class\022 \012\013class_value\030\005 "
    "\001(\005R\013class_value\022\024\012\005value\030\006 \001(\005R\005value\022\024\012\005oth"
    "er\030\007 \001(\005R\005other\022\022\012\004self\030\010 \001(\011R\004self\022\024\012\005"
    "visit\030\011 \001(\011R\005visit\022\020\012\003std\030\012 \001(\005R\003std\022\022\012"
    "\004tern\030\013 \001(\005R\004tern\022\030\012\007options\030\014 \001(\005R\007options\0226"
    "\012\010operator\030\015 \001(\0132\030.awkward.namespace.PointH\000R\010operator\022\022\012"
    "\003new\030\016 \001(\005H\000R\003newB\006\012\004bodyB\007\012\005_name\"\007\012\005Empty"
    "\" \012\010argument\022\024\012\005value\030\001 \001(\005R\005value\"\027\012\007context\022"
    "\014\012\001x\030\001 \001(\005R\001x\"\024\012\004call\022\014\012\001x\030\001 \001(\005R"
    "\001x\">\012\014ColorRequest\022.\012\005value\030\001 \001(\0162\030.awkward.namespace.Color"
    "R\005value\"\077\012\015ColorResponse\022.\012\005value\030\001 \001(\0162\030.awkward.namesp"
    "ace.ColorR\005value\"A\012\015EmptyResponse\0220\012\006values\030\001 \003(\0132\030.awkward"
    ".namespace.EmptyR\006values*)\012\005Color\022\015\012\011COLOR_RED\020\000\022\021\012\015CO"
    "LOR_DEFAULT\020\001*%\012\004name\022\015\012\011NAME_EACH\020\000\022\016\012\012NAME_VALUE"
    "\020\0012\226\003\012\005Calls\022;\012\005Point\022\030.awkward.namespace.Point\032\030.awkw"
    "ard.namespace.Point\022J\012\005Color\022\037.awkward.namespace.ColorRequest\032 .awkward.nam"
    "espace.ColorResponse\022A\012\006delete\022\033.awkward.namespace.argument\032\032.awkward.na"
    "mespace.context\022>\012\007options\022\032.awkward.namespace.context\032\027.awkward.namespa"
    "ce.call\022<\012\004call\022\027.awkward.namespace.call\032\033.awkward.namespace.argument"
    "\022C\012\005Empty\022\030.awkward.namespace.Empty\032 .awkward.namespace.EmptyResponseb\006p"
    "roto3";
inline constexpr std::array<const FileDescriptor*, 1> file_awkward_imports{&file_common};
inline constexpr FileDescriptor file_awkward{"awkward.proto", file_awkward_bytes,
                                             file_awkward_imports};

}  // namespace tern::descriptors

namespace awkward::namespace_ {
class CallsService;
}  // namespace awkward::namespace_

template <>
struct tern::DescriptorOf<awkward::namespace_::CallsService> {
  static constexpr const tern::FileDescriptor& kFile = tern::descriptors::file_awkward;
};
