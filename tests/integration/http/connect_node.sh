#!/bin/sh
# Installs Connect for Node, as package-lock.json names it, and runs a script with it, against
# TERN_ADDRESS if that is set:
#
#   connect_node.sh SOURCE_DIR SCRATCH_DIR SCRIPT [ARGUMENT]...
set -eu

mkdir -p "$2"
cp "$1/package.json" "$1/package-lock.json" "$1"/*.mjs "$2"
cd "$2"
[ -d node_modules/@connectrpc/connect-node ] && cmp -s package-lock.json installed-lock.json || {
  npm ci --no-audit --no-fund --loglevel=error >&2
  cp package-lock.json installed-lock.json
}
script=$3
shift 3
exec node "$script" ${TERN_ADDRESS:+"http://$TERN_ADDRESS"} "$@"
