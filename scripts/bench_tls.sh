#!/bin/sh
# TLS with Tern and with gRPC's own library, client and server of the same one, in turn:
#   scripts/bench_tls.sh [ROUNDS]
#
# Builds in build/bench; gRPC must be installed (scripts/deps.sh test). Each round runs three pairs:
# Tern over its own frames, Tern over gRPC, and gRPC's own C++; all with TLS 1.3 and one certificate
# (ECDSA over P-256), one connection each: 64 calls of 100 bytes in flight, one of 1 MiB, eight of
# 1 MiB; then a connection for each call, so that handshakes count, four at a time, with TLS and
# without. All on one processor each: the server on one, the client on another. In the end the memory
# of idle connections. Prints a line for each run, and the medians.
#
#   BENCH_SERVER_CPU=0 BENCH_CLIENT_CPU=1   the processors
#   BENCH_BUILD=DIRECTORY                   a build with the benchmarks, in place of build/bench
set -eu
cd "$(dirname "$0")/.."

rounds=${1:-3}
port=${BENCH_PORT:-7197}
on_server="taskset -c ${BENCH_SERVER_CPU:-0}"
on_client="taskset -c ${BENCH_CLIENT_CPU:-1}"

build=${BENCH_BUILD:-}
if [ -z "$build" ]; then
  build=build/bench
  cmake -S . -B $build -G Ninja -DCMAKE_BUILD_TYPE=Release -DTERN_BUILD_BENCH=ON \
    -DTERN_BUILD_TESTS=OFF -DTERN_BUILD_EXAMPLES=OFF >/dev/null
fi
if ! ninja -C "$build" -t targets all | grep -q '^grpc_echo_server: phony'; then
  echo "bench_tls: gRPC is not here; scripts/deps.sh test installs it" >&2
  exit 1
fi
cmake --build "$build" --target tern_echo_server tern_echo_client grpc_echo_server \
  grpc_echo_client >/dev/null
bench=$build/tests/bench

. scripts/lib/background.sh
examples/tls/make_certificates.sh "$work/certificates" server

# one PAIR NAME SECURE OPTIONS...: PAIR is tern, tern+grpc or grpc; SECURE is tls or plaintext.
one() {
  pair=$1
  name=$2
  secure=
  [ "$3" = plaintext ] || secure="--tls $work/certificates"
  shift 3
  case $pair in
    tern) server=$bench/tern_echo_server client=$bench/tern_echo_client ;;
    tern+grpc) server=$bench/tern_echo_server client="$bench/tern_echo_client --protocol grpc" ;;
    grpc) server=$bench/grpc/grpc_echo_server client=$bench/grpc/grpc_echo_client ;;
  esac
  # shellcheck disable=SC2086
  start 3 server $on_server "$server" --port "$port" $secure
  # shellcheck disable=SC2086
  line=$($on_client $client --port "$port" --server-pid "$process" $secure "$@")
  stop "$process" || true
  echo "$pair $name ${line#RESULT }" | tee -a "$work/lines"
}

pairs="tern tern+grpc grpc"
round=0
while [ "$round" -lt "$rounds" ]; do
  round=$((round + 1))
  for pair in $pairs; do
    one "$pair" small tls --payload p100 --depth 64
    one "$pair" large tls --payload p1m --depth 1
    one "$pair" large_8 tls --payload p1m --depth 8
    one "$pair" fresh tls --payload p100 --fresh 1 --depth 4
    one "$pair" fresh_plaintext plaintext --payload p100 --fresh 1 --depth 4
  done
done
for pair in $pairs; do
  one "$pair" idle tls --idle 1000
  one "$pair" idle_plaintext plaintext --idle 1000
done

# median PAIR NAME FIGURE
median() {
  awk -v pair="$1" -v name="$2" '$1 == pair && $2 == name' "$work/lines" |
    sed -n "s/.* $3=\\([0-9.]*\\).*/\\1/p" | sort -n |
    awk '{ all[NR] = $1 } END { if (NR) print all[int((NR + 1) / 2)]; else print 0 }'
}
echo
for name in small large large_8 fresh fresh_plaintext; do
  for figure in rate srv_cpu_ns cli_cpu_ns; do
    echo "$name $figure: $(median tern $name $figure) tern, $(median tern+grpc $name $figure)" \
      "tern+grpc, $(median grpc $name $figure) grpc," \
      "ratios $(echo "$(median tern $name $figure) $(median tern+grpc $name $figure)" \
        "$(median grpc $name $figure)" |
        awk '{ if ($3 > 0) printf "%.2f and %.2f", $1 / $3, $2 / $3; else print "none" }')"
  done
done
