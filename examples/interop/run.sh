#!/bin/sh
# Starts the server in one process and calls it from another:  run.sh DIRECTORY
# DIRECTORY is where interop_server and interop_client are. Fails if either of them does.
set -eu

directory=$1
work=$(mktemp -d)
server=
finish() {
  if [ -n "$server" ]; then kill "$server" 2>/dev/null || true; fi
  rm -rf "$work"
}
trap finish EXIT
trap 'exit 130' INT TERM

# The server's first line is its address, on a port that the system has chosen.
mkfifo "$work/output"
"$directory/interop_server" >"$work/output" &
server=$!
exec 3<"$work/output"
read -r address <&3 || { echo "run: the server ended before it listened" >&2; exit 1; }
echo "server listens on $address"

status=0
"$directory/interop_client" "$address" || status=$?

kill -TERM "$server" || status=1
wait "$server" || status=$?
server=
exit "$status"
