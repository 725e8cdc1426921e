# shellcheck shell=sh
# Programs that run in the background as long as a script does. To be sourced.
#
# $work is a directory for the script's files. When the script ends, it is removed, and the programs
# below that still run are killed.

work=$(mktemp -d)
mkdir "$work/running"

# finish [SIGNAL]
finish() {
  for each in "$work/running"/*; do
    kill -s "${1:-TERM}" "${each##*/}" 2>/dev/null || true
  done
  rm -rf "$work"
}
trap finish EXIT
trap 'exit 130' INT TERM

# kill_at_end PROCESS
kill_at_end() {
  : >"$work/running/$1"
}

# start FD NAME COMMAND...: starts a program whose first line says where it listens. Sets $address
# to that line, and $process to the id of the program. The rest of its output is read from FD. NAME
# is for the error if it ends before.
start() {
  start_fd=$1
  start_name=$2
  shift 2
  mkfifo "$work/output"
  "$@" >"$work/output" &
  process=$!
  kill_at_end "$process"
  eval "exec $start_fd<\"\$work/output\""
  rm "$work/output"
  # shellcheck disable=SC2034
  read -r address <&"$start_fd" ||
    { echo "$(basename "$0" .sh): the $start_name ended before it listened" >&2; exit 1; }
}

# await PROCESS: waits for its end. Its exit status is returned.
await() {
  await_status=0
  wait "$1" 2>/dev/null || await_status=$?
  rm "$work/running/$1"
  return "$await_status"
}

# stop PROCESS: tells it to stop, and waits for its end. Its exit status is returned.
stop() {
  kill -TERM "$1" && await "$1"
}
