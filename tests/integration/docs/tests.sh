#!/bin/sh
# Every test that a page below names, as `Suite.Name`, exists:  tests.sh ROOT
set -eu
cd "$1"

named=
for page in docs/THREAT_MODEL.md docs/go_behaviours.md docs/grpc.md; do
  [ -e "$page" ] || continue
  here=$(grep -oE '`[A-Z][A-Za-z0-9]*\.[A-Z][A-Za-z0-9]*`' "$page" | tr -d '`' | sort -u)
  [ -n "$here" ] || { echo "$page names no test"; exit 1; }
  named="$named $here"
done

work=$(mktemp)
trap 'rm -f "$work"' EXIT
find tests -name '*.cc' -exec cat {} + | tr '\n' ' ' |
  grep -oE 'TEST(_F|_P)?\( *[A-Za-z0-9]+, *[A-Za-z0-9]+' |
  sed -E 's/^TEST(_F|_P)?\( *([A-Za-z0-9]+), */\2./' >"$work"

missing=$(for test in $named; do grep -qx "$test" "$work" || echo "there is no test $test"; done)
[ -z "$missing" ] || { echo "$missing"; exit 1; }
