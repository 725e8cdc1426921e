#!/bin/sh
# Installs Connect's client for Node, as package-lock.json names it, and calls arith.Arith at
# TERN_ADDRESS with it:
#
#   connect_node.sh SOURCE_DIR SCRATCH_DIR
set -eu

mkdir -p "$2"
cp "$1/package.json" "$1/package-lock.json" "$1/call.mjs" "$2"
cd "$2"
[ -d node_modules/@connectrpc/connect-node ] && cmp -s package-lock.json installed-lock.json || {
  npm ci --no-audit --no-fund --loglevel=error
  cp package-lock.json installed-lock.json
}
node call.mjs "http://$TERN_ADDRESS"
