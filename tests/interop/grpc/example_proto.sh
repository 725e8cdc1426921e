#!/bin/sh
# example_proto.sh PLUGIN FILE.proto CALL.py HOST:PORT: makes stubs in Python of the .proto file, and runs
# the example with them.
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

protoc --proto_path="$(dirname "$2")" --python_out="$work" --grpc_out="$work" \
  --plugin=protoc-gen-grpc="$1" "$(basename "$2")"
# Debian's, as in run.sh.
PYTHONPATH=$work /usr/bin/python3 "$3" "$4"
