#!/bin/sh
# Tern beside Go's net/rpc, both speaking gob:  scripts/bench_go.sh [ROUNDS [SECONDS]]
#
# Builds in build/bench. Each round runs Go's client at Go's server, Go's client at Tern's server,
# and Tern's client at Go's server, in turn: one connection, 64 calls in flight, a small struct,
# client and server on one processor. Prints a line for each run, and the medians of the rounds'
# ratios. From the environment:
#   BENCH_CPU=0, BENCH_CLIENT_CPU=$BENCH_CPU   the processors of the servers and of the clients
#   BENCH_TERN_CLIENT="--gather 2000"          options of Tern's client
#   BENCH_RUN="chrt --batch 0"                 goes before every program: this one runs them without
#                                              preemption by whoever has just been woken
set -eu
cd "$(dirname "$0")/.."
. scripts/lib/background.sh

rounds=${1:-5}
seconds=${2:-2}
depth=64
payload=struct
port=${BENCH_PORT:-7190}
cpu=${BENCH_CPU:-0}
client_cpu=${BENCH_CLIENT_CPU:-$cpu}
server_pinned="${BENCH_RUN:-} taskset -c $cpu"
client_pinned="${BENCH_RUN:-} taskset -c $client_cpu"

cmake -S . -B build/bench -G Ninja -DCMAKE_BUILD_TYPE=Release -DTERN_BUILD_BENCH=ON \
  -DTERN_BUILD_TESTS=OFF -DTERN_BUILD_EXAMPLES=OFF >/dev/null
cmake --build build/bench --parallel "$(nproc)" \
  --target tern_echo_server tern_echo_client tern_gobench >/dev/null
tern=build/bench/tests/bench
go=$tern/go/gobench

# run NAME SERVER... -- CLIENT...: appends "NAME rate server-ns client-ns" to the results.
run() {
  name=$1
  shift
  serve=
  while [ "$1" != -- ]; do
    serve="$serve $1"
    shift
  done
  shift
  # shellcheck disable=SC2086
  start 3 server $server_pinned $serve --port "$port"
  # shellcheck disable=SC2086
  line=$($client_pinned "$@" --port "$port" --server-pid "$process" --payload "$payload" \
    --conns 1 --depth "$depth" --warm 0.5 --secs "$seconds")
  stop "$process" || true
  echo "$name $line" | sed -E 's/RESULT.* rate=([0-9.]+).* srv_cpu_ns=([0-9]+).* cli_cpu_ns=([0-9]+).*/\1 \2 \3/' |
    tee -a "$work/results" |
    awk '{ printf "%-24s %9.0f calls/s   server %6d ns   client %6d ns a call\n", $1, $2, $3, $4 }'
}

i=0
while [ "$i" -lt "$rounds" ]; do
  i=$((i + 1))
  run go-client,go-server "$go" server -- "$go" client
  run go-client,tern-server "$tern/tern_echo_server" -- "$go" client
  # shellcheck disable=SC2086
  run tern-client,go-server "$go" server -- "$tern/tern_echo_client" --protocol netrpc \
    ${BENCH_TERN_CLIENT:-}
done

# The median of a ratio of two columns' runs, round by round.
ratio() {
  awk -v a="$1" -v b="$2" -v column="$3" '
    $1 == a { x[++n] = $column }
    $1 == b { y[++m] = $column }
    END { for (i = 1; i <= n; ++i) print x[i] / y[i] }' "$work/results" | sort -n |
    awk '{ v[NR] = $1 } END { print v[int((NR + 1) / 2)] }'
}
echo
printf 'calls/s of Go'\''s client:     %.2f times as many at Tern'\''s server as at Go'\''s\n' \
  "$(ratio go-client,tern-server go-client,go-server 2)"
printf 'server'\''s time a call:      %.2f of Go'\''s\n' \
  "$(ratio go-client,tern-server go-client,go-server 3)"
printf 'client'\''s time a call:      %.2f of Go'\''s\n' \
  "$(ratio tern-client,go-server go-client,go-server 4)"
