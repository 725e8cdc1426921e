#!/bin/sh
# Tern's client at servers that nobody here wrote:
#
#   servers.sh TLS_CLIENT MAKE_CERTIFICATES PYTHON
#
# grpcio with mutual TLS; and openssl, with what a client must refuse.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=scripts/lib/background.sh
. "$here/../../../scripts/lib/background.sh"

certificates=$work/certificates
"$2" "$certificates" server client

fail() {
  echo "servers: $*" >&2
  exit 1
}

# says TEXT FILE
says() {
  grep -q -e "$1" "$2" || { cat "$2" >&2; fail "expected \"$1\""; }
}

start 3 server "$3" "$here/grpc_server.py" "$certificates"
"$1" "$address" "$certificates" >"$work/answer" 2>&1
says '^hello, client' "$work/answer"
says '^stranger: TLS' "$work/answer"
stop "$process" || true

# server ARGUMENT...: one that openssl makes, on a port that it chooses.
server() {
  : >"$work/said"
  openssl s_server -accept 127.0.0.1:0 -key "$certificates/server.key" \
    -cert "$certificates/server.pem" -www "$@" >"$work/said" 2>&1 </dev/null &
  process=$!
  kill_at_end "$process"
  until grep -q '^ACCEPT' "$work/said"; do
    kill -0 "$process" 2>/dev/null || fail "openssl s_server: $(cat "$work/said")"
  done
  where=$(sed -n 's/^ACCEPT //p' "$work/said" | head -1)
}

server -tls1_1 -cipher 'ALL:@SECLEVEL=0'
"$1" "tls@$where" "$certificates" >"$work/answer" 2>&1
says 'no version of TLS\|takes no version' "$work/answer"
if grep -q hello "$work/answer"; then fail "TLS 1.1 was taken"; fi
stop "$process" || true

# Without ALPN gRPC is not spoken.
server
"$1" "grpc+tls@$where" "$certificates" >"$work/answer" 2>&1
says 'has not agreed to "h2" by ALPN' "$work/answer"
stop "$process" || true
