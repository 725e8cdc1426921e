#!/bin/sh
# Lays out our C++ files with clang-format 14; --check only reports those that differ, and fails.
# What programs wrote (generated/, and what the tests expect of the generator) stays as it is.
set -eu
cd "$(dirname "$0")/.."

case ${1-} in
  "") mode=-i ;;
  --check) mode="--dry-run -Werror" ;;
  *) sed -n '2,3s/^# \{0,1\}//p' "$0" >&2; exit 2 ;;
esac

clang_format=$(command -v clang-format-14 || command -v clang-format) || {
  echo "format: clang-format is not installed; scripts/deps.sh installs it" >&2
  exit 1
}
# shellcheck disable=SC2086
git ls-files -z --cached --others --exclude-standard -- '*.cc' '*.h' ':!generated' ':!*golden*' |
  xargs -0 "$clang_format" $mode
