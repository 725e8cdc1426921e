// What is left of a message of protobuf, and the numbers in it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

#include "tern/buffer.h"
#include "tern/codegen/decode_memory.h"
#include "tern/codegen/proto_wire.h"
#include "tern/codegen/type_ops.h"
#include "tern/codegen/type_shape.h"
#include "tern/status.h"

namespace tern::codec::proto {

// Bytes that are left of a message.
struct Input {
  const std::byte* at;
  const std::byte* end;

  std::size_t size() const noexcept { return static_cast<std::size_t>(end - at); }
  bool empty() const noexcept { return at == end; }
};

// What the functions that read share: why the decode ended, and what it may take. They return
// false when there is a failure; what makes its text is out of line, since it is rare.
class Reading {
 public:
  // Of a value in `bytes`.
  Reading(std::size_t bytes, const DecodeLimits& limits) noexcept : memory_(bytes, limits) {}

  // Takes memory for what is in `type`, or is it; or fails.
  bool charge(const TypeShape& type, std::size_t count, std::size_t each) {
    return memory_.take(count * each) || too_much_overhead(type, count * each);
  }

  [[gnu::cold]] bool cut_off(std::string_view what);
  [[gnu::cold]] bool bad_varint();
  [[gnu::cold]] bool long_tag();
  [[gnu::cold]] bool long_length();
  [[gnu::cold]] bool bad_tag(std::uint64_t tag);
  [[gnu::cold]] bool too_deep();
  [[gnu::cold]] bool not_utf8();
  [[gnu::cold]] bool uneven(std::size_t size, std::size_t element);
  [[gnu::cold]] bool out_of_range(std::string_view what, std::int64_t seconds);
  // The walk back from the place of a failure; always false.
  [[gnu::cold]] bool in_field(const TypeShape& type, std::string_view field);
  Status take() noexcept;

 private:
  bool fail(std::string text);
  [[gnu::cold]] bool too_much_overhead(const TypeShape& type, std::size_t more);

  DecodeMemory memory_;
  std::string way_;
  std::string text_;
};

// --- Numbers ---

[[gnu::cold]] bool read_long_varint(Input& in, std::uint64_t& value, Reading& reading);
[[gnu::always_inline]] inline bool read_varint(Input& in, std::uint64_t& value, Reading& reading) {
  if (in.size() >= 2) [[likely]] {
    const auto first = std::to_integer<std::uint64_t>(in.at[0]);
    if (first < 0x80) {
      value = first;
      ++in.at;
      return true;
    }
    const auto second = std::to_integer<std::uint64_t>(in.at[1]);
    if (second < 0x80) {
      value = (first & 0x7f) | second << 7;
      in.at += 2;
      return true;
    }
  }
  return read_long_varint(in, value, reading);
}

template <Scalar T>
[[gnu::always_inline]] inline bool read_scalar(Input& in, T& out, Reading& reading) {
  if constexpr (std::is_floating_point_v<T>) {
    if (in.size() < sizeof(T)) return reading.cut_off("a number");
    std::memcpy(&out, in.at, sizeof(T));
    in.at += sizeof(T);
  } else {
    std::uint64_t bits = 0;
    if (!read_varint(in, bits, reading)) return false;
    out = from_varint<T>(bits);
  }
  return true;
}

// The length in front of a value, and the value's bytes.
[[gnu::always_inline]] inline bool read_length(Input& in, Input& value, Reading& reading) {
  const std::byte* const start = in.at;
  std::uint64_t size = 0;
  if (!read_varint(in, size, reading)) return false;
  if (size > in.size()) return reading.cut_off("a value");
  if (in.at > start + kMostLength) [[unlikely]]
    return reading.long_length();
  value = {in.at, in.at + size};
  in.at = value.end;
  return true;
}

// How a value that holds something already is read into.
enum class Into : std::uint8_t {
  kFresh,  // as into a new one
  kMerge   // what comes is added: an embedded message that comes a second time
};

// Of a whole message of protobuf's.
bool read_time(Input in, Timestamp& out, Into into, std::size_t depth, Reading& reading);
bool read_time(Input in, Duration& out, Into into, std::size_t depth, Reading& reading);

bool assign_text(Input from, std::string& out, Reading& reading);
void assign_bytes(Input from, Bytes& out);

// A field of a tag that has been read and that nobody knows. Groups nest: each is a level.
bool skip_field(Input& in, std::uint64_t tag, std::size_t depth, Reading& reading);
bool read_tag(Input& in, std::uint64_t& tag, Reading& reading);

}  // namespace tern::codec::proto
