#!/bin/sh
# Builds examples/arith, starts its server, and lets its client call it in every way. Installs what
# is missing (scripts/deps.sh).
set -eu
cd "$(dirname "$0")/.."

scripts/deps.sh
if command -v ccache >/dev/null; then
  export CMAKE_CXX_COMPILER_LAUNCHER=ccache
fi

log=$(mktemp)
trap 'rm -f "$log"' EXIT

# Quiet unless it fails.
quietly() {
  "$@" >"$log" 2>&1 || { tail -n 60 "$log" >&2; exit 1; }
}

# The tests' build directory: what is built here need not be built there.
echo "demo: building rpcgen, the runtime and examples/arith in build/test (minutes, the first time)"
build() {
  cmake --build --preset test --parallel "$(nproc)" --target arith_server arith_client
}
quietly cmake --preset test
# A terminal sees ninja's one line of progress.
if [ -t 1 ]; then build; else quietly build; fi

echo "demo: arith.rpc became C++ in build/test/examples/arith/generated; now it runs"
echo
examples/arith/run.sh build/test/examples/arith
