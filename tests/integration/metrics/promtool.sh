#!/bin/sh
# What a server says at /metrics passes promtool's check, which also judges names:
#
#   promtool.sh SERVER
set -eu
# shellcheck source=scripts/lib/background.sh
. "$(dirname "$0")/../../../scripts/lib/background.sh"

start 3 server "$1" tcp@127.0.0.1:0
url=http://${address#tcp@}

curl -sSf -H 'Content-Type: application/json' -d '{"A": 7, "B": 8}' "$url/arith.Arith/Multiply"
curl -sSf "$url/metrics" >"$work/metrics"
grep -q '^tern_server_calls_total{service="arith.Arith",method="Multiply"} 1$' "$work/metrics"
promtool check metrics <"$work/metrics" >"$work/complaints" 2>&1 || { cat "$work/complaints"; exit 1; }
[ ! -s "$work/complaints" ] || { cat "$work/complaints"; exit 1; }
