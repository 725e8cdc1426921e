#!/bin/sh
# run.sh RPCGEN PUBLISHED_DIR SCRIPT [ARGUMENT...]: makes Python of the published files of health and
# reflection, and descriptors of the .rpc files that the server here has, by way of .proto files; then
# runs SCRIPT with the folder of all that and the arguments.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
rpcgen=$1
published=$2
script=$3
shift 3

protoc --proto_path="$published" --python_out="$work" \
  $(cd "$published" && find grpc -name '*.proto')
# Of packages that are called like grpcio's: their files are found by name alone.
mkdir "$work/stubs"
for file in $(cd "$work" && find grpc -name '*_pb2.py'); do
  cp "$work/$file" "$work/stubs/$(echo "$file" | tr / _)"
done
"$rpcgen" proto --out "$work" "$here/switch.rpc" "$here/../../../examples/interop/interop.rpc"
protoc --proto_path="$work" --descriptor_set_out="$work/expected.binpb" --include_imports \
  "$work/interop.proto" "$work/switch.proto"
# Debian's, which has Debian's grpcio, whatever stands before it in PATH.
/usr/bin/python3 "$here/$script" "$work" "$@"
