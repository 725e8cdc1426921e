#!/bin/sh
# Makes everything in generated/ anew from its sources, and the expected output of rpcgen's tests:
#
#   scripts/regenerate.sh [--parser | --rpc | --published] [--out DIR] [--rpcgen PROGRAM]
#
# --parser     ANTLR's C++ for idl/Rpc.g4 only (needs antlr4 and Java)
# --rpc        rpcgen's C++ for the .rpc files only
# --published  the descriptors of published .proto files only (needs protoc)
# --out        writes below DIR instead of generated/, and what the tests expect to DIR/golden, for
#              a comparison
# --rpcgen     the compiler to use; by default the one in build/
set -eu

root=$(cd "$(dirname "$0")/.." && pwd)
out=$root/generated
golden=$root/tests/compiler/gen/golden
rpcgen=$root/build/compiler/rpcgen
parser=yes
rpc=yes
published=yes

while [ $# -gt 0 ]; do
  case $1 in
    --parser) rpc=no; published=no ;;
    --rpc) parser=no; published=no ;;
    --published) parser=no; rpc=no ;;
    --out) out=$2; golden=$2/golden; shift ;;
    --rpcgen) rpcgen=$2; shift ;;
    *) sed -n '2,11s/^# \{0,1\}//p' "$0" >&2; exit 2 ;;
  esac
  shift
done

regenerate_parser() {
  mkdir -p "$out/parser"
  # Run beside the grammar: the tool writes the path it is given into what it generates.
  (cd "$root/idl" && antlr4 -Dlanguage=Cpp -package rpcgen::antlr -no-listener -no-visitor \
    -Xexact-output-dir -o "$out/parser" Rpc.g4)
  # Tables for other tools; nothing here reads them.
  rm -f "$out"/parser/*.interp "$out"/parser/*.tokens
}

# generate OUT FILE...: what is left of files that are no more goes away.
generate() {
  into=$1
  shift
  rm -rf "$into"
  "$rpcgen" --out "$into" -I "$root/idl" -I "$root/tests/idl" -I "$root/tests/compiler/gen/idl" "$@"
}

regenerate_rpc() {
  if [ ! -x "$rpcgen" ]; then
    echo "regenerate.sh: there is no rpcgen at $rpcgen; build it, or say --rpcgen PROGRAM" >&2
    exit 1
  fi
  generate "$out/rpcgen" "$root"/idl/*.rpc
  rm -rf "$out/grpc_services/idl"
  "$rpcgen" --out "$out" -I "$root/runtime/src" "$root"/runtime/src/grpc_services/idl/*.rpc
  generate "$golden" "$root"/tests/idl/*.rpc "$root"/tests/compiler/gen/idl/*.rpc
  "$rpcgen" proto --out "$golden" -I "$root/tests/idl" -I "$root/tests/compiler/gen/idl" \
    "$root"/tests/idl/*.rpc "$root"/tests/compiler/gen/idl/*.rpc
}

# What protoc says of the services of gRPC's that the runtime brings, and of google's files that a
# .proto file of rpcgen's can import: a FileDescriptorSet.
regenerate_published() {
  mkdir -p "$out/grpc_services"
  (
    cd "$root/runtime/src/grpc_services/published"
    echo "// The descriptors of published .proto files: a google.protobuf.FileDescriptorSet."
    echo "// Written by protoc and scripts/regenerate.sh: do not edit it."
    echo "#pragma once"
    echo
    echo "namespace tern::grpc_services {"
    echo
    echo "inline constexpr unsigned char kPublishedFiles[] = {"
    protoc --proto_path=. --descriptor_set_out=/dev/stdout google/protobuf/duration.proto \
      google/protobuf/empty.proto google/protobuf/timestamp.proto google/protobuf/wrappers.proto \
      grpc/health/v1/health.proto grpc/reflection/v1/reflection.proto \
      grpc/reflection/v1alpha/reflection.proto |
      od -An -v -tu1 -w16 | sed 's/ *\([0-9]\{1,\}\)/ \1,/g; s/^/   /'
    echo "};"
    echo
    echo "}  // namespace tern::grpc_services"
  ) > "$out/grpc_services/published_files.h"
}

if [ $parser = yes ]; then regenerate_parser; fi
if [ $rpc = yes ]; then regenerate_rpc; fi
if [ $published = yes ]; then regenerate_published; fi
