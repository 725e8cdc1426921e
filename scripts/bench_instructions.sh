#!/bin/sh
# Instructions a call, of the client and of the server:  scripts/bench_instructions.sh
#
# Builds in build/instructions at -O2, and runs tern_echo_client at tern_echo_server below valgrind's
# callgrind, which counts what a processor would execute outside the kernel. Each figure is the
# difference of a run of 12,000 calls and one of 2,000, divided by 10,000: what starts and ends a
# program is not in it. One connection, a small struct. The figures are those of the code alone: run
# again, or on a machine with other work, they are the same to an instruction or two. Not hardened
# (TERN_HARDENED), so that they can be compared with those of before.
# From the environment:
#   BENCH_PORT=7191
#   BENCH_KEEP=DIR    where callgrind's files go, for callgrind_annotate
set -eu
cd "$(dirname "$0")/.."
. scripts/lib/background.sh

command -v valgrind >/dev/null || {
  echo "bench_instructions: there is no valgrind; Debian has it in valgrind" >&2
  exit 1
}
if command -v ccache >/dev/null; then
  export CMAKE_CXX_COMPILER_LAUNCHER=ccache
fi
build=build/instructions
cmake -S . -B $build -G Ninja -DCMAKE_BUILD_TYPE=RelWithDebInfo \
  -DCMAKE_CXX_FLAGS_RELWITHDEBINFO="-O2 -g1 -DNDEBUG" -DTERN_BUILD_BENCH=ON -DTERN_HARDENED=OFF \
  -DTERN_BUILD_TESTS=OFF -DTERN_BUILD_EXAMPLES=OFF >/dev/null
cmake --build $build --parallel "$(nproc)" --target tern_echo_server tern_echo_client >/dev/null

port=${BENCH_PORT:-7191}
keep=${BENCH_KEEP:-$work}
mkdir -p "$keep"

# counted NAME PROGRAM...: counts into the log NAME. The shell becomes the program, so that a signal
# to it reaches that.
counted() {
  name=$1
  shift
  exec taskset -c 0 valgrind --tool=callgrind --log-file="$work/$name" \
    --callgrind-out-file="$keep/callgrind.$name" "$@"
}

instructions() {
  sed -n 's/.*Collected : \([0-9]*\).*/\1/p' "$work/$1"
}

# run NAME CALLS OPTION...
run() {
  name=$1
  calls=$2
  shift 2
  start 3 server counted "server.$name.$calls" $build/tests/bench/tern_echo_server --port "$port"
  (counted "client.$name.$calls" $build/tests/bench/tern_echo_client --port "$port" \
    --payload struct --calls "$calls" "$@")
  stop "$process" || true
}

# a_call SIDE NAME
a_call() {
  echo $((($(instructions "$1.$2.12000") - $(instructions "$1.$2.2000") + 5000) / 10000))
}

# measure TITLE NAME OPTION...
measure() {
  title=$1
  name=$2
  shift 2
  run "$name" 2000 "$@"
  run "$name" 12000 "$@"
  printf '%-32s client %6d   server %6d instructions a call\n' "$title" \
    "$(a_call client "$name")" "$(a_call server "$name")"
}

measure "1 call in flight" one --depth 1
measure "64 calls in flight" many --depth 64
measure "64 calls, through a cluster" cluster --depth 64 --channel cluster
