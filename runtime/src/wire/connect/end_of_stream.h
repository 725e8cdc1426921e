// What ends a stream of Connect's, in its last envelope:
//   {"error":{"code":"not_found","message":"no such key"},"metadata":{"took":["3ms"]}}
#pragma once

#include "tern/buffer.h"
#include "tern/metadata.h"
#include "tern/status.h"
#include "wire/over_http/client_envelopes.h"
#include "wire/over_http/envelopes.h"

namespace tern::wire::connect {

// `metadata` may be null.
void write_end_of_stream(const Status& outcome, const Metadata* metadata, Buffer& out);

// A client's streams are in envelopes, too, and every error is in the last one.
extern const over_http::Envelopes kStreamEnvelopes;

// How a client reads the answers to its streams. Their errors are in the last envelope alone.
extern const over_http::ClientEnvelopes kClientEnvelopes;

}  // namespace tern::wire::connect
