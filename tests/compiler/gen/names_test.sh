#!/bin/sh
# Compiles what rpcgen makes of names that are taken in C++, with all warnings:
#
#   names_test.sh list|macros RPCGEN COMPILER SCRATCH_DIR INCLUDE_DIR...
#
# list     the names in names/*.rpc, and packages called like functions of the C library
# macros   every macro that this compiler has where generated code and the C library are included
#
# All sources in one translation unit, and for the list all headers in another, in C++20 and in GNU's
# C++20; for the macros in the latter alone, which has more of them.
set -eu

root=$(cd "$(dirname "$0")" && pwd)
what=$1
rpcgen=$2
compiler=$3
scratch=$4
shift 4
flags="-Wall -Wextra -Werror -fsyntax-only -DASIO_STANDALONE -DASIO_NO_DEPRECATED"
for directory in "$@"; do flags="$flags -I$directory"; done

rm -rf "$scratch"
mkdir -p "$scratch/idl" "$scratch/out"

# What a user may include before our headers.
cat > "$scratch/c_library.h" <<'END'
#include <assert.h>
#include <ctype.h>
#include <errno.h>
#include <fenv.h>
#include <float.h>
#include <inttypes.h>
#include <limits.h>
#include <locale.h>
#include <math.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <time.h>
#include <unistd.h>
#include <wchar.h>
END

packages="time log index signal stat system select link sync clock div remove read send connect
  socket bind exit free abs round y1 tern std asio fmt a.tern a.std.b tern.x linux.unix errno NULL
  time.time.time"

list() {
  cp "$root"/names/*.rpc "$scratch/idl"
  for package in $packages; do
    printf 'package %s;\nstruct A { list<int32> all = 1; }\nservice S { F(A) -> list<int32>; }\n' \
      "$package" > "$scratch/idl/$package.rpc"
  done
}

# As members of enums, members of structs, and methods, and packages.
macros() {
  printf 'package empty; service S { F(); }\n' > "$scratch/idl/empty.rpc"
  "$rpcgen" --out "$scratch/out" "$scratch/idl/empty.rpc"
  for standard in c++20 gnu++20; do
    echo '#include "c_library.h"
#include "empty.service.h"' |
      "$compiler" -std=$standard -dM -E -x c++ $flags "-I$scratch" "-I$scratch/out" -
  done | sed -n 's/^#define \([A-Za-z][A-Za-z0-9_]*\).*/\1/p' | grep -v __ | sort -u \
    > "$scratch/macros.txt"
  test "$(wc -l < "$scratch/macros.txt")" -gt 500
  {
    echo 'package macros; enum E {'
    awk '{ print "  " $1 " = " NR - 1 ";" }' "$scratch/macros.txt"
    echo '}'
    awk 'NR % 100 == 1 { print (NR > 1 ? "}\n" : "") "struct S" NR " {" }
         { print "  int32 " $1 " = " (NR - 1) % 100 + 1 ";" } END { print "}" }' \
      "$scratch/macros.txt"
    echo 'service S {'
    awk '{ print "  " $1 "();" }' "$scratch/macros.txt"
    echo '}'
  } > "$scratch/idl/macros.rpc"
}

$what
"$rpcgen" --out "$scratch/out" "$scratch"/idl/*.rpc
{
  echo '#include "c_library.h"'
  (cd "$scratch/out" && ls ./*.h) | sed 's/.*/#include "&"/'
  echo 'int main() {}'
} > "$scratch/headers.cc"
(cd "$scratch/out" && ls ./*.cc) | sed 's/.*/#include "&"/' > "$scratch/unity.cc"
files="headers unity"
standards="c++20 gnu++20"
if [ "$what" = macros ]; then
  files=unity
  standards=gnu++20
fi
for standard in $standards; do
  for file in $files; do
    # Words of $flags are flags.
    "$compiler" -std=$standard $flags "-I$scratch" "-I$scratch/out" "$scratch/$file.cc"
  done
done
