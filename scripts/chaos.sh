#!/bin/sh
# Runs servers, clients and a registry in network namespaces, lets faults of the kernel and of
# processes befall them (tests/chaos), and prints what became of the calls:
#
#   scripts/chaos.sh [--minutes M] [--seed N] [ARGUMENT...]
#
# Any seed, at first; it is printed. Further arguments are those of tests/chaos/chaos.cc: --steps
# prints every fault. Needs root, or namespaces of users; where it cannot have them it says so and
# ends with 77. Ends with 1 if a promise was broken.
set -eu
cd "$(dirname "$0")/.."

minutes=8
while [ $# -gt 0 ]; do
  case $1 in
    --minutes)
      [ $# -ge 2 ] || { sed -n '2,9s/^# \{0,1\}//p' "$0" >&2; exit 2; }
      minutes=$2
      shift 2
      ;;
    *) break ;;
  esac
done

scripts/deps.sh test
if command -v ccache >/dev/null; then
  export CMAKE_CXX_COMPILER_LAUNCHER=ccache
fi
cmake --preset test >/dev/null
cmake --build --preset test --target chaos --parallel "$(nproc)"
exec build/test/tests/chaos/chaos --seconds $((minutes * 60)) --drills long "$@"
