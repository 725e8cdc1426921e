// What the native codec does without knowing types: other versions' fields, and failures.
#include <string>

#include "codec/byte_count.h"
#include "codec/decode_overhead.h"
#include "tern/codegen/native_read.h"
#include "tern/codegen/native_write.h"

namespace tern::codec {
namespace {

std::string named(const TypeShape& type) {
  return (type.kind == Kind::kStruct ? "message " : "") + std::string(type.name);
}

std::string_view class_name(Wire wire) {
  switch (wire) {
    case Wire::kAbsent:
      return "nothing";
    case Wire::kFour:
      return "4 bytes";
    case Wire::kEight:
      return "8 bytes";
    case Wire::kPrefixed:
      return "a length and that many bytes";
  }
  return "";
}

}  // namespace

Status native_too_large(std::string_view type, std::size_t size) {
  return Status(Code::kResourceExhausted, std::string(type) + " takes " + byte_count(size) +
                                              "; the native codec's limit is " +
                                              byte_count(kMaxNative));
}

std::string DecodeMemory::why_not(std::size_t more) const {
  return too_much_overhead(taken_, more, bytes_, *limits_);
}

bool NativeFailure::too_short(const TypeShape& type, std::string_view field, std::size_t missing) {
  std::string text = named(type);
  if (!field.empty()) text.append(", field ").append(field).append(",");
  return fail(text + " needs " + byte_count(missing) + " more than the frame has");
}

bool NativeFailure::too_long(const TypeShape& type, std::size_t extra) {
  return fail(named(type) + " ends " + byte_count(extra) + " before its frame does");
}

bool NativeFailure::too_deep(const TypeShape& type) {
  return fail(named(type) + " lies too deep inside other messages, lists and maps");
}

bool NativeFailure::wrong_class(const TypeShape& type, const Field& field, Wire got, Wire want) {
  std::string text = named(type);
  text.append(", field ").append(field.name).append(" (").append(std::to_string(field.number));
  text.append("): the sender wrote ").append(class_name(got));
  text.append("; this program expects ").append(class_name(want));
  return fail(std::move(text));
}

bool NativeFailure::uneven(const TypeShape& type, std::size_t size, std::size_t element) {
  return fail(named(type) + ": " + byte_count(size) + " do not divide into elements of " +
              byte_count(element));
}

bool NativeFailure::too_many(const TypeShape& type, std::size_t count, std::size_t left) {
  return fail(named(type) + " announces " + std::to_string(count) +
              " elements; they do not fit in the " + byte_count(left) + " that follow");
}

bool NativeFailure::wrong_size(const TypeShape& type, std::size_t size, std::size_t want) {
  return fail(named(type) + " takes " + byte_count(want) + "; the frame has " + byte_count(size));
}

bool NativeFailure::too_much_overhead(const TypeShape& type, std::size_t more) {
  return fail(named(type) + " " + memory_.why_not(more));
}

bool NativeFailure::fail(std::string text) {
  status_ = Status(Code::kInvalidArgument, std::move(text));
  return false;
}

void assign_bytes(const std::byte* at, std::size_t size, std::string& out) {
  out.assign(reinterpret_cast<const char*>(at), size);
}

void assign_bytes(const std::byte* at, std::size_t size, Bytes& out) {
  out.assign(at, at + size);
}

bool NativeFields::begin(const std::byte* at, std::size_t size) {
  const std::size_t length = size == 0 ? 0 : std::to_integer<std::size_t>(*at);
  if (size < 1 + length) return failure_.too_short(type_, {}, 1 + length - size);
  header_ = at + 1;
  slots_ = length * kFieldsPerByte;
  left_ = ByteView(at, size).subspan(1 + length);
  return true;
}

NativeFields::Found NativeFields::find(const Field& field, Wire want, ByteView& value) {
  const std::size_t slot = field.number - 1u;
  if (!skip_to(slot)) return Found::kFailed;
  if (slot >= slots_) return Found::kNo;
  next_ = slot + 1;
  const Wire wire = wire_at(slot);
  if (wire == Wire::kAbsent) return Found::kNo;
  if (wire != want) {
    failure_.wrong_class(type_, field, wire, want);
    return Found::kFailed;
  }
  return take(slot, field.name, value) ? Found::kYes : Found::kFailed;
}

bool NativeFields::end() {
  if (!skip_to(slots_)) return false;
  return left_.empty() || failure_.too_long(type_, left_.size());
}

Wire NativeFields::wire_at(std::size_t slot) const {
  const auto bits = std::to_integer<unsigned>(header_[slot / kFieldsPerByte]);
  return static_cast<Wire>(bits >> (slot % kFieldsPerByte * 2) & 3);
}

bool NativeFields::take(std::size_t slot, std::string_view field, ByteView& value) {
  const Wire wire = wire_at(slot);
  std::size_t size = wire == Wire::kEight ? 8 : 4;
  if (left_.size() < size) return failure_.too_short(type_, field, size - left_.size());
  if (wire == Wire::kPrefixed) {
    size = load<std::uint32_t>(left_.data());
    left_ = left_.subspan(kPrefixSize);
    if (left_.size() < size) return failure_.too_short(type_, field, size - left_.size());
  }
  value = left_.first(size);
  left_ = left_.subspan(size);
  return true;
}

bool NativeFields::skip_to(std::size_t slot) {
  ByteView skipped;
  for (; next_ < slot && next_ < slots_; ++next_) {
    if (wire_at(next_) == Wire::kAbsent) continue;
    if (!take(next_, {}, skipped)) return false;
  }
  return true;
}

}  // namespace tern::codec
