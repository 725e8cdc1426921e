#!/bin/sh
# Starts the server in one process and calls it from another:  run.sh DIRECTORY
# DIRECTORY is where streams_server and streams_client are. Fails if either of them does.
set -eu
# shellcheck source=scripts/lib/background.sh
. "$(dirname "$0")/../../scripts/lib/background.sh"

directory=$1

# The server's first line is its address, on a port that the system has chosen.
start 3 server "$directory/streams_server"
echo "server       listens on $address"

status=0
"$directory/streams_client" "$address" || status=$?

stop "$process" || status=$?
cat <&3
exit "$status"
