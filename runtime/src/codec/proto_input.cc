// Protobuf, reading, without types: numbers, times, what nobody knows, and failures.
#include <chrono>
#include <limits>
#include <string>

#include "codec/byte_count.h"
#include "codec/proto_time.h"
#include "codec/utf8.h"
#include "tern/codegen/proto_input.h"
#include "tern/codegen/proto_output.h"
#include "tern/codegen/proto_read.h"

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

bool read_long_varint(Input& in, std::uint64_t& value, Reading& reading) {
  std::uint64_t bits = 0;
  for (int shift = 0; shift < 64; shift += 7) {
    if (in.empty()) return reading.cut_off("a varint");
    const auto byte = std::to_integer<std::uint64_t>(*in.at++);
    if (shift == 63 && byte > 1) return reading.bad_varint();
    bits |= (byte & 0x7f) << shift;
    if (byte < 0x80) {
      value = bits;
      return true;
    }
  }
  return reading.bad_varint();
}

std::size_t count_varints(Input in) noexcept {
  std::size_t count = 0;
  for (const std::byte* at = in.at; at != in.end; ++at) {
    count += static_cast<std::size_t>(*at < std::byte{0x80});
  }
  return count;
}

bool read_tag(Input& in, std::uint64_t& tag, Reading& reading) {
  const std::byte* const start = in.at;
  if (!read_varint(in, tag, reading)) return false;
  if (in.at > start + kMostAnyTag) return reading.long_tag();
  const std::uint64_t number = tag >> 3;
  const auto type = static_cast<unsigned>(tag & 7);
  const bool right = number >= 1 && number < (std::uint64_t{1} << 29) && type <= 5;
  return right || reading.bad_tag(tag);
}

// --- Values ---

bool assign_text(Input from, std::string& out, Reading& reading) {
  const std::string_view text(reinterpret_cast<const char*>(from.at), from.size());
  if (!is_text(text)) return reading.not_utf8();
  out.assign(text);
  return true;
}

void assign_bytes(Input from, Bytes& out) {
  out.assign(from.at, from.end);
}

namespace {

bool read_parts(Input in, TimeParts& parts, std::size_t depth, Reading& reading) {
  while (!in.empty()) {
    std::uint64_t tag = 0;
    if (!read_tag(in, tag, reading)) return false;
    if (tag == tag_of(1, WireType::kVarint)) {
      if (!read_scalar(in, parts.seconds, reading)) return false;
    } else if (tag == tag_of(2, WireType::kVarint)) {
      if (!read_scalar(in, parts.nanos, reading)) return false;
    } else if (!skip_field(in, tag, depth, reading)) {
      return false;
    }
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

bool read_time(Input in, Timestamp& out, Into into, std::size_t depth, Reading& reading) {
  TimeParts parts = into == Into::kMerge ? parts_of(out) : TimeParts();
  std::int64_t nanoseconds = 0;
  if (!read_parts(in, parts, depth, reading)) return false;
  if (!to_nanoseconds(parts, nanoseconds)) return reading.out_of_range("timestamp", parts.seconds);
  out = Timestamp(std::chrono::nanoseconds(nanoseconds));
  return true;
}

bool read_time(Input in, Duration& out, Into into, std::size_t depth, Reading& reading) {
  TimeParts parts = into == Into::kMerge ? parts_of(out) : TimeParts();
  std::int64_t nanoseconds = 0;
  if (!read_parts(in, parts, depth, reading)) return false;
  if (!to_nanoseconds(parts, nanoseconds)) return reading.out_of_range("duration", parts.seconds);
  out = Duration(nanoseconds);
  return true;
}

// --- What nobody knows ---

bool skip_field(Input& in, std::uint64_t tag, std::size_t depth, Reading& reading) {
  switch (static_cast<WireType>(tag & 7)) {
    case WireType::kVarint: {
      std::uint64_t value = 0;
      return read_varint(in, value, reading);
    }
    case WireType::kFixed64:
      if (in.size() < 8) return reading.cut_off("a field of 8 bytes");
      in.at += 8;
      return true;
    case WireType::kFixed32:
      if (in.size() < 4) return reading.cut_off("a field of 4 bytes");
      in.at += 4;
      return true;
    case WireType::kLength: {
      Input value{};
      return read_length(in, value, reading);
    }
    case WireType::kGroup:
      break;
    case WireType::kEndGroup:
      return reading.bad_tag(tag);  // there is no group
  }
  // Its end has its number.
  if (depth == 0) return reading.too_deep();
  for (;;) {
    if (in.empty()) return reading.cut_off("a group");
    std::uint64_t inner = 0;
    if (!read_tag(in, inner, reading)) return false;
    if (static_cast<WireType>(inner & 7) == WireType::kEndGroup) {
      return inner >> 3 == tag >> 3 || reading.bad_tag(inner);
    }
    if (!skip_field(in, inner, depth - 1, reading)) return false;
  }
}

// --- Failures ---

bool Reading::fail(std::string text) {
  if (text_.empty()) text_ = std::move(text);
  return false;
}

bool Reading::cut_off(std::string_view what) {
  return fail("the message ends in the middle of " + std::string(what));
}

bool Reading::bad_varint() {
  return fail("a varint has more than 64 bits");
}

bool Reading::long_tag() {
  return fail("a tag has more than " + byte_count(kMostAnyTag));
}

bool Reading::long_length() {
  return fail("a length has more than " + byte_count(kMostLength));
}

bool Reading::bad_tag(std::uint64_t tag) {
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

bool Reading::too_deep() {
  return fail("lies too deep inside other messages (Limits::depth)");
}

bool Reading::not_utf8() {
  return fail("a string that is not UTF-8");
}

bool Reading::uneven(std::size_t size, std::size_t element) {
  return fail(byte_count(size) + " do not divide into elements of " + byte_count(element));
}

bool Reading::out_of_range(std::string_view what, std::int64_t seconds) {
  return fail("a " + std::string(what) + " of " + std::to_string(seconds) +
              " seconds; 64 bits of nanoseconds hold up to 9223372036");
}

bool Reading::too_much_overhead(const TypeShape& type, std::size_t more) {
  return fail(std::string(type.name) + " " + memory_.why_not(more));
}

bool Reading::in_field(const TypeShape&, std::string_view field) {
  way_ = way_.empty() ? std::string(field) : std::string(field) + "." + way_;
  return false;
}

Status Reading::take() noexcept {
  if (text_.empty()) return {};
  return Status(Code::kInvalidArgument,
                way_.empty() ? "protobuf: " + text_ : "protobuf: at " + way_ + ": " + text_);
}

}  // namespace tern::codec::proto
