#!/bin/sh
# python_of.sh RPCGEN FOLDER FILE.rpc...: makes Python of the .rpc files, by way of .proto files.
set -eu
rpcgen=$1
folder=$2
shift 2
for file; do
  "$rpcgen" proto "$file" --out "$folder"
  protoc --proto_path="$folder" --python_out="$folder" "$(basename "$file" .rpc).proto"
done
