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

work=$(mktemp -d)
server=
finish() {
  if [ -n "$server" ]; then kill "$server" 2>/dev/null || true; fi
  rm -rf "$work"
}
trap finish EXIT
trap 'exit 130' INT TERM

# Each argument on a line of its own; none has a line break in it.
for argument; do
  printf '%s\n' "$argument"
done >"$work/arguments"

# The lines before "--" or behind it, with $2 for $1 in them.
arguments() {
  sed -n "$3" "$work/arguments" | sed "s|$1|$2|"
}

mkfifo "$work/output"
IFS='
'
# shellcheck disable=SC2046
set -- $(arguments SOCKET "$work/socket" '1,/^--$/{/^--$/!p}')
"$@" >"$work/output" &
server=$!
exec 3<"$work/output"
read -r address <&3 || { echo "against: the server ended before it listened" >&2; exit 1; }

# shellcheck disable=SC2046
set -- $(arguments ADDRESS "$address" '/^--$/,${/^--$/!p}' | sed "s|WHERE|${address#*@}|")
"$@"
kill -0 "$server" || { echo "against: the server is gone" >&2; exit 1; }
