#include "compiler/import/wire.h"

namespace rpcgen::import {

bool WireReader::fail() {
  failed_ = true;
  return false;
}

bool WireReader::take(std::uint64_t size, std::string_view& bytes) {
  if (size > left_.size()) return fail();
  bytes = left_.substr(0, size);
  left_.remove_prefix(size);
  return true;
}

bool WireReader::varint(std::uint64_t& value) {
  value = 0;
  for (int shift = 0; shift < 64; shift += 7) {
    if (left_.empty()) return shift == 0 ? false : fail();
    const auto byte = static_cast<unsigned char>(left_.front());
    left_.remove_prefix(1);
    value |= std::uint64_t{byte & 0x7fU} << shift;
    if (byte < 0x80) return true;
  }
  return fail();
}

bool WireReader::next(WireField& field) {
  std::uint64_t tag = 0;
  if (failed_ || !varint(tag)) return false;
  field = {};
  field.number = static_cast<std::uint32_t>(tag >> 3);
  switch (tag & 7) {
    case 0:
      return varint(field.value) || fail();
    case 1:
      return take(8, field.bytes);
    case 2: {
      std::uint64_t size = 0;
      return (varint(size) || fail()) && take(size, field.bytes);
    }
    case 5:
      return take(4, field.bytes);
    default:
      return fail();
  }
}

}  // namespace rpcgen::import
