#!/bin/sh
# Makes everything in generated/ anew from its sources, and the expected output of rpcgen's tests:
#
#   scripts/regenerate.sh [--parser | --rpc] [--out DIR] [--rpcgen PROGRAM]
#
# --parser   ANTLR's C++ for idl/Rpc.g4 only (needs antlr4 and Java)
# --rpc      rpcgen's C++ for the .rpc files only
# --out      writes below DIR instead of generated/, and what the tests expect to DIR/golden, for
#            a comparison
# --rpcgen   the compiler to use; by default the one in build/
set -eu

root=$(cd "$(dirname "$0")/.." && pwd)
out=$root/generated
golden=$root/tests/compiler/gen/golden
rpcgen=$root/build/compiler/rpcgen
parser=yes
rpc=yes

while [ $# -gt 0 ]; do
  case $1 in
    --parser) rpc=no ;;
    --rpc) parser=no ;;
    --out) out=$2; golden=$2/golden; shift ;;
    --rpcgen) rpcgen=$2; shift ;;
    *) sed -n '2,10s/^# \{0,1\}//p' "$0" >&2; exit 2 ;;
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
  generate "$golden" "$root"/tests/idl/*.rpc "$root"/tests/compiler/gen/idl/*.rpc
  "$rpcgen" proto --out "$golden" -I "$root/tests/idl" -I "$root/tests/compiler/gen/idl" \
    "$root"/tests/idl/*.rpc "$root"/tests/compiler/gen/idl/*.rpc
}

if [ $parser = yes ]; then regenerate_parser; fi
if [ $rpc = yes ]; then regenerate_rpc; fi
