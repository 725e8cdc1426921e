// Protobuf, writing: how much it can be at most, room for that once, then stores without checks.
// A length is known when its value has been written: most take one byte, and a longer value moves.
#include "tern/codegen/proto_write.h"

#include <chrono>
#include <string>

#include "codec/byte_count.h"
#include "codec/proto_time.h"
#include "codec/utf8.h"

namespace tern::codec::proto {

namespace {

using Bytes = std::vector<std::byte>;

template <typename T>
[[gnu::always_inline]] inline T load(const void* at) {
  T value;
  std::memcpy(&value, at, sizeof value);
  return value;
}

}  // namespace

// --- Failures, lengths and times ---

bool WriteFailure::not_utf8(std::string_view field) {
  std::string text = field.empty() ? "the string" : "field " + std::string(field);
  if (status_.ok()) status_ = Status(Code::kInvalidArgument, text + " is not UTF-8");
  return false;
}

Status WriteFailure::too_large(std::string_view type, std::size_t size) {
  return Status(Code::kResourceExhausted, std::string(type) + " takes " + byte_count(size) +
                                              "; protobuf's limit is " + byte_count(kMostBytes));
}

std::byte* put_long_length(std::byte* at, std::byte* end) {
  const auto size = static_cast<std::size_t>(end - at) - 1;
  const std::size_t more = varint_size(size) - 1;
  std::memmove(at + 1 + more, at + 1, size);
  put_varint(at, size);
  return end + more;
}

bool is_utf8_text(std::string_view text) noexcept {
  return is_utf8(text);
}

namespace {

std::byte* put_parts(std::byte* at, TimeParts parts) {
  if (parts.seconds != 0) {
    at = put_tag(at, 1, WireType::kVarint);
    at = put_scalar(at, parts.seconds);
  }
  if (parts.nanos != 0) {
    at = put_tag(at, 2, WireType::kVarint);
    at = put_scalar(at, parts.nanos);
  }
  return at;
}

}  // namespace

std::byte* put_bare_time(std::byte* at, Timestamp value) {
  return put_parts(at, parts_of(value));
}

std::byte* put_bare_time(std::byte* at, Duration value) {
  return put_parts(at, parts_of(value));
}

std::byte* put_time(std::byte* at, Timestamp value) {
  return put_length(at, put_bare_time(at + 1, value));
}

std::byte* put_time(std::byte* at, Duration value) {
  return put_length(at, put_bare_time(at + 1, value));
}

// --- How much ---

namespace {

std::size_t most_message(const MessageTable& table, const void* message) {
  std::size_t size = 0;
  for (const FieldEntry& field : table.fields) {
    const void* member = static_cast<const std::byte*>(message) + field.offset;
    if (field.ops) {
      const void* value = field.ops->get(member);
      if (value) size += most_field(*field.type, value);
    } else if (field.type->kind == ValueKind::kContainer) {
      size += field.type->container->most(member);
    } else {
      size += most_field(*field.type, member);
    }
  }
  return size;
}

}  // namespace

std::size_t most_field(const ValueType& type, const void* value) {
  switch (type.kind) {
    case ValueKind::kBool:
    case ValueKind::kVarint32:
    case ValueKind::kVarint64:
    case ValueKind::kFixed32:
    case ValueKind::kFixed64:
      return kMostTag + kMostVarint;
    case ValueKind::kTimestamp:
    case ValueKind::kDuration:
      return kMostTag + 1 + 2 * (1 + kMostVarint);
    case ValueKind::kString:
      return kMostTag + kMostLength + static_cast<const std::string*>(value)->size();
    case ValueKind::kBytes:
      return kMostTag + kMostLength + static_cast<const Bytes*>(value)->size();
    case ValueKind::kMessage:
      return kMostTag + kMostLength + most_message(type.message(), value);
    case ValueKind::kContainer:
      return kMostTag + kMostLength + type.container->most(value);
  }
  return 0;
}

// --- The bytes ---

namespace {

// Whether a field without presence is left out. What has a message is always there.
bool is_zero(const ValueType& type, const void* value) {
  switch (type.kind) {
    case ValueKind::kBool:
      return !load<bool>(value);
    case ValueKind::kVarint32:
    case ValueKind::kFixed32:  // by its bits: -0.0 is written
      return load<std::uint32_t>(value) == 0;
    case ValueKind::kVarint64:
    case ValueKind::kFixed64:
      return load<std::uint64_t>(value) == 0;
    case ValueKind::kString:
      return static_cast<const std::string*>(value)->empty();
    case ValueKind::kBytes:
      return static_cast<const Bytes*>(value)->empty();
    default:
      return false;
  }
}

std::byte* put_message(std::byte* at, const MessageTable& table, const void* message,
                       WriteFailure& failure) {
  for (const FieldEntry& field : table.fields) {
    const void* member = static_cast<const std::byte*>(message) + field.offset;
    const ValueType& type = *field.type;
    if (field.ops) {
      const void* value = field.ops->get(member);
      if (value) at = put_field(at, field.number, field.name, type, value, failure);
    } else if (type.kind == ValueKind::kContainer) {
      at = type.container->put(at, field.number, field.name, member, failure);
    } else if (field.has_default || !is_zero(type, member)) {
      at = put_field(at, field.number, field.name, type, member, failure);
    }
  }
  return at;
}

}  // namespace

std::byte* put_field(std::byte* at, std::uint32_t number, std::string_view name,
                     const ValueType& type, const void* value, WriteFailure& failure) {
  at = put_tag(at, number, type.wire_type);
  switch (type.kind) {
    case ValueKind::kBool:
      *at = std::byte{load<bool>(value)};
      return at + 1;
    case ValueKind::kVarint32:
      return type.is_signed ? put_scalar(at, load<std::int32_t>(value))
                            : put_scalar(at, load<std::uint32_t>(value));
    case ValueKind::kVarint64:
      return put_varint(at, load<std::uint64_t>(value));
    case ValueKind::kFixed32:
      return put_scalar(at, load<float>(value));
    case ValueKind::kFixed64:
      return put_scalar(at, load<double>(value));
    case ValueKind::kTimestamp:
      return put_time(at, load<Timestamp>(value));
    case ValueKind::kDuration:
      return put_time(at, load<Duration>(value));
    case ValueKind::kString: {
      const auto& text = *static_cast<const std::string*>(value);
      if (!is_text(text)) [[unlikely]]
        failure.not_utf8(name);
      at = put_varint(at, text.size());
      return copy_bytes(at, text.data(), text.size());
    }
    case ValueKind::kBytes: {
      const auto& bytes = *static_cast<const Bytes*>(value);
      at = put_varint(at, bytes.size());
      return copy_bytes(at, bytes.data(), bytes.size());
    }
    case ValueKind::kMessage:
      return put_length(at, put_message(at + 1, type.message(), value, failure));
    case ValueKind::kContainer:
      return put_length(at, type.container->put(at + 1, kOnlyField, name, value, failure));
  }
  return at;
}

Status encode(const ValueType& type, const void* value, Buffer& out) {
  const std::size_t start = out.size();
  std::byte* at = out.grow(most_field(type, value));
  std::byte* end = at;
  WriteFailure failure;
  switch (type.kind) {
    case ValueKind::kMessage:
      end = put_message(at, type.message(), value, failure);
      break;
    case ValueKind::kTimestamp:
      end = put_bare_time(at, load<Timestamp>(value));
      break;
    case ValueKind::kDuration:
      end = put_bare_time(at, load<Duration>(value));
      break;
    case ValueKind::kContainer:
      end = type.container->put(at, kOnlyField, {}, value, failure);
      break;
    default:
      if (!is_zero(type, value)) end = put_field(at, kOnlyField, {}, type, value, failure);
  }
  const auto size = static_cast<std::size_t>(end - at);
  out.truncate(start + size);
  if (size > kMostBytes) return WriteFailure::too_large(type.shape->name, size);
  return failure.take();
}

}  // namespace tern::codec::proto
