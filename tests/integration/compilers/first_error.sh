#!/bin/sh
# Fails unless each header's first error has this text:  first_error.sh TEXT HEADER... -- COMPILER...
set -eu

text=$1
shift
headers=
while [ "$1" != -- ]; do
  headers="$headers $1"
  shift
done
shift

status=0
# No header has a space in its name.
for header in $headers; do
  said=$("$@" -fmax-errors=1 -fsyntax-only -x c++ "$header" 2>&1 || true)
  case $(echo "$said" | grep -m 1 'error:') in
    *"$text"*) ;;
    *)
      echo "$header: expected \"$text\" in the first error of $*, got:"
      echo "$said"
      status=1
      ;;
  esac
done
exit $status
