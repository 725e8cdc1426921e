#!/bin/sh
# grpc-js at a server with mutual TLS, in the folder with its packages:
#
#   grpc_js.sh TLS_SERVER MAKE_CERTIFICATES NODE
set -eu
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=scripts/lib/background.sh
. "$here/../../../scripts/lib/background.sh"

"$2" "$work/certificates" server client
start 3 server "$1" tls@127.0.0.1:0 "$work/certificates" 2>"$work/log"
"$3" tls_client.mjs "${address#*@}" "$work/certificates"
