#!/bin/sh
# Installs from Debian what building and testing Tern needs and this machine lacks. Asks nothing;
# does nothing when all is there. Needs root, or sudo that does not ask for a password.
set -eu

packages=

need() {
  packages="$packages $*"
}

# Any build.
need cmake g++ make ninja-build pkg-config
# The compiler: a command line, texts, the parser that ANTLR wrote (whose runtime wants libuuid).
need libcli11-dev libfmt-dev libantlr4-runtime-dev uuid-dev
# The runtime: sockets, texts, JSON, HTTP/1.
need libasio-dev libsimdjson-dev libhttp-parser-dev
# The registry on ZooKeeper.
need libzookeeper-mt-dev
# Tests and benchmarks.
need libgtest-dev libgmock-dev libbenchmark-dev rapidjson-dev git
# Tests of the registries on etcd and ZooKeeper, which start the servers; ZooKeeper's wants Java.
need etcd-server etcd-client libzookeeper-java libslf4j-java default-jre-headless
# Tests of the debug page.
need chromium
# Tests against programs of Go.
need golang-go
# Tests of what pages show.
need netcat-openbsd
# Other clients of HTTP in tests: curl, and for Node, which may come from elsewhere, Connect's and
# what drives a browser.
need curl
command -v node >/dev/null || need nodejs
command -v npm >/dev/null || need npm
# Tests of what is checked in: scripts/regenerate.sh, scripts/format.sh, clang-tidy on generated code.
need antlr4 default-jre-headless clang-format clang-tidy

installed() {
  [ "$(dpkg-query -W -f='${db:Status-Status}' "$1" 2>/dev/null)" = installed ]
}

if ! command -v dpkg-query >/dev/null; then
  echo "deps: no dpkg-query: this is not Debian; install these, or what they are called here:" >&2
  echo " $packages" >&2
  exit 1
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
  exit 1
fi

echo "deps: installing:$missing"
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
