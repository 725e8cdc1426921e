#!/bin/sh
# Runs clang-tidy 14 with .clang-tidy's checks; fails if it finds something:
#
#   scripts/tidy.sh [FILE...]
#
# Without files: all of rpcgen, and of the runtime the layers without Asio (clang 14 does
# not see coroutines in them). What programs wrote (generated/) is not looked at, nor what
# includes ANTLR's headers, which are not for clang. Nothing is built: build/tidy holds what
# says how each file is compiled.
set -eu
cd "$(dirname "$0")/.."

clang_tidy=$(command -v clang-tidy-14) || {
  echo "tidy: clang-tidy-14 is not installed; scripts/deps.sh installs it" >&2
  exit 1
}
cmake -S . -B build/tidy -G Ninja -DCMAKE_BUILD_TYPE=Debug -DTERN_BUILD_TESTS=OFF \
  -DTERN_BUILD_EXAMPLES=OFF -DTERN_WITH_ZOOKEEPER=OFF -DTERN_WITH_TLS=OFF >/dev/null

if [ $# -eq 0 ]; then
  # No file of these has a space in its name.
  # shellcheck disable=SC2046
  set -- $(git ls-files --cached --others --exclude-standard -- 'compiler/*.cc' \
    ':!compiler/syntax/antlr/*.cc' ':!compiler/syntax/parser.cc' \
    'runtime/src/base/*.cc' 'runtime/src/codec/*.cc' 'runtime/src/http/*.cc' 'runtime/src/http2/*.cc' 'runtime/src/wire/*.cc')
fi

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
# What is found in a file is printed in one piece.
cat >"$work/tidy_one" <<'END'
out=$1/$$
"$2" -p build/tidy --quiet "$3" >"$out" 2>"$out.err" && exit
[ -s "$out" ] || out=$out.err
cat "$out"
exit 1
END
printf '%s\n' "$@" | xargs -P "$(nproc)" -n 1 sh "$work/tidy_one" "$work" "$clang_tidy" >&2 || {
  echo "tidy: clang-tidy found something: see above" >&2
  exit 1
}
echo "tidy: $# files are clean"
