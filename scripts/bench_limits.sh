#!/bin/sh
# What peers cost a server that ask for too much, or for nothing:  scripts/bench_limits.sh [WHAT...]
#
# Builds in build/bench. Starts tern_echo_server anew for each line, and prints one for each WHAT:
#   silent    5,000 connections that say nothing and 5,000 that say a byte a second, while 50 clients call
#   readers   100 peers that ask 10,000 times for 1 MiB and read nothing
#   idle      10,000 connections after one call each
#   churn     100,000 connections, one after the other, half of them ended by a reset: what is left of them
#             once the server has closed its files, for which it has 20 s
#   flood     20,000,000 requests on one connection, while 50 clients call: beside the same flood on
#             another server, which takes as much of the machine
#   overload  three times what a server can do, with its adaptive limit and with the fixed limits alone
# All of them without a WHAT. A latency is compared with that of the same run before.
# From the environment:
#   BENCH_BUILD=build/bench    a folder of CMake's to build in, with TERN_BUILD_BENCH on
#   BENCH_PORT=7192            and the port after it
set -eu
cd "$(dirname "$0")/.."
. scripts/lib/background.sh

build=${BENCH_BUILD:-build/bench}
port=${BENCH_PORT:-7192}
if [ ! -f "$build/CMakeCache.txt" ]; then
  cmake -S . -B "$build" -G Ninja -DCMAKE_BUILD_TYPE=Release -DTERN_BUILD_BENCH=ON \
    -DTERN_BUILD_TESTS=OFF -DTERN_BUILD_EXAMPLES=OFF >/dev/null
fi
cmake --build "$build" --target tern_echo_server tern_limits tern_overload >/dev/null
# shellcheck disable=SC3045
ulimit -n "$(ulimit -Hn)"

# The shell becomes the program, so that a signal to it reaches that.
echo_server() {
  exec "$build/tests/bench/tern_echo_server" --port "$1" 2>"$work/log"
}

measure() {
  if [ "$1" = overload ]; then
    "$build/tests/bench/tern_overload"
    return
  fi
  start 3 server echo_server "$port"
  server=$process
  if [ "$1" = flood ]; then
    start 4 "other server" echo_server $((port + 1))
    other=$process
  fi
  "$build/tests/bench/tern_limits" --port "$port" --server-pid "$server" --other-port $((port + 1)) \
    --what "$1"
  stop "$server" || true
  if [ "$1" = flood ]; then stop "$other" || true; fi
}

if [ $# -eq 0 ]; then set -- silent readers idle churn flood overload; fi
for what; do measure "$what"; done
