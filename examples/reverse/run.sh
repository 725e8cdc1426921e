#!/bin/sh
# Starts a client that listens and a server that dials it:  run.sh DIRECTORY
# DIRECTORY is where reverse_client and reverse_server are. The exit status is the client's.
set -eu

directory=$1
work=$(mktemp -d)
client=
server=
finish() {
  for process in $server $client; do kill "$process" 2>/dev/null || true; done
  rm -rf "$work"
}
trap finish EXIT
trap 'exit 130' INT TERM

# The client's first line is its address, on a port that the system has chosen.
mkfifo "$work/output"
"$directory/reverse_client" >"$work/output" &
client=$!
exec 3<"$work/output"
read -r address <&3 || { echo "run: the client ended before it listened" >&2; exit 1; }
echo "client listens on $address"

"$directory/reverse_server" "$address" &
server=$!

cat <&3
status=0
wait "$client" || status=$?
client=
kill -TERM "$server" || status=1
wait "$server" || status=$?
server=
exit "$status"
