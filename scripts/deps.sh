#!/bin/sh
# Installs from Debian what this machine lacks, says what it installs, and asks nothing:
#
#   scripts/deps.sh build    what a build needs: rpcgen, the runtime and the command `tern`
#   scripts/deps.sh demo     what scripts/demo.sh needs
#   scripts/deps.sh test     what tests and benchmarks need; also without an argument
#
# Where nothing is missing it changes nothing, and needs no rights. Else it needs root, or sudo that
# does not ask for a password. A program that is in PATH counts, wherever it came from.
set -eu

wanted=${1-test}
case $wanted in
  build | demo | test) ;;
  *) sed -n '2,10s/^# \{0,1\}//p' "$0" >&2; exit 2 ;;
esac

packages=

need() {
  packages="$packages $*"
}

# need_program PROGRAM PACKAGE
need_program() {
  command -v "$1" >/dev/null || need "$2"
}

# A build.
need_program cmake cmake
need_program g++ g++
need_program make make
need_program ninja ninja-build
need_program pkg-config pkg-config
# The compiler: a command line, texts, the parser that ANTLR wrote (whose runtime wants libuuid).
need libcli11-dev libfmt-dev libantlr4-runtime-dev uuid-dev
# The runtime: sockets, texts, JSON, HTTP/1, HTTP/2, gzip.
need libasio-dev libsimdjson-dev libhttp-parser-dev libnghttp2-dev zlib1g-dev
# The demo needs nothing else.

if [ "$wanted" = test ]; then
  # The registry on ZooKeeper; tokens that are signed, and TLS with the program that tests call.
  need libzookeeper-mt-dev libssl-dev
  need_program openssl openssl
  # Tests and benchmarks.
  need libgtest-dev libgmock-dev libbenchmark-dev rapidjson-dev
  # Protobuf, with which its codec is compared.
  need libprotobuf-dev
  need_program protoc protobuf-compiler
  need_program mold mold
  need_program git git
  # Tests of the registries on etcd and ZooKeeper, which start the servers; ZooKeeper's wants Java.
  need_program etcd etcd-server
  need_program etcdctl etcd-client
  need libzookeeper-java libslf4j-java
  need_program java default-jre-headless
  # Tests of the debug page.
  need_program chromium chromium
  # Tests against programs of Go.
  need_program go golang-go
  # Tests of peers that vanish, in a network namespace; chaos, which also drops and rejects packets.
  need_program ip iproute2
  need_program nft nftables
  # Tests of a wall clock that is set while programs run.
  need libfaketime
  # Tests of what pages show.
  need_program nc netcat-openbsd
  # gRPC's own C++ and Python's, and what makes their stubs.
  need libgrpc++-dev python3-grpcio python3-protobuf
  need_program grpc_cpp_plugin protobuf-compiler-grpc
  # Other clients of HTTP in tests: curl, and for Node Connect's, grpc-js and what drives a browser.
  need_program curl curl
  need_program node nodejs
  need_program npm npm
  # Tests of what is checked in: scripts/regenerate.sh, scripts/format.sh, scripts/tidy.sh; and of
  # what another compiler makes of users' code.
  need_program antlr4 antlr4
  need_program clang-format-14 clang-format-14
  need_program clang-tidy-14 clang-tidy-14
  need_program clang++-14 clang-14
fi

installed() {
  [ "$(dpkg-query -W -f='${db:Status-Status}' "$1" 2>/dev/null)" = installed ]
}

if ! command -v dpkg-query >/dev/null; then
  echo "deps: there is no dpkg-query, so this is not Debian; nothing was looked for or installed." >&2
  echo "deps: wanted, by Debian's names:$packages" >&2
  exit 0
fi

missing=
for package in $packages; do
  installed "$package" || missing="$missing $package"
done
if [ -z "$missing" ]; then
  echo "deps: all there"
  exit 0
fi

if [ "$(id -u)" -eq 0 ]; then
  as_root=
elif command -v sudo >/dev/null && sudo -n true 2>/dev/null; then
  as_root="sudo -n"
else
  echo "deps: needs root to install:$missing" >&2
  echo "deps: as root: apt-get install --no-install-recommends$missing" >&2
  exit 1
fi

echo "deps: installing from Debian:$missing"
log=$(mktemp)
trap 'rm -f "$log"' EXIT

# Quiet unless it fails.
apt_get() {
  if ! $as_root env DEBIAN_FRONTEND=noninteractive apt-get -q -y -o Acquire::Retries=3 "$@" \
      >"$log" 2>&1 </dev/null; then
    cat "$log" >&2
    echo "deps: apt-get $1: see above" >&2
    exit 1
  fi
}

apt_get update
# shellcheck disable=SC2086
apt_get install --no-install-recommends $missing
echo "deps: installed"
