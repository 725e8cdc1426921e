#!/bin/sh
# Runs an example and compares what it prints with the first ```text block of its README:
#
#   check.sh README COMMAND...
#
# Times and ports may differ. Fails if the command does, or if a line differs.
set -eu

readme=$1
shift
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

without_chance() {
  sed -E -e 's/[0-9]+\.[0-9]+ ms/N ms/g' -e 's/127\.0\.0\.1:[0-9]+/127.0.0.1:PORT/g' "$1"
}

awk '/^```/ { inside = !inside && !seen && $0 == "```text"; seen = seen || inside; next } inside' \
  "$readme" >"$work/readme"
[ -s "$work/readme" ] || { echo "check: $readme has no text block" >&2; exit 1; }
"$@" >"$work/output" || { cat "$work/output"; echo "check: $1 failed" >&2; exit 1; }

without_chance "$work/readme" >"$work/expected"
without_chance "$work/output" >"$work/printed"
diff -u "$work/expected" "$work/printed"
