#!/bin/sh
# A program that has nothing of all that does not pass:
#
#   audit_can_fail.sh COMPILER AUDIT READELF
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
echo 'int main() {}' >"$work/main.cc"
"$1" -fno-stack-protector -no-pie -Wl,-z,norelro,-z,lazy,-z,execstack "$work/main.cc" -o "$work/weak"
shift
if "$@" "$work/weak" 2>"$work/said"; then
  echo "audit_can_fail: the audit says nothing of it" >&2
  exit 1
fi
for text in PIE relro '-z now' 'stack is executable' 'stack protector'; do
  grep -q -e "$text" "$work/said" || { cat "$work/said" >&2; echo "audit_can_fail: no $text" >&2; exit 1; }
done
