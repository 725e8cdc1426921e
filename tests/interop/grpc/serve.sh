#!/bin/sh
# serve.sh RPCGEN SERVER.py FILE.rpc...: makes Python of the .rpc files, by way of .proto files, and
# has the script serve them.
set -eu
work=$(mktemp -d)
rpcgen=$1
server=$2
shift 2
"$(dirname "$0")/python_of.sh" "$rpcgen" "$work" "$@"
# Not behind an exec: the folder goes when the server has gone.
/usr/bin/python3 "$server" "$work" &
python=$!
trap 'kill $python 2>/dev/null && wait $python; rm -rf "$work"' EXIT
trap 'exit 0' TERM INT
wait $python
