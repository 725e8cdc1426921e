// What gRPC's reflection tells of recursion.rpc.
// Written by rpcgen 0.1.0: do not edit it, change recursion.rpc instead.
#pragma once

#include "tern/version.h"
#if TERN_CODEGEN_VERSION != 4
#error \
    "recursion.descriptor.h: rpcgen 0.1.0 wrote this for codegen version 4 of Tern; run the rpcgen of this runtime"
#endif

#include "tern/codegen/file_descriptor.h"

namespace tern::descriptors {

inline constexpr char file_recursion_bytes[] =
    "\012\017recursion.proto\022\011recursion\032\036google/protobuf/wrappers.proto\"\214\003\012"
    "\004Tree\022\024\012\005label\030\001 \001(\011R\005label\022+\012\010children\030\002 \003("
    "\0132\017.recursion.TreeR\010children\0220\012\005named\030\003 \003(\0132\032.recursion.Tree"
    ".NamedEntryR\005named\022,\012\006parent\030\004 \001(\0132\017.recursion.TreeH\001R\006paren"
    "t\210\001\001\0224\012\006forest\030\005 \001(\0132\032.recursion.Tree.ForestListH\000R\006fo"
    "rest\022\026\012\005count\030\006 \001(\005H\000R\005count\0325\012\012ForestList\022'\012"
    "\006values\030\001 \003(\0132\017.recursion.TreeR\006values\032I\012\012NamedEntry\022\020"
    "\012\003key\030\001 \001(\011R\003key\022%\012\005value\030\002 \001(\0132\017.recursion.Tree"
    "R\005value:\0028\001B\006\012\004restB\011\012\007_parent\"O\012\005Chain\022\022\012\004link"
    "\030\001 \001(\005R\004link\022)\012\004next\030\002 \001(\0132\020.recursion.ChainH\000R\004"
    "next\210\001\001B\007\012\005_next\"\363\002\012\006Folder\022%\012\005files\030\001 \003("
    "\0132\017.recursion.FileR\005files\0227\012\007by_name\030\002 \003(\0132\035.recursion.Folde"
    "r.ByNameEntryR\007by_name\022*\012\005first\030\003 \001(\0132\017.recursion.FileH\001R\005fi"
    "rst\210\001\001\0220\012\004many\030\004 \001(\0132\032.recursion.Folder.ManyListH\000R\004ma"
    "ny\022\026\012\005other\030\005 \001(\005H\000R\005other\0323\012\010ManyList\022'\012\006val"
    "ues\030\001 \003(\0132\017.recursion.FileR\006values\032J\012\013ByNameEntry\022\020\012\003k"
    "ey\030\001 \001(\011R\003key\022%\012\005value\030\002 \001(\0132\017.recursion.FileR\005valu"
    "e:\0028\001B\010\012\006eitherB\010\012\006_first\"\200\001\012\004File\022\022\012\004name"
    "\030\001 \001(\011R\004name\022)\012\006folder\030\002 \001(\0132\021.recursion.FolderR\006fo"
    "lder\022.\012\006backup\030\003 \001(\0132\021.recursion.FolderH\000R\006backup\210\001\001B"
    "\011\012\007_backup\"2\012\003Sum\022+\012\005terms\030\001 \003(\0132\025.recursion.Expressi"
    "onR\005terms\"L\012\010Negation\0224\012\007operand\030\001 \001(\0132\025.recursion.Expressi"
    "onH\000R\007operand\210\001\001B\012\012\010_operand\"\205\001\012\012Expression\022\030\012"
    "\006number\030\001 \001(\001H\000R\006number\022\"\012\003sum\030\002 \001(\0132\016.recursio"
    "n.SumH\000R\003sum\0221\012\010negation\030\003 \001(\0132\023.recursion.NegationH\000R\010ne"
    "gationB\006\012\004node\"\365\001\012\004Term\022+\012\007negated\030\001 \001(\0132\017.recu"
    "rsion.TermH\000R\007negated\022\032\012\007literal\030\002 \001(\003H\000R\007literal\022#"
    "\012\003sum\030\003 \001(\0132\017.recursion.PairH\000R\003sum\022.\012\004call\030\004 \001("
    "\0132\030.recursion.Term.CallListH\000R\004call\022\022\012\004note\030\005 \001(\011R\004not"
    "e\0323\012\010CallList\022'\012\006values\030\001 \003(\0132\017.recursion.TermR\006valuesB"
    "\006\012\004kind\"R\012\004Pair\022#\012\004left\030\001 \001(\0132\017.recursion.TermR\004le"
    "ft\022%\012\005right\030\002 \001(\0132\017.recursion.TermR\005right\"\301\001\012\004Path"
    "\022\022\012\004step\030\001 \001(\011R\004step\022(\012\004next\030\002 \001(\0132\017.recur"
    "sion.PathH\001R\004next\210\001\001\022%\012\004left\030\003 \001(\0132\017.recursion.PathH"
    "\000R\004left\022\030\012\006number\030\004 \001(\005H\000R\006number\022'\012\006others\030"
    "\005 \003(\0132\017.recursion.PathR\006othersB\010\012\006eitherB\007\012\005_next\"z\012\007"
    "Relayed\022\016\012\002id\030\001 \001(\005R\002id\022-\012\005inner\030\002 \001(\0132\022.r"
    "ecursion.RelayedH\000R\005inner\210\001\001\022&\012\004more\030\003 \003(\0132\022.recursion"
    ".RelayedR\004moreB\010\012\006_inner\"\224\002\012\005Newer\022\016\012\002id\030\001 \001("
    "\005R\002id\022+\012\005inner\030\002 \001(\0132\020.recursion.NewerH\000R\005inner\210\001"
    "\001\022$\012\004more\030\003 \003(\0132\020.recursion.NewerR\004more\022\022\012\004note\030"
    "\004 \001(\011R\004note\0224\012\006counts\030\005 \003(\0132\034.recursion.Newer.CountsEntry"
    "R\006counts\022\031\012\007numbers\030\330\004 \003(\001R\007numbers\0329\012\013CountsEntry"
    "\022\020\012\003key\030\001 \001(\011R\003key\022\024\012\005value\030\002 \001(\003R\005valu"
    "e:\0028\001B\010\012\006_inner2M\012\012Calculator\022\077\012\010Evaluate\022\025.recursion."
    "Expression\032\034.google.protobuf.DoubleValueb\006proto3";
inline constexpr FileDescriptor file_recursion{"recursion.proto", file_recursion_bytes};

}  // namespace tern::descriptors

namespace recursion {
class CalculatorService;
}  // namespace recursion

template <>
struct tern::DescriptorOf<recursion::CalculatorService> {
  static constexpr const tern::FileDescriptor& kFile = tern::descriptors::file_recursion;
};
