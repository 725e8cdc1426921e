#!/bin/sh
# Compiles messages, a stub and a skeleton with a handler that is a coroutine:
#
#   clang14.sh PROJECT_ROOT SCRATCH_DIR [COMPILER...]
set -eu

root=$1
work=$2
shift 2
if [ $# -eq 0 ]; then
  echo "skipped: there is no clang++-14; Debian has it in clang-14 (scripts/deps.sh installs it)"
  exit 77
fi
mkdir -p "$work"
for file in generated/rpcgen/arith.rpc.cc generated/rpcgen/arith.service.cc \
    examples/arith/server.cc examples/arith/client.cc; do
  "$@" -std=c++20 -DASIO_HAS_CO_AWAIT -Wall -Wextra -Werror -c "$root/$file" \
    -o "$work/$(basename "$file").o"
done

# Without the definition, which CMake and pkg-config bring, the first error is a sentence.
said=$("$@" -std=c++20 -fsyntax-only -x c++ "$root/generated/rpcgen/arith.service.h" 2>&1 || true)
case $(echo "$said" | grep -m 1 'error:') in
  *"expected g++ 12, or clang 14 with -DASIO_HAS_CO_AWAIT"*) ;;
  *) echo "expected to be told of ASIO_HAS_CO_AWAIT, got: $said"; exit 1 ;;
esac
