#!/bin/sh
# Starts a server on a free port, runs a command with its address in TERN_ADDRESS, host:port, and
# stops the server:
#
#   with_server.sh SERVER COMMAND...
set -eu

server=$1
shift
work=$(mktemp -d)
mkfifo "$work/lines"
"$server" >"$work/lines" &
pid=$!
trap 'kill "$pid" 2>/dev/null || true; wait "$pid" 2>/dev/null || true; rm -rf "$work"' EXIT

# The first line is the address; reading it waits for the server.
exec 3<"$work/lines"
read -r address <&3
TERN_ADDRESS=${address#tcp@} TERN_SCRATCH=$work "$@"
