#!/bin/sh
# Builds and runs every test:
#
#   scripts/test.sh              as users build it, in build/test
#   scripts/test.sh asan         with the address and undefined behaviour sanitizers, in build/asan
#   scripts/test.sh asan-unit    of these the unit tests alone: those that need no other program
#   scripts/test.sh tsan         with the thread sanitizer, in build/tsan
#
# Installs what is missing (scripts/deps.sh). Fails when a test does.
set -eu
cd "$(dirname "$0")/.."

case ${1-test} in
  test | asan | asan-unit | tsan) preset=${1-test} ;;
  *) sed -n '2,9s/^# \{0,1\}//p' "$0" >&2; exit 2 ;;
esac

scripts/deps.sh test
if command -v ccache >/dev/null; then
  export CMAKE_CXX_COMPILER_LAUNCHER=ccache
fi
cmake --preset "${preset%-unit}"
cmake --build --preset "$preset" --parallel "$(nproc)"
exec ctest --preset "$preset"
