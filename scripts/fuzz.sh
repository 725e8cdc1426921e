#!/bin/sh
# Builds the fuzzers of tests/fuzz with clang, in build/fuzz, and runs them one after the other:
#
#   scripts/fuzz.sh [--target NAME]... [--runs N | --minutes M] [--fast] [--merge] [--list]
#
#   --target NAME   one of those that --list shows; may be given several times. At first all
#   --runs N        so many inputs each; --minutes M: so long each. At first 5 minutes
#   --fast          without the address and undefined behaviour sanitizers, in build/fuzz-fast: several
#                   times as many inputs a second; asserts stay on
#   --merge         runs nothing: takes what was found that reaches new code into tests/fuzz/NAME
#
# What a run finds out is kept in build/fuzz/corpus/NAME, and the next one begins with it. An input
# that fails goes to build/fuzz/failed/NAME; the script says so, goes on with the next target, and
# fails at the end. Installs nothing. CXX names another clang than clang++-19.
set -eu
cd "$(dirname "$0")/.."

usage() {
  sed -n '2,16s/^# \{0,1\}//p' "$0" >&2
  exit 2
}

# As tests/fuzz/CMakeLists.txt has them.
all=$(tr '\n' ' ' <tests/fuzz/CMakeLists.txt | grep -o ' NAMES [a-z0-9_ ]*[a-z0-9]' |
  sed 's/^ NAMES //' | tr -s ' ' '\n' | sort)
targets=
limit=-max_total_time=300
merge=
build=fuzz
sanitizers=,address,undefined
while [ $# -gt 0 ]; do
  case $1 in
    --merge) merge=yes; shift; continue ;;
    --fast) build=fuzz-fast; sanitizers=; shift; continue ;;
    --list) printf '%s\n' "$all"; exit ;;
    --target | --runs | --minutes) [ $# -ge 2 ] || usage ;;
    *) usage ;;
  esac
  case $1 in
    --target)
      printf '%s\n' "$all" | grep -qx -- "$2" || {
        echo "fuzz: there is no target \"$2\"; there are:" $all >&2
        exit 2
      }
      targets="$targets $2" ;;
    --runs) limit=-runs=$2 ;;
    --minutes) limit=-max_total_time=$(($2 * 60)) ;;
  esac
  shift 2
done
: "${targets:=$all}"

wanted=${CXX-clang++-19}
if ! cxx=$(command -v "$wanted"); then
  echo "fuzz: there is no $wanted; Debian 12 has it in the package clang-19. CXX names another clang" >&2
  exit 1
fi
# A compiler can be there without what fuzzers are linked to.
if ! echo 'extern "C" int LLVMFuzzerTestOneInput(const char*, long) { return 0; }' |
    "$cxx" -fsanitize=fuzzer$sanitizers -x c++ - -o /dev/null 2>/dev/null; then
  echo "fuzz: $cxx cannot link a fuzzer; expected libFuzzer and the sanitizers, which Debian 12 has" \
    "in libclang-rt-19-dev for clang-19" >&2
  exit 1
fi
if command -v ccache >/dev/null; then
  export CMAKE_CXX_COMPILER_LAUNCHER=ccache
fi
cmake --preset $build -DCMAKE_CXX_COMPILER="$cxx" >/dev/null
# No name of a target has a space.
# shellcheck disable=SC2046,SC2086
cmake --build --preset $build --parallel "${JOBS-$(nproc)}" --target $(printf '%s_fuzzer ' $targets)

failed=
for name in $targets; do
  fuzzer=build/$build/tests/fuzz/${name}_fuzzer
  own=build/fuzz/corpus/$name
  bad=build/fuzz/failed/$name
  mkdir -p "$own" "$bad" "tests/fuzz/$name"
  # No input of a few KiB takes seconds, and none needs much memory.
  # Nothing else writes to the corpus, so it is read once; and which input comes next is chosen without
  # the weights of libFuzzer's "entropic", whose upkeep takes a third of the session fuzzer's time.
  set -- -timeout=20 -malloc_limit_mb=256 -rss_limit_mb=2048 -artifact_prefix="$bad/" -reload=0 -entropic=0
  words=tests/fuzz/${name%_client}.dict
  if [ -e "$words" ]; then
    set -- "$@" -dict="$words"
  fi
  if [ "$merge" ]; then
    # By lines of code alone, not by how often each is reached: else there would be thousands.
    "$fuzzer" "$@" -merge=1 -use_counters=0 "tests/fuzz/$name" "$own" 2>&1 | grep MERGE-OUTER | tail -n 1
    continue
  fi
  log=build/$build/$name.log
  if "$fuzzer" "$@" "$limit" -print_final_stats=1 "$own" "tests/fuzz/$name" >"$log" 2>&1; then
    echo "$name: $(sed -n 's/^stat::number_of_executed_units: *//p' "$log") inputs," \
      "$(sed -n 's/^stat::average_exec_per_sec: *//p' "$log") a second, nothing was found"
  else
    echo "$name: an input failed: $bad; $log has the report" >&2
    failed=yes
  fi
done
[ -z "$failed" ]
