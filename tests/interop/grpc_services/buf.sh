#!/bin/sh
# Installs buf, as package-lock.json names it, and has it call a server by what the server's
# reflection says:
#
#   buf.sh SOURCE_DIR SCRATCH_DIR HOST:PORT
#
# Exits with 77 if buf cannot be had here, and says why.
set -eu

skip() {
  echo "buf: skipped: $1"
  exit 77
}
mkdir -p "$2"
cp "$1/package.json" "$1/package-lock.json" "$2"
cd "$2"
command -v npm >/dev/null || skip "there is no npm (scripts/deps.sh installs it)"
[ -x node_modules/.bin/buf ] && cmp -s package-lock.json installed-lock.json || {
  npm ci --no-audit --no-fund --loglevel=error || skip "npm cannot install it"
  cp package-lock.json installed-lock.json
}
node_modules/.bin/buf --version >/dev/null 2>&1 || skip "it does not run on this machine"

export HOME="$PWD"
server=http://$3

# expect WHAT WANTED OPTION...: what `buf curl` says.
expect() {
  what=$1
  wanted=$2
  shift 2
  said=$(node_modules/.bin/buf curl --http2-prior-knowledge "$@" 2>&1) || {
    echo "buf: $what: it failed: $said" >&2
    exit 1
  }
  # Blanks between the parts of its JSON differ from run to run.
  [ "$(echo "$said" | tr -d ' \n')" = "$(echo "$wanted" | tr -d ' \n')" ] || {
    printf 'buf: %s: expected:\n%s\ncame:\n%s\n' "$what" "$wanted" "$said" >&2
    exit 1
  }
}

for how in grpc:grpc-v1 grpc:grpc-v1alpha connect:grpc-v1; do
  set -- --protocol ${how%:*} --reflect-protocol ${how#*:}
  expect "services by $how" 'grpc.health.v1.Health
    grpc.reflection.v1.ServerReflection
    grpc.reflection.v1alpha.ServerReflection
    health_switch.Switch
    interop.Arith
    interop.Foo
    interop.HelloService
    interop.KVStoreService' "$@" --list-services "$server"
  expect "methods by $how" 'grpc.health.v1.Health/Check
    grpc.health.v1.Health/List
    grpc.health.v1.Health/Watch
    grpc.reflection.v1.ServerReflection/ServerReflectionInfo
    grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo
    health_switch.Switch/Set
    interop.Arith/Divide
    interop.Arith/Multiply
    interop.Foo/Sleep
    interop.Foo/Sum
    interop.HelloService/Hello
    interop.HelloService/Login
    interop.KVStoreService/Get
    interop.KVStoreService/Set
    interop.KVStoreService/Watch' "$@" --list-methods "$server"
  expect "a call by $how" '{"Quo": "3", "Rem": "2"}' "$@" -d '{"A": 17, "B": 5}' \
    "$server/interop.Arith/Divide"
  expect "a bare scalar by $how" '"42"' "$@" -d '{"A": 6, "B": 7}' \
    "$server/interop.Arith/Multiply"
  expect "the health by $how" '{"status": "SERVING"}' "$@" -d '{"service": "interop.Foo"}' \
    "$server/grpc.health.v1.Health/Check"
done
