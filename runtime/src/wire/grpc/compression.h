// How gRPC compresses messages: its names of the ways, and gzip with zlib.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

#include "tern/buffer.h"
#include "tern/compression.h"
#include "tern/status.h"

namespace tern::wire::grpc {

// All that is known, for grpc-accept-encoding.
inline constexpr std::string_view kEncodings = "identity,gzip";

// What grpc-encoding names, or one member of grpc-accept-encoding; nothing if it is not known.
std::optional<Compression> find_encoding(std::string_view name) noexcept;
// Whether a value of grpc-accept-encoding, a list with commas, has gzip.
bool lists_gzip(std::string_view encodings) noexcept;

// Appends `message` in gzip, if that is shorter. False: it is not, and `out` is as it was. Fast
// rather than thorough, since a loop waits for it. Throws std::bad_alloc; then too.
bool gzip(ByteView message, Buffer& out);

// Appends what `in` was before gzip(). kResourceExhausted: it is longer than `message_bytes`;
// kInternal: `in` is not one gzip file. The limit is looked at before memory is taken and while
// bytes come out, so that a few bytes that become many cost no more than the limit. After a failure
// `out` is as it was. Throws std::bad_alloc; then too.
Status gunzip(ByteView in, std::size_t message_bytes, Buffer& out);

}  // namespace tern::wire::grpc
