#!/bin/sh
# Starts a server on a free port, runs a command with its address in TERN_ADDRESS, host:port, and
# stops the server:
#
#   with_server.sh SERVER COMMAND...
set -eu
# shellcheck source=scripts/lib/background.sh
. "$(dirname "$0")/../../../scripts/lib/background.sh"

server=$1
shift
start 3 server "$server"
TERN_ADDRESS=${address#tcp@} TERN_SCRATCH=$work "$@"
