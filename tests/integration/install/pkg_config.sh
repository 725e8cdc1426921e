#!/bin/sh
# Builds the consumer with nothing but pkg-config, rpcgen and the compiler.
#
#   pkg_config.sh LIBDIR
set -eu

here=$(cd "$(dirname "$0")" && pwd)
work=$SCRATCH/pkg_config
rm -rf "$work"
mkdir -p "$work"
export PKG_CONFIG_PATH="$SCRATCH/prefix/$1/pkgconfig"

"$(pkg-config --variable=rpcgen tern)" --out "$work" -I "$here/consumer/idl" \
  "$here"/consumer/idl/*.rpc
# Words on purpose: flags.
${CMAKE_CXX_COMPILER_LAUNCHER:-} "$CXX" -std=c++20 $CXXFLAGS -I"$work" $(pkg-config --cflags tern) \
  "$here"/consumer/*.cc "$work"/*.cc $(pkg-config --libs tern) -o "$work/consumer"
"$work/consumer"
