#!/bin/sh
# Simulates clients, servers and clusters on a network that misbehaves (tests/sim), new seeds each
# time, until the time is over or a promise is broken:
#
#   scripts/sim.sh [--minutes M] [--from SEED] [--calls N] [--protocol P]
#
# Says which seeds it has run; `tern_sim --seed N --steps` shows one of them step by step.
set -eu
cd "$(dirname "$0")/.."

minutes=5
from=$(date +%s)
calls=200
protocol=
while [ $# -gt 0 ]; do
  [ $# -ge 2 ] || { sed -n '2,7s/^# \{0,1\}//p' "$0" >&2; exit 2; }
  case $1 in
    --minutes) minutes=$2 ;;
    --from) from=$2 ;;
    --calls) calls=$2 ;;
    --protocol) protocol=$2 ;;
    *) sed -n '2,7s/^# \{0,1\}//p' "$0" >&2; exit 2 ;;
  esac
  shift 2
done

scripts/deps.sh build
if command -v ccache >/dev/null; then
  export CMAKE_CXX_COMPILER_LAUNCHER=ccache
fi
cmake --preset test > /dev/null
cmake --build --preset test --target tern_sim --parallel "$(nproc)"

end=$(($(date +%s) + minutes * 60))
step=100
begun=$from
while [ "$(date +%s)" -lt "$end" ]; do
  if ! out=$(build/test/tests/sim/tern_sim --from "$from" --to $((from + step - 1)) \
      --calls "$calls" ${protocol:+--protocol "$protocol"}); then
    printf '%s\n' "$out"
    exit 1
  fi
  from=$((from + step))
done
printf '%s\n' "$out"
echo "seeds $begun to $((from - 1)) with $calls calls each: every promise was kept; above: the last $step"
