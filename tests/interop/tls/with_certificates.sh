#!/bin/sh
# Runs a command with certificates "server" and "client" in the directory $CERTIFICATES, which goes
# in the end:
#
#   with_certificates.sh MAKE_CERTIFICATES COMMAND...
set -eu
CERTIFICATES=$(mktemp -d)
export CERTIFICATES
trap 'rm -rf "$CERTIFICATES"' EXIT
"$1" "$CERTIFICATES" server client
shift
"$@"
