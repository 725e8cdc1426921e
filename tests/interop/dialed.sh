#!/bin/sh
# Starts a client that listens, and a server that dials it:
#
#   dialed.sh CLIENT [ARGUMENT...] -- SERVER [ARGUMENT...]
#
# The client's first line is where it listens; the server gets it for its argument ADDRESS. The
# server is ended when the client has; the exit status is the client's.
set -eu

work=$(mktemp -d)
client=
server=
finish() {
  for process in $server $client; do kill "$process" 2>/dev/null || true; done
  rm -rf "$work"
}
trap finish EXIT
trap 'exit 130' INT TERM

for argument; do
  printf '%s\n' "$argument"
done >"$work/arguments"

mkfifo "$work/output"
IFS='
'
# shellcheck disable=SC2046
set -- $(sed -n '1,/^--$/{/^--$/!p}' "$work/arguments")
"$@" >"$work/output" &
client=$!
exec 3<"$work/output"
read -r address <&3 || { echo "dialed: the client ended before it listened" >&2; exit 1; }

# shellcheck disable=SC2046
set -- $(sed -n '/^--$/,${/^--$/!p}' "$work/arguments" | sed "s|ADDRESS|$address|")
"$@" &
server=$!

cat <&3
status=0
wait "$client" || status=$?
client=
unset IFS
exit "$status"
