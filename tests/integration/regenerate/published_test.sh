#!/bin/sh
# Lets protoc read the published .proto files anew and compares what it says with what is checked in;
# and compares what rpcgen imports of them with the .rpc files that are served.
#
#   published_test.sh SCRATCH_DIR RPCGEN
set -eu

root=$(cd "$(dirname "$0")/../../.." && pwd)
rm -rf "$1"
mkdir -p "$1"
"$root/scripts/regenerate.sh" --published --out "$1"
if ! diff -u "$root/generated/grpc_services/published_files.h" "$1/grpc_services/published_files.h"; then
  echo "what protoc says is not what is checked in; run scripts/regenerate.sh --published" >&2
  exit 1
fi

# All but comments, packages and the name of the enum, which stands within a message in protobuf.
plain() {
  sed -e 's|^ *///.*||; s/^package .*//; s/HealthCheckResponseServingStatus/ServingStatus/g' "$1" |
    grep -v '^$'
}
cd "$root/runtime/src/grpc_services"
"$2" import --out "$1" -I published $(find published -name '*.proto')
for pair in health:health/v1/health reflection:reflection/v1/reflection \
    reflection:reflection/v1alpha/reflection; do
  plain "idl/${pair%%:*}.rpc" > "$1/served"
  plain "$1/grpc/${pair#*:}.rpc" > "$1/imported"
  diff -u "$1/imported" "$1/served" || {
    echo "idl/${pair%%:*}.rpc is not what rpcgen imports of published/grpc/${pair#*:}.proto" >&2
    exit 1
  }
done
