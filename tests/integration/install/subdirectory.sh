#!/bin/sh
# Makes Tern a part of the consumer, without its compiler, as one who cross-compiles does: with an
# rpcgen from elsewhere. Builds only the generated code, which needs Tern's headers.
#
#   subdirectory.sh TERN_SOURCE_DIR RPCGEN
set -eu

here=$(cd "$(dirname "$0")" && pwd)
work=$SCRATCH/subdirectory
rm -rf "$work"
mkdir -p "$work"
run() {
  "$@" > "$work/log" 2>&1 || { cat "$work/log"; exit 1; }
}

run cmake -S "$here/consumer" -B "$work/build" -G Ninja -DTERN_SOURCE_DIR="$1" \
  -DTERN_BUILD_COMPILER=OFF -DTERN_RPCGEN_EXECUTABLE="$2"
run cmake --build "$work/build" --target greeter_rpc
[ -f "$work/build/libgreeter_rpc.a" ]
# Tern's tests are not part of somebody else's project, nor are its install rules.
run cmake --build "$work/build" --target help
if grep -E 'greeter_test|arith_client' "$work/log"; then exit 1; fi
DESTDIR=$work/installed run cmake --install "$work/build"
[ ! -d "$work/installed" ]
