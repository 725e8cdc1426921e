// Messages of protobuf, field by field.
#pragma once

#include <cstdint>
#include <string_view>

namespace rpcgen::import {

// One field as it stands in a message: a number, or bytes behind a length.
struct WireField {
  std::uint32_t number = 0;
  std::uint64_t value = 0;
  std::string_view bytes;

  std::int32_t int32() const { return static_cast<std::int32_t>(value); }
};

class WireReader {
 public:
  explicit WireReader(std::string_view left) : left_(left) {}

  // False at the end, and where the bytes are none of protobuf's.
  bool next(WireField& field);
  bool varint(std::uint64_t& value);
  bool failed() const { return failed_; }

 private:
  bool fail();
  bool take(std::uint64_t size, std::string_view& bytes);

  std::string_view left_;
  bool failed_ = false;
};

}  // namespace rpcgen::import
