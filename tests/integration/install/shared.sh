#!/bin/sh
# Builds a shared library that has the installed Tern in it, and runs what uses that library.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
work=$SCRATCH/shared
rm -rf "$work"
mkdir -p "$work"
run() {
  "$@" > "$work/log" 2>&1 || { cat "$work/log"; exit 1; }
}

run cmake -S "$here/shared" -B "$work/build" -DCMAKE_PREFIX_PATH="$SCRATCH/prefix" \
  -DIDL_DIR="$here/consumer/idl"
run cmake --build "$work/build"
"$work/build/linked"
"$work/build/loader" "$work/build/libgreeting.so"
