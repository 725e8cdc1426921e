#!/bin/sh
# run.sh RPCGEN FILE.rpc SCRIPT HOST:PORT: makes Python of the .rpc file, by way of a .proto file, and
# has SCRIPT call the server with Python's grpcio.
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

"$(dirname "$0")/python_of.sh" "$1" "$work" "$2"
# Debian's, which has Debian's grpcio, whatever stands before it in PATH.
/usr/bin/python3 "$3" "$work" "$4"
