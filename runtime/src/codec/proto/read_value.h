// Values of protobuf, as they stand behind their tags.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "codec/proto/input.h"
#include "codec/proto/output.h"

namespace tern::codec::proto {

using Bools = std::vector<bool>;
using Bytes = std::vector<std::byte>;

// What is behind a length. `depth`: how many levels may follow, that of `out` included. In read.cc,
// with what it calls: a message is read by functions of one translation unit.
bool read_content(const ValueType& type, At at, At end, void* out, Into into, std::size_t depth,
                  Reading& reading);

[[gnu::always_inline]] inline At read_string(At at, At end, std::string& out, Reading& reading) {
  std::size_t size = 0;
  at = read_length(at, end, size, reading);
  if (at == nullptr) return at;
  const std::string_view text(reinterpret_cast<const char*>(at), size);
  if (!is_text(text)) return reading.not_utf8();
  out.assign(text);
  return at + size;
}

// A value behind its tag; a list or map in a message of its own.
[[gnu::always_inline]] inline At read_value(const ValueType& type, At at, At end, void* out,
                                            Into into, std::size_t depth, Reading& reading) {
  if (is_scalar(type.kind)) return read_scalar(type.kind, at, end, out, reading);
  if (type.kind == ValueKind::kString) {
    return read_string(at, end, *static_cast<std::string*>(out), reading);
  }
  std::size_t size = 0;
  at = read_length(at, end, size, reading);
  if (at == nullptr) return at;
  const At behind = at + size;
  if (type.kind == ValueKind::kBytes) {
    static_cast<Bytes*>(out)->assign(at, behind);
    return behind;
  }
  return read_content(type, at, behind, out, into, depth, reading) ? behind : nullptr;
}

}  // namespace tern::codec::proto
