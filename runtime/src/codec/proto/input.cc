// Protobuf, reading, without types: numbers, times, what nobody knows, and failures.
#include "codec/proto/input.h"

#include <bit>
#include <chrono>
#include <limits>
#include <string>

#include "codec/byte_count.h"
#include "codec/proto/time.h"
#include "codec/utf8.h"

namespace tern::codec::proto {

namespace {

std::string_view type_name(WireType type) {
  switch (type) {
    case WireType::kVarint:
      return "a varint";
    case WireType::kFixed64:
      return "8 bytes";
    case WireType::kLength:
      return "a length";
    case WireType::kGroup:
      return "a group";
    case WireType::kEndGroup:
      return "the end of a group";
    case WireType::kFixed32:
      return "4 bytes";
  }
  return "";
}

}  // namespace

// --- Numbers ---

namespace {

// The low seven bits of each byte, one behind the other.
std::uint64_t join(std::uint64_t bytes) noexcept {
  bytes &= 0x7f7f7f7f7f7f7f7f;
  bytes = (bytes & 0x7f007f007f007f00) >> 1 | (bytes & 0x007f007f007f007f);
  bytes = (bytes & 0x3fff00003fff0000) >> 2 | (bytes & 0x00003fff00003fff);
  return (bytes & 0x0fffffff00000000) >> 4 | (bytes & 0x000000000fffffff);
}

}  // namespace

At read_long_varint(At at, At end, std::uint64_t& value, Reading& reading) {
  if (bytes_between(at, end) >= 8) {
    const auto bytes = load<std::uint64_t>(at);
    const std::uint64_t ends = ~bytes & 0x8080808080808080;
    if (ends != 0) {
      value = join(bytes & (ends ^ (ends - 1)));
      return at + std::countr_zero(ends) / 8 + 1;
    }
  }
  std::uint64_t bits = 0;
  for (int shift = 0; shift < 64; shift += 7) {
    if (at == end) return reading.cut_off("a varint");
    const auto byte = std::to_integer<std::uint64_t>(*at++);
    if (shift == 63 && byte > 1) return reading.bad_varint();
    bits |= (byte & 0x7f) << shift;
    if (byte < 0x80) {
      value = bits;
      return at;
    }
  }
  return reading.bad_varint();
}

At read_long_length(At at, At end, std::size_t& size, Reading& reading) {
  const At start = at;
  std::uint64_t bits = 0;
  at = read_varint(at, end, bits, reading);
  if (at == nullptr) return at;
  if (bits > bytes_between(at, end)) return reading.cut_off("a value");
  if (at > start + kMostLength) return reading.long_length();
  size = bits;
  return at;
}

std::size_t count_varints(At at, At end) noexcept {
  constexpr std::uint64_t kLow = 0x0101010101010101;
  std::size_t count = 0;
  for (; end - at >= 8; at += 8) {
    const auto ends = ~load<std::uint64_t>(at) >> 7 & kLow;
    count += ends * kLow >> 56;
  }
  for (; at != end; ++at) count += static_cast<std::size_t>(*at < std::byte{0x80});
  return count;
}

At read_tag(At at, At end, std::uint64_t& tag, Reading& reading) {
  const At start = at;
  at = read_varint(at, end, tag, reading);
  if (at == nullptr) return at;
  if (at > start + kMostAnyTag) return reading.long_tag();
  const std::uint64_t number = tag >> 3;
  const auto type = static_cast<unsigned>(tag & 7);
  const bool right = number >= 1 && number < (std::uint64_t{1} << 29) && type <= 5;
  return right ? at : reading.bad_tag(tag);
}

// --- Values ---

namespace {

bool read_parts(At at, At end, TimeParts& parts, std::size_t depth, Reading& reading) {
  while (at != end) {
    std::uint64_t tag = 0;
    at = read_tag(at, end, tag, reading);
    if (at == nullptr) return false;
    if (tag == tag_of(1, WireType::kVarint)) {
      at = read_scalar(ValueKind::kVarint64, at, end, &parts.seconds, reading);
    } else if (tag == tag_of(2, WireType::kVarint)) {
      at = read_scalar(ValueKind::kSigned32, at, end, &parts.nanos, reading);
    } else {
      at = skip_field(at, end, tag, depth, reading);
    }
    if (at == nullptr) return false;
  }
  return true;
}

// False if 64 bits of nanoseconds do not hold it.
bool to_nanoseconds(const TimeParts& parts, std::int64_t& out) noexcept {
  std::int64_t whole = 0;
  // The sum may fit although the product of the seconds alone does not: -9223372037 s and 145 ms.
  const std::int64_t part =
      parts.seconds < 0 && parts.nanos > 0 ? parts.nanos - kSecond : parts.nanos;
  const std::int64_t seconds = part == parts.nanos ? parts.seconds : parts.seconds + 1;
  return !__builtin_mul_overflow(seconds, kSecond, &whole) &&
         !__builtin_add_overflow(whole, part, &out);
}

}  // namespace

bool read_time(At at, At end, Timestamp& out, Into into, std::size_t depth, Reading& reading) {
  TimeParts parts = into == Into::kMerge ? parts_of(out) : TimeParts();
  std::int64_t nanoseconds = 0;
  if (!read_parts(at, end, parts, depth, reading)) return false;
  if (!to_nanoseconds(parts, nanoseconds)) {
    reading.out_of_range("timestamp", parts.seconds);
    return false;
  }
  out = Timestamp(std::chrono::nanoseconds(nanoseconds));
  return true;
}

bool read_time(At at, At end, Duration& out, Into into, std::size_t depth, Reading& reading) {
  TimeParts parts = into == Into::kMerge ? parts_of(out) : TimeParts();
  std::int64_t nanoseconds = 0;
  if (!read_parts(at, end, parts, depth, reading)) return false;
  if (!to_nanoseconds(parts, nanoseconds)) {
    reading.out_of_range("duration", parts.seconds);
    return false;
  }
  out = Duration(nanoseconds);
  return true;
}

// --- What nobody knows ---

At skip_field(At at, At end, std::uint64_t tag, std::size_t depth, Reading& reading) {
  switch (static_cast<WireType>(tag & 7)) {
    case WireType::kVarint: {
      std::uint64_t value = 0;
      return read_varint(at, end, value, reading);
    }
    case WireType::kFixed64:
      return bytes_between(at, end) < 8 ? reading.cut_off("a field of 8 bytes") : at + 8;
    case WireType::kFixed32:
      return bytes_between(at, end) < 4 ? reading.cut_off("a field of 4 bytes") : at + 4;
    case WireType::kLength: {
      std::size_t size = 0;
      at = read_length(at, end, size, reading);
      return at == nullptr ? at : at + size;
    }
    case WireType::kGroup:
      break;
    case WireType::kEndGroup:
      return reading.bad_tag(tag);  // there is no group
  }
  // Its end has its number.
  if (depth == 0) return reading.too_deep();
  for (;;) {
    if (at == end) return reading.cut_off("a group");
    std::uint64_t inner = 0;
    at = read_tag(at, end, inner, reading);
    if (at == nullptr) return at;
    if (static_cast<WireType>(inner & 7) == WireType::kEndGroup) {
      return inner >> 3 == tag >> 3 ? at : reading.bad_tag(inner);
    }
    at = skip_field(at, end, inner, depth - 1, reading);
    if (at == nullptr) return at;
  }
}

// --- Failures ---

At Reading::fail(std::string text) {
  if (text_.empty()) text_ = std::move(text);
  return nullptr;
}

At Reading::cut_off(std::string_view what) {
  return fail("the message ends in the middle of " + std::string(what));
}

At Reading::bad_varint() {
  return fail("a varint has more than 64 bits");
}

At Reading::long_tag() {
  return fail("a tag has more than " + byte_count(kMostAnyTag));
}

At Reading::long_length() {
  return fail("a length has more than " + byte_count(kMostLength));
}

At Reading::bad_tag(std::uint64_t tag) {
  const std::uint64_t number = tag >> 3;
  const auto type = static_cast<unsigned>(tag & 7);
  if (number == 0 || number >= (std::uint64_t{1} << 29)) {
    return fail("a field has number " + std::to_string(number) + "; expected 1 to 536870911");
  }
  if (type > 5) {
    return fail("field " + std::to_string(number) + " has wire type " + std::to_string(type) +
                "; expected 0 to 5");
  }
  return fail(std::string(type_name(static_cast<WireType>(type))) + ", field " +
              std::to_string(number) + ", came where none has begun");
}

At Reading::too_deep() {
  return fail("lies too deep inside other messages (Limits::depth)");
}

At Reading::not_utf8() {
  return fail("a string that is not UTF-8");
}

At Reading::uneven(std::size_t size, std::size_t element) {
  return fail(byte_count(size) + " do not divide into elements of " + byte_count(element));
}

At Reading::out_of_range(std::string_view what, std::int64_t seconds) {
  return fail("a " + std::string(what) + " of " + std::to_string(seconds) +
              " seconds; 64 bits of nanoseconds hold up to 9223372036");
}

bool Reading::too_much_overhead(const TypeShape& type, std::size_t more) {
  fail(std::string(type.name) + " " + memory_.why_not(more));
  return false;
}

At Reading::in_field(std::string_view field) {
  way_ = way_.empty() ? std::string(field) : std::string(field) + "." + way_;
  return nullptr;
}

Status Reading::take() noexcept {
  if (text_.empty()) return {};
  return Status(Code::kInvalidArgument,
                way_.empty() ? "protobuf: " + text_ : "protobuf: at " + way_ + ": " + text_);
}

}  // namespace tern::codec::proto
