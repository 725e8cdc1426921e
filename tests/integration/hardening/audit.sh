#!/bin/sh
# Looks at programs and shared libraries for what TERN_HARDENED gives them:
#
#   audit.sh READELF FILE...
#
# A line for each thing that is missing. The exit status is 1 if one is.
set -eu
readelf=$1
shift
good=true

# expect FILE WHAT PATTERN TEXT, expect_no FILE WHAT PATTERN TEXT
expect() {
  printf '%s\n' "$4" | grep -qE -e "$3" || { echo "$1: $2" >&2; good=false; }
}
expect_no() {
  if printf '%s\n' "$4" | grep -qE -e "$3"; then echo "$1: $2" >&2; good=false; fi
}

for file; do
  head=$("$readelf" -hW "$file")
  segments=$("$readelf" -lW "$file")
  dynamic=$("$readelf" -dW "$file")
  symbols=$("$readelf" --dyn-syms -W "$file")
  expect "$file" "its place in memory is not random (PIE)" 'Type: *DYN' "$head"
  expect "$file" "tables of the linker stay writable (relro)" 'GNU_RELRO' "$segments"
  expect "$file" "symbols are looked up late (-z now)" 'BIND_NOW|Flags:.* NOW' "$dynamic"
  expect "$file" "it does not say that its stack is not executable" 'GNU_STACK' "$segments"
  expect_no "$file" "its stack is executable" 'GNU_STACK.* [R ]WE ' "$segments"
  expect_no "$file" "memory is writable and executable" 'LOAD.* RWE ' "$segments"
  expect_no "$file" "its code is changed when it is loaded (TEXTREL)" 'TEXTREL' "$dynamic"
  expect "$file" "no function has a stack protector" '__stack_chk_fail' "$symbols"
done
$good
