#!/bin/sh
# links.sh and tests.sh find what is wrong with a project that is.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
root=$(mktemp -d)
trap 'rm -rf "$root"' EXIT
mkdir "$root/docs" "$root/tests"

expect() {
  wanted=$1
  shift
  found=$("$@" || true)
  [ "$found" = "$wanted" ] || { echo "expected \"$wanted\", got \"$found\""; exit 1; }
}

echo 'TEST(Wire, Holds) {}' >"$root/tests/wire_test.cc"
echo 'See [tests](../tests), [more](more.md#top), [elsewhere](https://example.org/), `Wire.Holds`.' \
  >"$root/docs/THREAT_MODEL.md"
expect "./docs/THREAT_MODEL.md: more.md is not there" "$here/links.sh" "$root"
expect "" "$here/tests.sh" "$root"

echo '`Wire.Breaks`' >>"$root/docs/THREAT_MODEL.md"
touch "$root/docs/more.md"
expect "" "$here/links.sh" "$root"
expect "there is no test Wire.Breaks" "$here/tests.sh" "$root"
