#!/bin/sh
# Every relative link of a page of the project leads to a file or folder:  links.sh ROOT
set -eu
cd "$1"

broken=$(
  find . -name '*.md' -not -path './build/*' -not -path './.git/*' | sort | while read -r page; do
    { grep -oE '\]\([^)#: ]+[)#]' "$page" || true; } | sed -E 's/^\]\(//; s/[)#]$//' |
      while read -r link; do
        [ -e "$(dirname "$page")/$link" ] || echo "$page: $link is not there"
      done
  done
)
[ -z "$broken" ] || { echo "$broken"; exit 1; }
