#!/bin/sh
# Makes certificates, starts the server and calls it:
#
#   run.sh DIRECTORY    where the programs are
set -eu
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=scripts/lib/background.sh
. "$here/../../scripts/lib/background.sh"

"$here/make_certificates.sh" "$work/certificates" server client
start 3 server "$1/tls_server" tls@127.0.0.1:0 "$work/certificates"
# shellcheck disable=SC2154
"$1/tls_client" "$address" "$work/certificates"
