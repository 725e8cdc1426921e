#!/bin/sh
# Programs that nobody here wrote, at a server with mutual TLS:
#
#   clients.sh TLS_SERVER MAKE_CERTIFICATES PYTHON
#
# curl over HTTP/1.1 and HTTP/2, grpcio, and openssl with what a server must refuse.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=scripts/lib/background.sh
. "$here/../../../scripts/lib/background.sh"

certificates=$work/certificates
"$2" "$certificates" server client
start 3 server "$1" tls@127.0.0.1:0 "$certificates" 2>"$work/log"
where=${address#*@}

fail() {
  echo "clients: $*" >&2
  exit 1
}

# says TEXT FILE
says() {
  grep -q -e "$1" "$2" || { cat "$2" >&2; fail "expected \"$1\""; }
}

# call VERSION ARGUMENT...: by curl; what comes back, and the version of HTTP.
call() {
  curl -sS --max-time 20 --cacert "$certificates/authority.pem" \
    -H 'Content-Type: application/json' -d '"world"' -w ' over %{http_version}' "$@" \
    "https://$where/greeting.Greeter/Greet" >"$work/answer" 2>&1
}
own="--cert $certificates/client.pem --key $certificates/client.key"

# shellcheck disable=SC2086
call --http1.1 $own || fail "curl --http1.1: $(cat "$work/answer")"
says '^"hello, world" over 1.1' "$work/answer"
# shellcheck disable=SC2086
call --http2 $own || fail "curl --http2: $(cat "$work/answer")"
says '^"hello, world" over 2' "$work/answer"
# shellcheck disable=SC2086
call --no-alpn $own || fail "curl --no-alpn: $(cat "$work/answer")"
says '^"hello, world" over 1.1' "$work/answer"
if call --http1.1; then fail "curl without a certificate was answered"; fi
says 'certificate required' "$work/answer"

# Plaintext gets an answer that says what is wrong.
curl -sS --max-time 20 -i "http://$where/greeting.Greeter/Greet" >"$work/answer" 2>&1 || true
says '^HTTP/1.1 400 Plaintext On An Address Of TLS' "$work/answer"
says 'this address takes TLS alone' "$work/answer"

# openssl ARGUMENT...: what s_client says of a connection. It sends nothing.
openssl_client() {
  timeout 20 openssl s_client -connect "$where" -servername localhost \
    -CAfile "$certificates/authority.pem" -cert "$certificates/client.pem" \
    -key "$certificates/client.key" "$@" </dev/null >"$work/answer" 2>&1
}
openssl_client -tls1_3 -alpn tern || fail "TLS 1.3 is refused: $(cat "$work/answer")"
says '^ALPN protocol: tern' "$work/answer"
says 'Verification: OK' "$work/answer"
# No ticket stands for a client certificate.
if grep -q 'TLS session ticket:' "$work/answer"; then fail "there are tickets with client certificates"; fi
openssl_client -tls1_2 || fail "TLS 1.2 is refused: $(cat "$work/answer")"
says 'Compression: NONE' "$work/answer"
for version in -tls1 -tls1_1; do
  if openssl_client $version -cipher 'ALL:@SECLEVEL=0'; then fail "$version is taken"; fi
  says 'alert protocol version' "$work/answer"
done
for cipher in AES128-SHA AES128-GCM-SHA256 ECDHE-ECDSA-AES128-SHA256; do
  if openssl_client -tls1_2 -cipher "$cipher"; then fail "$cipher is taken"; fi
  says 'handshake failure' "$work/answer"
done
if openssl_client -alpn spdy/1; then fail "any protocol is taken"; fi
says 'alert no application protocol' "$work/answer"
# A command of s_client's: handshake again.
printf 'R\n' | timeout 20 openssl s_client -connect "$where" -tls1_2 \
  -cert "$certificates/client.pem" -key "$certificates/client.key" >"$work/answer" 2>&1 || true
says 'no renegotiation' "$work/answer"

"$3" "$here/grpc_client.py" "$where" "$certificates"
