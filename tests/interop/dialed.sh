#!/bin/sh
# Starts a client that listens, and a server that dials it:
#
#   dialed.sh CLIENT [ARGUMENT...] -- SERVER [ARGUMENT...]
#
# The client's first line is where it listens; the server gets it for its argument ADDRESS. The
# server is ended when the client has; the exit status is the client's.
set -eu
# shellcheck source=scripts/lib/background.sh
. "$(dirname "$0")/../../scripts/lib/background.sh"

for argument; do
  printf '%s\n' "$argument"
done >"$work/arguments"

IFS='
'
# shellcheck disable=SC2046
set -- $(sed -n '1,/^--$/{/^--$/!p}' "$work/arguments")
start 3 client "$@"
client=$process

# shellcheck disable=SC2046
set -- $(sed -n '/^--$/,${/^--$/!p}' "$work/arguments" | sed "s|ADDRESS|$address|")
"$@" &
kill_at_end $!

cat <&3
status=0
await "$client" || status=$?
exit "$status"
