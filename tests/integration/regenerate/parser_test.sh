#!/bin/sh
# Lets ANTLR write the parser anew and compares it with what is checked in.
#
#   parser_test.sh SCRATCH_DIR
set -eu

root=$(cd "$(dirname "$0")/../../.." && pwd)
rm -rf "$1"
mkdir -p "$1"
"$root/scripts/regenerate.sh" --parser --out "$1"
if ! diff -ru --exclude CMakeLists.txt "$root/generated/parser" "$1/parser"; then
  echo "ANTLR's output is not what is checked in; run scripts/regenerate.sh --parser" >&2
  exit 1
fi
