#!/bin/sh
# Builds a program with the parts that have targets of their own: all of them, each alone, and with
# pkg-config.
#
#   parts.sh LIBDIR PART...
set -eu

here=$(cd "$(dirname "$0")" && pwd)
work=$SCRATCH/parts
rm -rf "$work"
mkdir -p "$work"
export PKG_CONFIG_PATH="$SCRATCH/prefix/$1/pkgconfig"
shift

# with_cmake COMPONENTS
with_cmake() {
  build=$work/$(echo "$1" | tr ';' '_')
  cmake -S "$here/parts" -B "$build" -DCMAKE_PREFIX_PATH="$SCRATCH/prefix" \
    -DTERN_COMPONENTS="$1" > "$work/log" 2>&1 && cmake --build "$build" >> "$work/log" 2>&1 ||
    { cat "$work/log"; exit 1; }
  "$build/parts"
}

with_cmake "$(echo "$*" | tr ' ' ';')"
packages=
defines=
for part in "$@"; do
  [ $# -eq 1 ] || with_cmake "$part"
  packages="$packages tern-$part"
  defines="$defines -DWITH_$part"
done

if command -v pkg-config > /dev/null; then
  # Words on purpose: flags.
  ${CMAKE_CXX_COMPILER_LAUNCHER:-} "$CXX" -std=c++20 $CXXFLAGS $defines \
    $(pkg-config --cflags $packages) "$here/parts/main.cc" \
    $(pkg-config --libs $packages) -o "$work/with_pkg_config"
  "$work/with_pkg_config"
fi
