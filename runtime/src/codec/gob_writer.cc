#include "codec/gob_writer.h"

#include <algorithm>
#include <cstring>
#include <type_traits>

#include "codec/gob_number.h"
#include "codec/gob_time.h"
#include "tern/codegen/copy_bytes.h"

namespace tern::codec {
namespace {

template <typename T>
std::uint64_t wire_number(T value) {
  if constexpr (std::is_same_v<T, float>) {
    return gob_float_bits(widened(value));
  } else if constexpr (std::is_same_v<T, double>) {
    return gob_float_bits(value);
  } else if constexpr (std::is_signed_v<T>) {
    return gob_folded(value);
  } else {
    return value;
  }
}

}  // namespace

[[gnu::always_inline]] inline std::byte* GobWriter::start(std::size_t size) {
  if (delta_ == 0) return out_.grow(size);
  std::byte* at = put_gob_uint(out_.grow(kGobNumberBytes + size), delta_);
  levels_.back().written += delta_;
  return at;
}

[[gnu::always_inline]] inline bool GobWriter::number(std::uint64_t value) {
  if (value == 0 && omit_zero_) return true;
  finish(put_gob_uint(start(kGobNumberBytes), value));
  return true;
}

bool GobWriter::boolean(bool value) {
  return number(value ? 1 : 0);
}
bool GobWriter::integer(std::int64_t value) {
  return number(gob_folded(value));
}
bool GobWriter::unsigned_integer(std::uint64_t value) {
  return number(value);
}
bool GobWriter::float32(float value) {
  return number(wire_number(value));
}
bool GobWriter::float64(double value) {
  return number(wire_number(value));
}
bool GobWriter::duration(Duration value) {
  return number(gob_folded(value.count()));
}
bool GobWriter::enumerator(std::int32_t value, std::string_view) {
  return number(gob_folded(value));
}

bool GobWriter::string(std::string_view value) {
  return bytes(as_bytes(value));
}

bool GobWriter::bytes(ByteView value) {
  if (value.empty() && omit_zero_) return true;
  std::byte* at = put_gob_uint(start(kGobNumberBytes + value.size()), value.size());
  finish(copy_bytes(at, value.data(), value.size()));
  return true;
}

// Go's zero time is no value of ours, so there is none to leave out.
bool GobWriter::timestamp(Timestamp value) {
  std::byte* at = start(kGobNumberBytes + kGobTimeBytes);
  at = put_gob_uint(at, kGobTimeBytes);
  finish(put_gob_time(at, value));
  return true;
}

bool GobWriter::begin_list(std::size_t count) {
  if (count == 0 && omit_zero_) return true;
  finish(put_gob_uint(start(kGobNumberBytes), count));
  inside();
  return true;
}

template <typename T>
bool GobWriter::numbers(std::span<const T> values) {
  if (!begin_list(values.size())) return false;
  constexpr std::size_t kPiece = 512;
  while (!values.empty()) {
    const std::span<const T> piece = values.first(std::min(values.size(), kPiece));
    std::byte* at = out_.grow(piece.size() * kGobNumberBytes);
    for (const T value : piece) at = put_gob_uint(at, wire_number(value));
    finish(at);
    values = values.subspan(piece.size());
  }
  return true;
}

bool GobWriter::list(std::span<const std::int32_t> values) {
  return numbers(values);
}
bool GobWriter::list(std::span<const std::int64_t> values) {
  return numbers(values);
}
bool GobWriter::list(std::span<const std::uint32_t> values) {
  return numbers(values);
}
bool GobWriter::list(std::span<const std::uint64_t> values) {
  return numbers(values);
}
bool GobWriter::list(std::span<const float> values) {
  return numbers(values);
}
bool GobWriter::list(std::span<const double> values) {
  return numbers(values);
}

// Go sends a message inside another even if all of it is zero.
bool GobWriter::begin_struct(const TypeShape& shape, std::size_t) {
  if (delta_ != 0) finish(start(0));
  levels_.push_back({shape.fields.data(), shape.fields.data(), 0});
  return true;
}

bool GobWriter::field(const Field& field) {
  Level& level = levels_.back();
  while (level.next->field.number != field.number) ++level.next;
  delta_ = static_cast<std::uint32_t>(level.next - level.first) + 1 - level.written;
  // An optional or a member of a union that is set is written even if it is zero: so it stays set.
  omit_zero_ = level.next->presence == Presence::kAlways;
  return true;
}

bool GobWriter::end_struct() {
  out_.push_back(std::byte{0});
  levels_.pop_back();
  inside();
  return true;
}

}  // namespace tern::codec
