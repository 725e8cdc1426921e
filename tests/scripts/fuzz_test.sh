#!/bin/sh
# scripts/fuzz.sh says what it misses and whom it does not know, and knows every target:
#
#   fuzz_test.sh ROOT
set -eu
root=$1
script=$root/scripts/fuzz.sh
status=0

fail() {
  echo "$*" >&2
  status=1
}

# expect STATUS WORDS COMMAND...
expect() {
  wanted=$1
  words=$2
  shift 2
  code=0
  said=$("$@" 2>&1) || code=$?
  [ "$code" = "$wanted" ] || fail "$*: status $code; expected $wanted: $said"
  case $said in
    *"$words"*) ;;
    *) fail "$*: expected \"$words\", got: $said" ;;
  esac
}

expect 1 "there is no no-such-clang" env CXX=no-such-clang "$script" --target json
expect 1 "cannot link a fuzzer" env CXX=false "$script" --target json
expect 2 'no target "no_such_target"' "$script" --target no_such_target
expect 2 "scripts/fuzz.sh [--target NAME]" "$script" --runs
expect 2 "scripts/fuzz.sh [--target NAME]" "$script" --what

# Each is declared, and has a corpus, which has a test.
listed=$("$script" --list)
declared=$(sed -n 's/^void \([a-z0-9_]*\)(tern::ByteView input);$/\1/p' "$root/tests/fuzz/targets.h" | sort)
[ "$listed" = "$declared" ] || fail "listed are: $listed; declared in targets.h: $declared"
for target in $listed; do
  [ -d "$root/tests/fuzz/$target" ] || fail "$target has no corpus"
  grep -q "replay(\"$target\", &$target);" "$root"/tests/fuzz/*_test.cc || fail "$target has no test"
done

size=$(find "$root/tests/fuzz" -mindepth 2 -type f -printf '%s\n' | awk '{ sum += $1 } END { print sum }')
[ "$size" -le 2097152 ] || fail "the corpora have $size bytes; expected at most 2 MiB"
exit $status
