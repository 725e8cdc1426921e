// Pieces become records.
#pragma once

#include <cstddef>
#include <span>

#include "tern/buffer.h"

namespace tern::tls {

// A record's most: so much is written at once.
constexpr std::size_t kRecord = 16 * 1024;

// Memory of this thread's, of no meaning between two calls.
std::span<std::byte, kRecord> record_buffer();

// As much of `pieces` as goes into one record, without the first `skip` bytes of the first piece.
// Copied, into record_buffer(), only if it is in several pieces. `pieces` is not empty, and `skip`
// less than the first one's size.
ByteView next_record(std::span<const ByteView> pieces, std::size_t skip);

}  // namespace tern::tls
