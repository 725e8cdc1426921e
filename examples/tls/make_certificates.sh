#!/bin/sh
# Makes an authority, and certificates that it signs, for tests and examples:
#
#   make_certificates.sh DIRECTORY NAME...
#
# Each NAME gets NAME.pem and NAME.key, for this machine's name "localhost" and for the SPIFFE ID
# spiffe://example.org/NAME; both last for 30 days. The authority is authority.pem, with
# authority.key, which nobody but this script needs. An authority that is there is used again, so
# that certificates can be made anew. Files take the place of old ones in one step each: a program
# that reads them meanwhile never sees half of one.
set -eu

[ $# -ge 2 ] || { sed -n '2,10s/^# \{0,1\}//p' "$0" >&2; exit 2; }
directory=$1
shift
mkdir -p "$directory"
cd "$directory"
umask 077

made=$(mktemp -d)
trap 'rm -rf "$made"' EXIT

# quietly COMMAND...: what it says only if it fails.
quietly() {
  "$@" >"$made/said" 2>&1 || { cat "$made/said" >&2; exit 1; }
}

if [ ! -f authority.key ]; then
  quietly openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 365 \
    -subj "/CN=the example's authority" \
    -addext basicConstraints=critical,CA:TRUE -addext keyUsage=critical,keyCertSign,cRLSign \
    -keyout "$made/authority.key" -out "$made/authority.pem"
  mv "$made/authority.key" "$made/authority.pem" .
fi

for name; do
  cat >"$made/extensions" <<END
basicConstraints=critical,CA:FALSE
keyUsage=critical,digitalSignature
extendedKeyUsage=serverAuth,clientAuth
subjectAltName=DNS:localhost,IP:127.0.0.1,URI:spiffe://example.org/$name
END
  quietly openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj "/CN=$name" \
    -keyout "$made/$name.key" -out "$made/request"
  quietly openssl x509 -req -in "$made/request" -days 30 -CA authority.pem -CAkey authority.key \
    -CAcreateserial -extfile "$made/extensions" -out "$made/$name.pem"
  mv "$made/$name.key" "$made/$name.pem" .
done
