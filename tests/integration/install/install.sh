#!/bin/sh
# Installs a build into an empty prefix and looks at what is there.
#
#   install.sh BUILD_DIR LIBDIR PART...: with these parts beside the runtime
set -eu

prefix=$SCRATCH/prefix
rm -rf "$prefix"
mkdir -p "$SCRATCH"
cmake --install "$1" --prefix "$prefix" > "$SCRATCH/install.log"

fail() {
  echo "install.sh: $*" >&2
  exit 1
}
for file in \
    include/tern/tern.h include/tern/codegen/type_ops_of.h "$2/libtern.a" "$2/pkgconfig/tern.pc" \
    "$2/cmake/tern/tern-config.cmake" "$2/cmake/tern/tern-config-version.cmake" \
    "$2/cmake/tern/tern-runtime-targets.cmake" "$2/cmake/tern/tern-compiler-targets.cmake" \
    "$2/cmake/tern/TernGenerate.cmake" libexec/tern/rpcgen; do
  [ -f "$prefix/$file" ] || fail "$file is not installed"
done

known="etcd grpc_services jwt tls zookeeper"
for part in $known; do
  expected=absent
  case " $* " in *" $part "*) expected=there ;; esac
  for file in "include/tern/$part.h" "$2/libtern_$part.a" "$2/pkgconfig/tern-$part.pc" \
      "$2/cmake/tern/tern-$part-targets.cmake"; do
    actual=absent
    [ ! -f "$prefix/$file" ] || actual=there
    [ "$actual" = "$expected" ] || fail "$file is $actual; it should be $expected"
  done
done

# Only what belongs to Tern, and no rpcgen where PATH would find it.
[ "$(ls "$prefix/bin")" = tern ] || fail "in bin is $(ls "$prefix/bin"); it should be tern"
others=$(cd "$prefix" && find . -type f ! -path './include/tern/*' ! -path "./$2/cmake/tern/*" \
  ! -path "./$2/libtern.a" ! -path "./$2/pkgconfig/tern.pc" ! -path './libexec/tern/rpcgen' \
  ! -path './bin/tern' \
  ! -path "./$2/libtern_*.a" ! -path "./$2/pkgconfig/tern-*.pc")
[ -z "$others" ] || fail "installed, too: $others"

# Nothing in it leads back to the source or the build.
for text in "$prefix/$2/cmake/tern"/*.cmake "$prefix/$2/pkgconfig"/*.pc; do
  if grep -n -F "$1" "$text"; then fail "$text names the build directory"; fi
done
"$prefix/libexec/tern/rpcgen" --version
"$prefix/bin/tern" --version
