// Protobuf, writing, in one pass: there is room for a field before it is written. A length is known
// when its value has been written: most take one byte, and a longer value moves.
#include "codec/proto/write.h"

#include <string>
#include <vector>

#include "codec/proto/output.h"
#include "codec/proto/output_room.h"
#include "codec/proto/time.h"
#include "codec/proto/write_numbers.h"
#include "tern/codegen/copy_bytes.h"

namespace tern::codec::proto {

namespace {

using Bytes = std::vector<std::byte>;

// A timestamp or duration without its length.
constexpr std::size_t kMostTime = 2 * (1 + kMostVarint);

// Whether a number has no bits: -0.0 has.
[[gnu::always_inline]] inline bool is_zero(ValueKind kind, const void* value) {
  switch (scalar_size(kind)) {
    case 1:
      return load<std::uint8_t>(value) == 0;
    case 4:
      return load<std::uint32_t>(value) == 0;
    default:
      return load<std::uint64_t>(value) == 0;
  }
}

// Functions that put take where to and return where they stopped: the buffer may have moved then.
class Writer {
 public:
  explicit Writer(Buffer& out) : room_(out) {}

  // A value at the top.
  Status write(const ValueType& type, const void* value);

 private:
  std::byte* put_whole(std::byte* at, const ValueType& type, const void* value);
  std::byte* put_message(std::byte* at, const MessageTable& table, const void* message);
  std::byte* put_field(std::byte* at, const FieldEntry& field, const void* value);
  [[gnu::noinline]] std::byte* put_text(std::byte* at, const FieldEntry& field, const void* value);
  template <typename T>
  [[gnu::always_inline]] inline std::byte* put_number(std::byte* at, const FieldEntry& field,
                                                      const void* value, ValueKind kind);
  std::byte* put_list(std::byte* at, std::uint32_t number, std::string_view name,
                      const ValueType& type, const void* list);
  std::byte* put_map(std::byte* at, std::uint32_t number, std::string_view name,
                     const ValueType& type, const void* map);
  std::byte* put_entry(std::byte* at, std::string_view name, const ValueType& type, const void* key,
                       const void* mapped);
  std::byte* put_content(std::byte* at, std::string_view name, const ValueType& type,
                         const void* value);
  [[gnu::always_inline]] inline std::byte* put_value(std::byte* at, std::string_view name,
                                                     const ValueType& type, const void* value);
  [[gnu::always_inline]] inline std::byte* put_string(std::byte* at, std::string_view name,
                                                      const void* value);
  std::byte* put_parts(std::byte* at, TimeParts parts);
  [[gnu::cold]] std::byte* put_unknown(std::byte* at, const MessageTable& table,
                                       const void* message);

