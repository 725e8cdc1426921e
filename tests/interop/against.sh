#!/bin/sh
# Starts a server, lets a client call it, and ends the server:
#
#   against.sh SERVER [ARGUMENT...] -- CLIENT [ARGUMENT...]
#
# The server's first line is where it listens; the client gets it for ADDRESS in its arguments, and
# what stands behind the @ of it for WHERE. The server gets the path of a socket, in a folder that
# goes in the end, for SOCKET. The exit status is the client's, or the server's if that ended before
# its time.
set -eu
# shellcheck source=scripts/lib/background.sh
. "$(dirname "$0")/../../scripts/lib/background.sh"

# Each argument on a line of its own; none has a line break in it.
for argument; do
  printf '%s\n' "$argument"
done >"$work/arguments"

# The lines before "--" or behind it, with $2 for $1 in them.
arguments() {
  sed -n "$3" "$work/arguments" | sed "s|$1|$2|"
}

IFS='
'
# shellcheck disable=SC2046
set -- $(arguments SOCKET "$work/socket" '1,/^--$/{/^--$/!p}')
start 3 server "$@"

# shellcheck disable=SC2016,SC2046
set -- $(arguments ADDRESS "$address" '/^--$/,${/^--$/!p}' | sed "s|WHERE|${address#*@}|")
"$@"
kill -0 "$process" || { echo "against: the server is gone" >&2; exit 1; }
