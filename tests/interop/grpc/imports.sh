#!/bin/sh
# imports.sh RPCGEN FILE.proto FILE.rpc: the one is what rpcgen imports of the other.
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

cp "$2" "$work"
(cd "$work" && "$1" import "$(basename "$2")")
diff -u "$3" "$work/$(basename "$3")"
