#!/bin/sh
# What deps.sh asks for, and when: with dpkg-query, apt-get and id of the test's own.
#
#   deps_test.sh DEPS_SH
set -eu

deps=$1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir "$work/bin"

# A machine with nothing but a shell and what it needs.
for program in sh env sed cat grep mktemp rm; do ln -s "$(command -v $program)" "$work/bin/$program"; done

# fake NAME BODY
fake() {
  printf '#!/bin/sh\n%s\n' "$2" >"$work/bin/$1"
  chmod +x "$work/bin/$1"
}
# The last argument is the package's name.
fake dpkg-query 'for name; do :; done; grep -qx "$name" "'"$work"'/there" && printf installed'
fake apt-get 'echo "$@" >>"'"$work"'/asked"'
fake id 'cat "'"$work"'/uid"'

fail() {
  echo "deps_test: $*" >&2
  exit 1
}

# run STATUS ARGUMENT...: deps.sh of the machine; what it says is in $work/said.
run() {
  expected=$1
  shift
  : >"$work/asked"
  status=0
  PATH="$work/bin" sh "$deps" "$@" >"$work/said" 2>&1 || status=$?
  [ $status -eq "$expected" ] || {
    cat "$work/said" >&2
    fail "deps.sh $*: exit status $status; expected $expected"
  }
}

asked_for() {
  grep -q "install .* $1\( \|$\)" "$work/asked"
}

: >"$work/there"
echo 0 >"$work/uid"

# A build and the demo do without what only tests need.
for what in build demo; do
  run 0 $what
  for package in g++ cmake ninja-build libasio-dev libantlr4-runtime-dev; do
    asked_for $package || fail "$what: $package was not installed"
    grep -q "installing .* $package" "$work/said" || fail "$what: did not say that it installs $package"
  done
  for package in chromium golang-go default-jre-headless etcd-server libgtest-dev clang-tidy-14; do
    if asked_for $package; then fail "$what: $package was installed"; fi
  done
done

# Tests need them all; so does no argument.
run 0 test
for package in g++ libasio-dev chromium golang-go etcd-server libgtest-dev clang-14; do
  asked_for $package || fail "test: $package was not installed"
done
cp "$work/asked" "$work/test_asked"
run 0
cmp -s "$work/asked" "$work/test_asked" || fail "no argument is not \"test\""

# A program that is there needs no package.
fake cmake 'exit 0'
run 0 build
if asked_for cmake; then fail "cmake was installed though there is one"; fi

# Without root: what is missing is said, and nothing is tried.
echo 1000 >"$work/uid"
run 1 build
grep -q "needs root to install: .*libasio-dev" "$work/said" || fail "did not say what needs root"
[ ! -s "$work/asked" ] || fail "apt-get ran without root"

# Without root, and nothing is missing.
for package in g++ make ninja-build pkg-config libcli11-dev libfmt-dev libantlr4-runtime-dev uuid-dev \
    libasio-dev libsimdjson-dev libhttp-parser-dev libnghttp2-dev zlib1g-dev; do
  echo $package >>"$work/there"
done
run 0 demo
[ "$(cat "$work/said")" = "deps: all there" ] || fail "said $(cat "$work/said")"
[ ! -s "$work/asked" ] || fail "apt-get ran though nothing was missing"

# What is not Debian is left to the build, which says what it lacks.
rm "$work/bin/dpkg-query"
run 0 build
grep -q "this is not Debian" "$work/said" || fail "did not say that this is not Debian"

run 2 everything
grep -q "deps.sh demo" "$work/said" || fail "a wrong argument did not bring the usage"
