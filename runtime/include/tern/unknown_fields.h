// What a message has beside its fields, if its struct is [keep_unknown] in the IDL.
#pragma once

#include <algorithm>
#include <compare>
#include <cstddef>
#include <vector>

#include "tern/buffer.h"
#include "tern/version.h"

namespace tern {

// Fields of protobuf that came for a type which does not have them, or has them as another type: of
// a newer program, whose messages pass through this one unharmed. They are as they came, tags
// included, one behind the other. The protobuf codec fills this when it decodes, and writes it
// behind the fields of the message; other codecs do not write it, and empty it when they decode.
// Threads: one at a time.
class UnknownFields {
 public:
  bool empty() const noexcept { return bytes_.empty(); }
  ByteView bytes() const noexcept { return bytes_; }
  // Keeps the memory.
  void clear() noexcept { bytes_.clear(); }
  // For codecs: whole fields, with their tags. Throws std::bad_alloc.
  void append(ByteView fields) { bytes_.insert(bytes_.end(), fields.begin(), fields.end()); }

  // Byte by byte, so that the same fields in another order are not equal.
  bool operator==(const UnknownFields&) const = default;
  std::strong_ordering operator<=>(const UnknownFields& other) const noexcept {
    return std::lexicographical_compare_three_way(bytes_.begin(), bytes_.end(),
                                                  other.bytes_.begin(), other.bytes_.end());
  }

 private:
  std::vector<std::byte> bytes_;
};

}  // namespace tern
