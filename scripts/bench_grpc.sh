#!/bin/sh
# gRPC's unary calls, with Tern and with gRPC's own library at either end:
#   scripts/bench_grpc.sh [ROUNDS]
#
# Builds in build/bench; gRPC must be installed (scripts/deps.sh). Each round runs every pair of
# a client and a server in turn, with a small struct, 1 and 64 calls in flight; then h2load at both
# servers, if it is there (Debian's nghttp2-client); then 1 MiB each way, 1 and 8 calls in flight, with
# client and server of the same library; in the end the memory of idle connections. Client and server
# are on one processor, where a server that is faster is not woken more often for it. Prints a line for
# each run, and the medians of the ratios.
#
#   BENCH_SERVER_CPU=0 BENCH_CLIENT_CPU=0   the processors
set -eu
cd "$(dirname "$0")/.."

rounds=${1:-3}
port=${BENCH_PORT:-7196}
on_server="taskset -c ${BENCH_SERVER_CPU:-0}"
on_client="taskset -c ${BENCH_CLIENT_CPU:-0}"

cmake -S . -B build/bench -G Ninja -DCMAKE_BUILD_TYPE=Release -DTERN_BUILD_BENCH=ON \
  -DTERN_BUILD_TESTS=OFF -DTERN_BUILD_EXAMPLES=OFF >/dev/null
if ! ninja -C build/bench -t targets all | grep -q '^grpc_echo_server: phony'; then
  echo "bench_grpc: gRPC is not here; scripts/deps.sh installs it" >&2
  exit 1
fi
cmake --build build/bench --parallel "$(nproc)" --target tern_echo_server tern_echo_client \
  grpc_echo_server grpc_echo_client >/dev/null
bench=build/bench/tests/bench

# server_of tern|grpc, client_of tern|grpc: what runs it.
server_of() {
  case $1 in
    tern) echo "$bench/tern_echo_server" ;;
    grpc) echo "$bench/grpc/grpc_echo_server" ;;
  esac
}
client_of() {
  case $1 in
    tern) echo "$bench/tern_echo_client --protocol grpc" ;;
    grpc) echo "$bench/grpc/grpc_echo_client" ;;
  esac
}

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
    for from in tern grpc; do
      for to in tern grpc; do
        one "client=$from server=$to depth=$depth" "$(server_of $to)" "$(client_of $from)" --payload struct --conns 1 --depth $depth
      done
    done
  done
  if command -v h2load >/dev/null; then
    load "client=h2load server=tern depth=64" "$(server_of tern)"
    load "client=h2load server=grpc depth=64" "$(server_of grpc)"
  fi
  for depth in 1 8; do
    for both in tern grpc; do
      one "client=same server=$both depth=$depth" "$(server_of $both)" "$(client_of $both)" \
        --payload p1m --conns 1 --depth $depth
    done
  done
done
one "idle server=tern" "$(server_of tern)" "$(client_of tern)" --idle 1000
one "idle server=grpc" "$(server_of grpc)" "$(client_of tern)" --idle 1000

# The median of a figure of the lines that begin so.
median() {
  sed -n "s/^$1 .*$2=\\([0-9.]*\\).*/\\1/p" "$work/lines" | sort -n |
    awk '{ all[NR] = $1 } END { if (NR) print all[int((NR + 1) / 2)]; else print 0 }'
}
# compare CLIENT DEPTH FIGURE
compare() {
  ours=$(median "client=$1 server=tern depth=$2" "$3")
  theirs=$(median "client=$1 server=grpc depth=$2" "$3")
  echo "client=$1 depth=$2 $3: Tern $ours, gRPC $theirs," \
    "$(echo "$ours $theirs" | awk '{ if ($2 > 0) printf "%.2f", $1 / $2; else print "no ratio" }')"
}
echo
for client in grpc tern; do
  for depth in 1 64; do
    compare $client $depth srv_cpu_ns
    compare $client $depth rate
  done
done
for depth in 1 8; do
  for figure in srv_cpu_ns cli_cpu_ns rate; do
    compare same $depth $figure
  done
done
compare h2load 64 server_us_per_call
compare h2load 64 calls_per_s
