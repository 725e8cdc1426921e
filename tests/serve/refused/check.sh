#!/bin/sh
# What must not compile does not, and says why; what stands beside it does:
#
#   check.sh FILE MACRO WORDS COMPILER FLAGS...
#
# FILE compiles with MACRO and not without, and the error has WORDS.
set -eu
file=$1
macro=$2
words=$3
shift 3

"$@" -fsyntax-only -D"$macro" "$file"
errors=$(mktemp)
trap 'rm -f "$errors"' EXIT
if "$@" -fsyntax-only "$file" 2>"$errors"; then
  echo "$file compiles without $macro"
  exit 1
fi
grep -q "$words" "$errors" || { cat "$errors"; exit 1; }
