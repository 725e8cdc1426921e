#!/bin/sh
# Tern's streams beside gRPC's:  scripts/bench_streams.sh [ROUNDS [COUNT]]
#
# Builds in build/bench. Each round runs, in turn and on one processor, a server and a client of Tern
# and of gRPC's callback API, where that is installed (scripts/deps.sh): a server stream of
# COUNT messages of 100 bytes, read in batches and one by one; a call of 100 bytes, alone and beside
# 16 streams that never end; and the memory of streams in which nothing comes. Prints a line for each
# run, and the medians of the rounds' ratios.
#
#   BENCH_CPU=0   the processor
set -eu
cd "$(dirname "$0")/.."

rounds=${1:-3}
count=${2:-1000000}
port=${BENCH_PORT:-7195}
pinned="taskset -c ${BENCH_CPU:-0}"

cmake -S . -B build/bench -G Ninja -DCMAKE_BUILD_TYPE=Release -DTERN_BUILD_BENCH=ON \
  -DTERN_BUILD_TESTS=OFF -DTERN_BUILD_EXAMPLES=OFF >/dev/null
programs="tern_stream_server tern_stream_client"
bench=build/bench/tests/bench/streams
if ninja -C build/bench -t targets all | grep -q '^grpc_stream_server: phony'; then
  programs="$programs grpc_stream_server grpc_stream_client"
else
  echo "bench_streams: gRPC is not here, so Tern runs alone; scripts/deps.sh installs it" >&2
fi
# shellcheck disable=SC2086
cmake --build build/bench --parallel "$(nproc)" --target $programs >/dev/null

. scripts/lib/background.sh

# one NAME SERVER CLIENT OPTIONS...
one() {
  name=$1
  server=$2
  client=$3
  shift 3
  # shellcheck disable=SC2086
  start 3 server $pinned "$server" --port "$port"
  # shellcheck disable=SC2086
  line=$($pinned "$client" --port "$port" --server-pid "$process" "$@")
  stop "$process" || true
  echo "$name ${line#RESULT }" | tee -a "$work/lines"
}

round=0
while [ "$round" -lt "$rounds" ]; do
  round=$((round + 1))
  for mode in batch each beside; do
    one tern $bench/tern_stream_server $bench/tern_stream_client --mode $mode --count "$count"
    case $programs in *grpc*)
      one grpc $bench/grpc/grpc_stream_server $bench/grpc/grpc_stream_client --mode $mode \
        --count $((count / 10)) ;;
    esac
  done
done
one tern $bench/tern_stream_server $bench/tern_stream_client --mode idle --streams 100000 --conns 100
case $programs in *grpc*)
  one grpc $bench/grpc/grpc_stream_server $bench/grpc/grpc_stream_client --mode idle \
    --streams 10000 --conns 100 ;;
esac

# The median of a figure of a system in a mode.
median() {
  sed -n "s/^$1 mode=$2 .*$3=\\([0-9.]*\\).*/\\1/p" "$work/lines" | sort -n |
    awk '{ all[NR] = $1 } END { if (NR) print all[int((NR + 1) / 2)]; else print 0 }'
}
echo
for mode in batch each; do
  echo "$mode: $(median tern $mode messages_s) messages/s; gRPC $(median grpc $mode messages_s);" \
    "$(echo "$(median tern $mode messages_s) $(median grpc $mode messages_s)" |
      awk '{ if ($2 > 0) printf "%.1f times", $1 / $2; else print "no ratio" }')"
done
echo "beside 16 streams: p99 $(median tern beside ratio) times that alone; gRPC $(median grpc beside ratio)"
