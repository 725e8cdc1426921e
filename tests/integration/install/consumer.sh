#!/bin/sh
# Builds the consumer against the installed Tern, runs it, edits what it imports and looks at what
# is built again.
#
#   consumer.sh GENERATOR [COMPONENTS]
set -eu

here=$(cd "$(dirname "$0")" && pwd)
work=$SCRATCH/$(echo "$1" | tr ' ' '_')
rm -rf "$work"
mkdir -p "$work/bin"
cp -r "$here/consumer" "$work/src"

# The rpcgen in PATH is ONC RPC's: whoever runs it is wrong.
printf '#!/bin/sh\necho "this is not the rpcgen to use" >&2\nexit 1\n' > "$work/bin/rpcgen"
chmod +x "$work/bin/rpcgen"
PATH=$work/bin:$PATH

# build STEP EXPECTED...: builds, and compares what ran with what should have.
build() {
  step=$1
  shift
  cmake --build "$work/build" > "$work/$step.log" 2>&1 || { cat "$work/$step.log"; exit 1; }
  sed -n -e 's/.*\(Generating C++ from .*\)/\1/p' \
         -e 's/.*Building CXX object .*\/\([a-z.]*\)\.o$/Compiling \1/p' "$work/$step.log" |
    sort > "$work/$step.ran"
  : > "$work/$step.expected"
  for each in "$@"; do echo "$each"; done | sort > "$work/$step.expected"
  if ! diff -u "$work/$step.expected" "$work/$step.ran"; then
    echo "consumer.sh: step $step did not run what it should" >&2
    cat "$work/$step.log" >&2
    exit 1
  fi
}

# A change is seen by its time; wait until the clock has left that of the last build.
edit() {
  while :; do
    touch "$work/now"
    [ -z "$(find "$work/build" -newer "$work/now" | head -n 1)" ] && break
  done
  sed -i "$1" "$work/src/idl/name.rpc"
}

cmake -S "$work/src" -B "$work/build" -G "$1" -DCMAKE_PREFIX_PATH="$SCRATCH/prefix" \
  -DTERN_COMPONENTS="$(echo "${2:-}" | tr " " ";")" > "$work/configure.log" 2>&1 || { cat "$work/configure.log"; exit 1; }

build everything \
  "Generating C++ from greeter.rpc" "Generating C++ from name.rpc" \
  "Generating C++ from unrelated.rpc" \
  "Compiling greeter.rpc.cc" "Compiling greeter.service.cc" \
  "Compiling name.rpc.cc" "Compiling name.service.cc" \
  "Compiling unrelated.rpc.cc" "Compiling unrelated.service.cc" \
  "Compiling main.cc" "Compiling unrelated.cc"
"$work/build/consumer"

build nothing

edit 's/string first = 1;/string first = 1;\n  optional string last = 2;/'
build a_field \
  "Generating C++ from greeter.rpc" "Generating C++ from name.rpc" \
  "Compiling greeter.rpc.cc" "Compiling greeter.service.cc" \
  "Compiling name.rpc.cc" "Compiling name.service.cc" \
  "Compiling main.cc"
"$work/build/consumer"
build nothing_again

# What does not change the output changes nothing.
edit 's/^struct/\/\/ A remark.\nstruct/'
build a_comment "Generating C++ from greeter.rpc" "Generating C++ from name.rpc"
build nothing_at_last
