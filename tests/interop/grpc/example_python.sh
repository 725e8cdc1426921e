#!/bin/sh
# example_python.sh RPCGEN PLUGIN FILE.rpc CALL.py HOST:PORT: makes stubs in Python of the .rpc file, by
# way of a .proto file, and runs the example with them.
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

"$1" proto "$3" --out "$work"
protoc --proto_path="$work" --python_out="$work" --grpc_out="$work" --plugin=protoc-gen-grpc="$2" \
  "$(basename "$3" .rpc).proto"
# Debian's, as in run.sh.
PYTHONPATH=$work /usr/bin/python3 "$4" "$5"
