#!/bin/sh
# Starts a client that listens and a server that dials it:  run.sh DIRECTORY
# DIRECTORY is where reverse_client and reverse_server are. The exit status is the client's.
set -eu
# shellcheck source=scripts/lib/background.sh
. "$(dirname "$0")/../../scripts/lib/background.sh"

directory=$1

# The client's first line is its address, on a port that the system has chosen.
start 3 client "$directory/reverse_client"
client=$process
echo "client listens on $address"

"$directory/reverse_server" "$address" &
server=$!
kill_at_end "$server"

cat <&3
status=0
await "$client" || status=$?
stop "$server" || status=$?
exit "$status"
