// How gRPC has timeouts, messages and metadata in the fields of HTTP/2
// (https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md).
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "tern/buffer.h"
#include "tern/metadata.h"
#include "tern/status.h"

namespace tern::wire::grpc {

using Fields = std::vector<std::pair<std::string, std::string>>;

// "100m": 1 to 8 digits and one of HMSmun. Nothing if it is none.
std::optional<std::chrono::nanoseconds> read_timeout(std::string_view text) noexcept;

// The same, from 1 ns: rounded up to what 8 digits can say.
std::string timeout_text(std::chrono::nanoseconds timeout);

// What is outside 0x20 to 0x7e, and "%", as %XX.
std::string escape_message(std::string_view message);
// Back again. A "%" that no two hexadecimal digits follow stands for itself.
std::string unescape_message(std::string_view text);

// The value of the first field of this name, or "".
std::string_view find_field(const Fields& fields, std::string_view name) noexcept;

// Whether read_metadata() would find something.
bool has_metadata(const Fields& fields) noexcept;

// What a request or an answer carries besides the fields that are gRPC's or HTTP's own. The values
// of keys that end in "-bin" are bytes, in base64 on the wire. Fails on base64 that is none.
Status read_metadata(const Fields& fields, Metadata& metadata);

// Whether fields can carry it all, and it has at most `most_bytes`, as HTTP/2 counts them: else why
// not. See add_metadata().
Status check_metadata(const Metadata& metadata, std::size_t most_bytes);

// Appends metadata to fields. What no field can carry is left out: a key that is no name of a
// field, is gRPC's or HTTP's own, or has a control character in a value that is not "-bin".
void add_metadata(const Metadata& metadata, Fields& fields);

// Fields as bytes, to be kept where bytes are; these append. pack_metadata() has those alone of
// which read_metadata() makes something.
void pack(const Fields& fields, Buffer& out);
void pack_metadata(const Fields& fields, Buffer& out);
Fields unpack(ByteView in);

}  // namespace tern::wire::grpc
