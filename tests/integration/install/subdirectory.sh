#!/bin/sh
# Makes Tern a part of the consumer, without its compiler, as one who cross-compiles does: with an
# rpcgen from elsewhere. Compiles the generated code, which needs Tern's headers, and not all of
# Tern once more.
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
objects=CMakeFiles/greeter_rpc.dir/generated/greeter_rpc
run cmake --build "$work/build" --target $objects/greeter.rpc.cc.o $objects/greeter.service.cc.o
[ -f "$work/build/$objects/greeter.service.cc.o" ]
# Tern's tests are not part of somebody else's project, nor are its install rules.
run cmake --build "$work/build" --target help
if grep -E 'native_test|arith_server' "$work/log"; then exit 1; fi
DESTDIR=$work/installed run cmake --install "$work/build"
[ ! -d "$work/installed" ]
