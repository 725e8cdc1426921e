#!/bin/sh
# Builds examples/cluster and runs it: a registry, three servers that list themselves in it, and
# clients that call them. Installs from Debian what a build needs and this machine lacks
# (scripts/deps.sh demo).
#
#   demo.sh           ends by itself
#   demo.sh --stay    leaves a server running at the end, to look at its debug page
set -eu
cd "$(dirname "$0")/.."

scripts/deps.sh demo
if command -v ccache >/dev/null; then
  export CMAKE_CXX_COMPILER_LAUNCHER=ccache
fi

log=$(mktemp)
trap 'rm -f "$log"' EXIT

# Quiet unless it fails.
quietly() {
  "$@" >"$log" 2>&1 || { tail -n 60 "$log" >&2; exit 1; }
}

# The tests' build directory: what is built here need not be built there, and the other way round.
preset=demo
if grep -q '^TERN_BUILD_TESTS:BOOL=ON' build/test/CMakeCache.txt 2>/dev/null; then preset=test; fi
echo "demo: building rpcgen, the runtime and examples/cluster in build/test (minutes, the first time)"
build() {
  cmake --build --preset $preset --parallel "$(nproc)" --target cluster_server cluster_client tern_cli
}
quietly cmake --preset $preset
# A terminal sees ninja's one line of progress.
if [ -t 1 ]; then build; else quietly build; fi

echo "demo: foo.rpc became C++ in build/test/examples/cluster/generated; now it runs"
echo
examples/cluster/run.sh build/test/examples/cluster build/test/runtime/cli/tern "$@"
