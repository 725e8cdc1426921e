#!/bin/sh
# Names what docs/dependencies.md does not: a package that deps.sh installs, or a library that a
# program loads.
#
#   dependencies.sh PROJECT_ROOT PROGRAM...
set -eu

root=$1
shift
page=$root/docs/dependencies.md
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# On a machine with nothing but these, deps.sh says all that it wants.
for program in sh sed; do ln -s "$(command -v $program)" "$work/$program"; done
wanted=$(PATH="$work" sh "$root/scripts/deps.sh" test 2>&1 | sed -n "s/.*by Debian's names://p")
[ -n "$wanted" ] || { echo "deps.sh names no packages"; exit 1; }
for package in $wanted; do
  if ! grep -q "\`$package\`" "$page"; then echo "docs/dependencies.md has no package $package"; fi
done >"$work/missing"

# The file that the loader looks for belongs to one of these.
name_of() {
  case $1 in
    libasan.so* | libubsan.so* | libtsan.so*) echo "" ;;
    libc.so* | libm.so* | libgcc_s.so* | libstdc++.so* | ld-linux*) echo "the C and C++ libraries" ;;
    libresolv.so*) echo libresolv ;;
    libfmt.so*) echo "fmt 9" ;;
    libsimdjson.so*) echo "simdjson 3" ;;
    libhttp_parser.so*) echo http_parser ;;
    libnghttp2.so*) echo "nghttp2 1.52" ;;
    libz.so*) echo "zlib 1.2" ;;
    libssl.so* | libcrypto.so*) echo "OpenSSL 3.0" ;;
    libantlr4-runtime.so*) echo "ANTLR's C++ runtime" ;;
    libcrypto.so*) echo "OpenSSL 3.0" ;;
    libzookeeper_mt.so*) echo "ZooKeeper's C client" ;;
    *) echo "$1" ;;
  esac
}
for program in "$@"; do
  readelf -d "$program" | sed -n 's/.*(NEEDED).*\[\(.*\)\].*/\1/p' >"$work/needed"
  [ -s "$work/needed" ] || { echo "$program loads nothing?"; exit 1; }
  while read -r library; do
    name=$(name_of "$library")
    if ! grep -q -F "$name" "$page"; then echo "docs/dependencies.md has no $library of $program"; fi
  done <"$work/needed"
done >>"$work/missing"

cat "$work/missing"
[ ! -s "$work/missing" ]
