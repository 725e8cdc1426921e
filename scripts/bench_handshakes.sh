#!/bin/sh
# What 5,000 slow TLS handshakes cost another client of the server:  scripts/bench_handshakes.sh [ROUNDS]
#
# Builds in build/bench. Each round starts two servers with TLS, and prints a line: the 99th percentile of a
# client that makes 500 calls a second on one connection, alone, beside 5,000 slow handshakes at the other
# server, and beside as many at its own. Half of them send a byte a second, half say all that a client says
# first and then nothing; the server ends each after 10 s, and another one takes its place.
# From the environment:
#   BENCH_BUILD=build/bench    a folder of CMake's to build in, with TERN_BUILD_BENCH on
#   BENCH_PORT=7192            and the port after it
#   BENCH_COUNT=5000           how many handshakes
#   BENCH_SERVER_CPU=0 BENCH_CLIENT_CPU=1   the processors
#   BENCH_PRIORITY="chrt -f 10"   where others use the machine: in front of the servers and the client
set -eu
cd "$(dirname "$0")/.."
. scripts/lib/background.sh

build=${BENCH_BUILD:-build/bench}
port=${BENCH_PORT:-7192}
if [ ! -f "$build/CMakeCache.txt" ]; then
  cmake -S . -B "$build" -G Ninja -DCMAKE_BUILD_TYPE=Release -DTERN_BUILD_BENCH=ON \
    -DTERN_BUILD_TESTS=OFF -DTERN_BUILD_EXAMPLES=OFF >/dev/null
fi
cmake --build "$build" --target tern_echo_server tern_handshakes >/dev/null
# shellcheck disable=SC3045
ulimit -n "$(ulimit -Hn)"
examples/tls/make_certificates.sh "$work/certificates" server

# The shell becomes the program, so that a signal to it reaches that.
echo_server() {
  # shellcheck disable=SC2086
  exec ${BENCH_PRIORITY-} taskset -c "${BENCH_SERVER_CPU:-0}" "$build/tests/bench/tern_echo_server" --port "$1" \
    --tls "$work/certificates" 2>"$work/log"
}

round=0
while [ "$round" -lt "${1:-3}" ]; do
  start 3 server echo_server "$port"
  server=$process
  start 4 "other server" echo_server $((port + 1))
  other=$process
  # shellcheck disable=SC2086
  ${BENCH_PRIORITY-} taskset -c "${BENCH_CLIENT_CPU:-1}" "$build/tests/bench/tern_handshakes" --port "$port" \
    --other-port $((port + 1)) --tls "$work/certificates" --count "${BENCH_COUNT:-5000}"
  stop "$server" || true
  stop "$other" || true
  round=$((round + 1))
done