  OutputRoom room_;
  WriteFailure failure_;
};

// --- Values ---

std::byte* Writer::put_parts(std::byte* at, TimeParts parts) {
  at = room_.at(at, kMostTime);
  if (parts.seconds != 0) {
    at = put_tag(at, 1, WireType::kVarint);
    at = put_scalar(ValueKind::kVarint64, at, &parts.seconds);
  }
  if (parts.nanos != 0) {
    at = put_tag(at, 2, WireType::kVarint);
    at = put_scalar(ValueKind::kSigned32, at, &parts.nanos);
  }
  return at;
}

std::byte* Writer::put_string(std::byte* at, std::string_view name, const void* value) {
  const auto& text = *static_cast<const std::string*>(value);
  if (!is_text(text)) [[unlikely]]
    failure_.not_utf8(name);
  at = room_.at(at, kMostVarint + text.size());
  at = put_varint(at, text.size());
  return copy_bytes(at, text.data(), text.size());
}

// What has a length, without that.
std::byte* Writer::put_content(std::byte* at, std::string_view name, const ValueType& type,
                               const void* value) {
  switch (type.kind) {
    case ValueKind::kMessage:
      return put_message(at, ready(*type.message), value);
    case ValueKind::kTimestamp:
      return put_parts(at, parts_of(load<Timestamp>(value)));
    case ValueKind::kDuration:
      return put_parts(at, parts_of(load<Duration>(value)));
    case ValueKind::kList:
      return put_list(at, kOnlyField, name, type, value);
    default:
      return put_map(at, kOnlyField, name, type, value);
  }
}

// Behind its tag, for which and for a number there is room. A list or map in a message of its own.
std::byte* Writer::put_value(std::byte* at, std::string_view name, const ValueType& type,
                             const void* value) {
  if (is_scalar(type.kind)) return put_scalar(type.kind, at, value);
  if (type.kind == ValueKind::kString) return put_string(at, name, value);
  if (type.kind == ValueKind::kBytes) {
    const auto& bytes = *static_cast<const Bytes*>(value);
    at = room_.at(at, kMostVarint + bytes.size());
    at = put_varint(at, bytes.size());
    return copy_bytes(at, bytes.data(), bytes.size());
  }
  const std::size_t place = room_.place_of(at);
  at = type.kind == ValueKind::kMessage ? put_message(at + 1, ready(*type.message), value)
                                        : put_content(at + 1, name, type, value);
  return room_.put_length(place, at);
}

// --- Lists and maps: what is in them, each with its tag, and nothing of an empty one ---

std::byte* Writer::put_list(std::byte* at, std::uint32_t number, std::string_view name,
                            const ValueType& type, const void* list) {
  if (is_packed(type)) return put_packed(at, number, type, list, room_);
  const std::span<const std::byte> bytes = type.list->elements(list);
  const std::size_t stride = type.list->stride;
  if (type.element->kind == ValueKind::kMessage) {
    const MessageTable& table = ready(*type.element->message);
    for (std::size_t i = 0; i < bytes.size(); i += stride) {
      at = put_tag(room_.at(at, kMostField), number, WireType::kLength);
      const std::size_t place = room_.place_of(at);
      at = room_.put_length(place, put_message(at + 1, table, bytes.data() + i));
    }
    return at;
  }
  for (std::size_t i = 0; i < bytes.size(); i += stride) {
    at = put_tag(room_.at(at, kMostField), number, WireType::kLength);
    at = put_value(at, name, *type.element, bytes.data() + i);
  }
  return at;
}

std::byte* Writer::put_entry(std::byte* at, std::string_view name, const ValueType& type,
                             const void* key, const void* mapped) {
  const std::size_t place = room_.place_of(at);
  at = room_.at(at + 1, kMostField);
  at = put_tag(at, 1, wire_type_of(type.key->kind));
  at = put_value(at, name, *type.key, key);
  at = room_.at(at, kMostField);
  at = put_tag(at, 2, wire_type_of(type.element->kind));
  at = put_value(at, name, *type.element, mapped);
  return room_.put_length(place, at);
}

std::byte* Writer::put_map(std::byte* at, std::uint32_t number, std::string_view name,
                           const ValueType& type, const void* map) {
  struct Entries {
    Writer& writer;
    std::byte* at;
    std::uint32_t number;
    std::string_view name;
    const ValueType& type;
  } entries{*this, at, number, name, type};
  type.map->each(map, &entries, [](void* user, const void* key, const void* mapped) {
    auto& to = *static_cast<Entries*>(user);
    std::byte* entry = to.writer.room_.at(to.at, kMostField);
    entry = put_tag(entry, to.number, WireType::kLength);
    to.at = to.writer.put_entry(entry, to.name, to.type, key, mapped);
  });
  return entries.at;
}

// --- Messages ---

std::byte* Writer::put_field(std::byte* at, const FieldEntry& field, const void* value) {
  at = room_.at(at, kMostField);
  store(at, field.tag);
  return put_value(at + field.tag_size, field.name, *field.type, value);
}

// Out of line: messages of numbers alone need no room for it on the stack.
std::byte* Writer::put_text(std::byte* at, const FieldEntry& field, const void* value) {
  at = room_.at(at, kMostField);
  store(at, field.tag);
  return put_string(at + field.tag_size, field.name, value);
}

template <typename T>
std::byte* Writer::put_number(std::byte* at, const FieldEntry& field, const void* value,
                              ValueKind kind) {
  if (load<T>(value) == 0 && !field.has_default) return at;  // by its bits: -0.0 is written
  store(at, field.tag);
  return put_scalar(kind, at + field.tag_size, value);
}

// A field without presence that is zero is left out. What has a message is always there. There is
// room for all fields as numbers; what takes more makes room for itself, and for the rest again.
std::byte* Writer::put_message(std::byte* at, const MessageTable& table, const void* message) {
  std::size_t left = table.fields.size() * kMostField;
  at = room_.at(at, left);
  for (const FieldEntry& field : table.fields) {
    left -= kMostField;
    const void* value = static_cast<const std::byte*>(message) + field.offset;
    if (field.ops != nullptr) {
      value = field.ops->get(value, field.index);
      if (value != nullptr) at = room_.at(put_field(at, field, value), left);
      continue;
    }
    switch (field.kind) {
      case ValueKind::kBool:
        at = put_number<std::uint8_t>(at, field, value, ValueKind::kBool);
        continue;
      case ValueKind::kVarint32:
        at = put_number<std::uint32_t>(at, field, value, ValueKind::kVarint32);
        continue;
      case ValueKind::kSigned32:
        at = put_number<std::uint32_t>(at, field, value, ValueKind::kSigned32);
        continue;
      case ValueKind::kVarint64:
        at = put_number<std::uint64_t>(at, field, value, ValueKind::kVarint64);
        continue;
      case ValueKind::kZigzag32:
        at = put_number<std::uint32_t>(at, field, value, ValueKind::kZigzag32);
        continue;
      case ValueKind::kZigzag64:
        at = put_number<std::uint64_t>(at, field, value, ValueKind::kZigzag64);
        continue;
      case ValueKind::kFixed32:
        at = put_number<std::uint32_t>(at, field, value, ValueKind::kFixed32);
        continue;
      case ValueKind::kFixed64:
        at = put_number<std::uint64_t>(at, field, value, ValueKind::kFixed64);
        continue;
      case ValueKind::kString:
        if (!static_cast<const std::string*>(value)->empty() || field.has_default) {
          at = put_text(at, field, value);
        }
        break;
      case ValueKind::kBytes:
        if (!static_cast<const Bytes*>(value)->empty()) at = put_field(at, field, value);
        break;
      case ValueKind::kMessage: {
        store(at, field.tag);
        at += field.tag_size;
        const std::size_t place = room_.place_of(at);
        at = room_.put_length(place, put_message(at + 1, ready(*field.type->message), value));
        break;
      }
      case ValueKind::kList:
        at = put_list(at, field.number, field.name, *field.type, value);
        break;
      case ValueKind::kMap:
        at = put_map(at, field.number, field.name, *field.type, value);
        break;
      default:
        at = put_field(at, field, value);
    }
    at = room_.at(at, left);
  }
  return table.unknown == nullptr ? at : put_unknown(at, table, message);
}

// Whole fields, as they came.
std::byte* Writer::put_unknown(std::byte* at, const MessageTable& table, const void* message) {
  // The table gives no other access to it.
  const ByteView fields = table.unknown(const_cast<void*>(message))->bytes();
  at = room_.at(at, fields.size());
  return copy_bytes(at, fields.data(), fields.size());
}

std::byte* Writer::put_whole(std::byte* at, const ValueType& type, const void* value) {
  switch (type.kind) {
    case ValueKind::kMessage:
    case ValueKind::kTimestamp:
    case ValueKind::kDuration:
    case ValueKind::kList:
    case ValueKind::kMap:
      return put_content(at, {}, type, value);
    case ValueKind::kString:
      if (static_cast<const std::string*>(value)->empty()) return at;
      break;
    case ValueKind::kBytes:
      if (static_cast<const Bytes*>(value)->empty()) return at;
      break;
    default:
      if (is_zero(type.kind, value)) return at;
  }
  return put_value(put_tag(at, kOnlyField, wire_type_of(type.kind)), {}, type, value);
}

Status Writer::write(const ValueType& type, const void* value) {
  const std::size_t size = room_.end(put_whole(room_.begin(kMostField), type, value));
  if (size > kMostBytes) return WriteFailure::too_large(type.shape->name, size);
  return failure_.take();
}

}  // namespace

Status encode(const ValueType& type, const void* value, Buffer& out) {
  return Writer(out).write(type, value);
}

}  // namespace tern::codec::proto
