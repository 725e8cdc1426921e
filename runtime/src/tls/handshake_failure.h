// Why a handshake has failed, in full.
#pragma once

#include <openssl/ssl.h>

#include "tls/context.h"
#include "tls/failure.h"
#include "tls/stream_bio.h"

namespace tern::tls {

// "TLS handshake: ...", of a call of OpenSSL's that has just failed, whose errors it takes from the
// queue.
Failure handshake_failure(const SSL& ssl, const StreamBio& bio, const HandshakeNotes& notes);

// The same of reading or writing behind the handshake: "TLS: ...".
Failure traffic_failure(const StreamBio& bio);

}  // namespace tern::tls
