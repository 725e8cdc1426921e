#!/bin/sh
# Regenerates all that rpcgen has written and compares it with what is checked in.
#
#   regenerated_test.sh RPCGEN SCRATCH_DIR
set -eu

root=$(cd "$(dirname "$0")/../../.." && pwd)
rm -rf "$2"
mkdir -p "$2"
"$root/scripts/regenerate.sh" --rpc --rpcgen "$1" --out "$2"
if ! diff -ru "$root/generated/rpcgen" "$2/rpcgen" ||
   ! diff -ru "$root/generated/grpc_services/idl" "$2/grpc_services/idl" ||
   ! diff -ru "$root/tests/compiler/gen/golden" "$2/golden"; then
  echo "rpcgen's output is not what is checked in; run scripts/regenerate.sh --rpc" >&2
  exit 1
fi
