#!/bin/sh
# check_table.py finds what a page says wrongly of cases.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

cat >"$work/page.md" <<'END'
| case | one at two | two at one |
|---|---|---|
| first | passes | passes |
| second | no (1) | passes (2, 1) |

1. for a
   reason
2. in its way

## More

1. another one
END

# expect STATUS TEXT COLUMN LINE...: what the check says of a client that prints these lines.
expect() {
  status=$1
  text=$2
  column=$3
  shift 3
  was=0
  printf '%s\n' "$@" >"$work/lines"
  "$here/check_table.py" "$work/page.md" "$column" cat "$work/lines" >"$work/output" 2>&1 || was=$?
  [ "$was" -eq "$status" ] && grep -qF "$text" "$work/output" && return
  echo "expected $status and \"$text\", came $was and:"
  cat "$work/output"
  exit 1
}

expect 0 "first: passes" "one at two" "first: passes" "second: no (for a reason)"
expect 0 "second: passes" "two at one" "first: passes" "second: passes (in its way; for a reason)"
expect 1 "second, one at two" "one at two" "first: passes" "second: passes"
expect 1 "second, one at two" "one at two" "first: passes" "second: no (in its way)"
expect 1 "second, one at two" "one at two" "first: passes"
expect 1 "third, one at two" "one at two" "first: passes" "second: no (for a reason)" "third: passes"
expect 1 "no case was run" "one at two" "nothing"
expect 1 "0 tables" "one at three" "first: passes"

"$here/check_table.py" "$work/page.md" "one at two" false && exit 1
exit 0
