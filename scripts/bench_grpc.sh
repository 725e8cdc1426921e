#!/bin/sh
# gRPC's unary calls, with Tern and with gRPC's own library at either end:
#   scripts/bench_grpc.sh [ROUNDS]
#
# Builds in build/bench; gRPC must be installed (scripts/deps.sh bench). Each round runs every pair of
# a client and a server in turn, with a small struct, 1 and 64 calls in flight; then h2load at both
# servers, if it is there (Debian's nghttp2-client); then the memory of idle connections. All on one
# processor each: the server on one, the client on another. Prints a line for each run, and the
# medians of the ratios.
#
#   BENCH_SERVER_CPU=0 BENCH_CLIENT_CPU=1   the processors
set -eu
cd "$(dirname "$0")/.."

rounds=${1:-3}
port=${BENCH_PORT:-7196}
on_server="taskset -c ${BENCH_SERVER_CPU:-0}"
on_client="taskset -c ${BENCH_CLIENT_CPU:-1}"

cmake -S . -B build/bench -G Ninja -DCMAKE_BUILD_TYPE=Release -DTERN_BUILD_BENCH=ON \
  -DTERN_BUILD_TESTS=OFF -DTERN_BUILD_EXAMPLES=OFF >/dev/null
if ! ninja -C build/bench -t targets all | grep -q '^grpc_echo_server: phony'; then
  echo "bench_grpc: gRPC is not here; scripts/deps.sh bench installs it" >&2
  exit 1
fi
cmake --build build/bench --parallel "$(nproc)" --target tern_echo_server tern_echo_client \
  grpc_echo_server grpc_echo_client >/dev/null
bench=build/bench/tests/bench
tern_server=$bench/tern_echo_server
grpc_server=$bench/grpc/grpc_echo_server
tern_client="$bench/tern_echo_client --protocol grpc"
grpc_client=$bench/grpc/grpc_echo_client

. scripts/lib/background.sh

# one NAME SERVER CLIENT OPTIONS...
one() {
  name=$1
  server=$2
  client=$3
  shift 3
  # shellcheck disable=SC2086
  start 3 server $on_server "$server" --port "$port"
  # shellcheck disable=SC2086
  line=$($on_client $client --port "$port" --server-pid "$process" "$@")
  stop "$process" || true
  echo "$name ${line#RESULT }" | tee -a "$work/lines"
}

# The time of a server's processor a call, with h2load as the client.
load() {
  name=$1
  server=$2
  calls=200000
  # shellcheck disable=SC2086
  start 3 server $on_server "$server" --port "$port"
  before=$(awk '{print $14 + $15}' "/proc/$process/stat")
  # A BytesValue of 32 letters behind its prefix.
  printf '\000\000\000\000\042\012\040%s' abcdefghijklmnopqrstuvwxyzabcdef >"$work/body"
  rate=$($on_client h2load -n $calls -c 1 -m 64 -d "$work/body" -H 'content-type: application/grpc' \
    -H 'te: trailers' "http://127.0.0.1:$port/bench.Echo/Blob" |
    sed -n 's/^finished in .*, \([0-9.]*\) req.*/\1/p')
  after=$(awk '{print $14 + $15}' "/proc/$process/stat")
  stop "$process" || true
  echo "$name calls_per_s=$rate server_us_per_call=$(awk -v t=$((after - before)) -v n=$calls \
    -v hz="$(getconf CLK_TCK)" 'BEGIN { printf "%.2f", t * 1e6 / hz / n }')" | tee -a "$work/lines"
}

round=0
while [ "$round" -lt "$rounds" ]; do
  round=$((round + 1))
  for depth in 1 64; do
    for ends in tern,tern tern,grpc grpc,tern grpc,grpc; do
      client=${ends%,*}_client
      server=${ends#*,}_server
      eval "one \"client=${ends%,*} server=${ends#*,} depth=$depth\" \"\$$server\" \"\$$client\"" \
        --payload struct --conns 1 --depth $depth
    done
  done
  if command -v h2load >/dev/null; then
    load "client=h2load server=tern depth=64" $tern_server
    load "client=h2load server=grpc depth=64" $grpc_server
  fi
done
one "idle server=tern" $tern_server "$tern_client" --idle 1000
one "idle server=grpc" $grpc_server "$tern_client" --idle 1000
