// How an answer of gRPC-Web ends: with its trailers in an envelope of their own
// (https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-WEB.md).
#pragma once

#include <cstdint>

#include "tern/buffer.h"
#include "tern/metadata.h"
#include "tern/status.h"
#include "wire/grpc/text.h"
#include "wire/over_http/envelopes.h"

namespace tern::wire::grpc_web {

// The flag of the envelope with trailers.
inline constexpr std::uint8_t kTrailers = 0x80;

// grpc-status, what belongs to it, and metadata, which may be null; fields are fit for a head, too:
// what is HTTP's own is left out, as is what no field can carry.
grpc::Fields trailers_of(const Status& outcome, const Metadata* metadata);
// What HTTP's headers carry of metadata. The same is left out.
void add_metadata(const Metadata& metadata, grpc::Fields& fields);

// Appends the envelope.
void put_trailers(const Status& outcome, const Metadata* metadata, Buffer& out);

// A request has one message. An error before the answer begins is trailers alone, in the head.
extern const over_http::Envelopes kEnvelopes;

}  // namespace tern::wire::grpc_web
