// What ends a stream of Connect's, in its last envelope:
//   {"error":{"code":"not_found","message":"no such key"},"metadata":{"took":["3ms"]}}
#pragma once

#include <optional>

#include "tern/buffer.h"
#include "tern/metadata.h"
#include "tern/status.h"
#include "wire/connect/error.h"
#include "wire/over_http/envelopes.h"

namespace tern::wire::connect {

// `metadata` may be null.
void write_end_of_stream(const Status& outcome, const Metadata* metadata, Buffer& out);

// A client's streams are in envelopes, too, and every error is in the last one.
extern const over_http::Envelopes kStreamEnvelopes;

struct EndOfStream {
  EndOfStream() = default;
  std::optional<Error> error;
  Metadata metadata;
};
// Nothing if `in` is no such thing.
std::optional<EndOfStream> read_end_of_stream(ByteView in);

}  // namespace tern::wire::connect
