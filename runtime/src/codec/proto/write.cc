// Protobuf, writing, in one pass: there is room for a field before it is written. A length is known
// when its value has been written: most take one byte, and a longer value moves.
#include "codec/proto/write.h"

#include <string>
#include <vector>

#include "codec/proto/output.h"
#include "codec/proto/sum_of_sizes.h"
#include "codec/proto/time.h"
#include "tern/codegen/copy_bytes.h"

namespace tern::codec::proto {

namespace {

using Bools = std::vector<bool>;
using Bytes = std::vector<std::byte>;

// A field that is a number, and the tag and length of any other.
constexpr std::size_t kMostField = kMostTag + kMostVarint;
// A timestamp or duration without its length.
constexpr std::size_t kMostTime = 2 * (1 + kMostVarint);

// Numbers of a list without tags: what they take at most. Many small ones take a tenth of what they
// could.
std::size_t most_packed(ValueKind kind, std::span<const std::byte> bytes) {
  constexpr std::size_t kFew = 256;
  const std::size_t count = bytes.size() / scalar_size(kind);
  if (kind == ValueKind::kFixed32 || kind == ValueKind::kFixed64) return bytes.size();
  return count <= kFew ? count * kMostVarint : sum_of_sizes(kind, bytes);
}

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
// They are in one file with the room and the lists: apart, a short message takes 4 % more
// instructions.
class Writer {
 public:
  explicit Writer(Buffer& out) : out_(out), start_(out.size()) {}

  // A value at the top.
  Status write(const ValueType& type, const void* value);

 private:
  // Room for so many bytes, and for stores that go beyond them.
  [[gnu::always_inline]] std::byte* room(std::byte* at, std::size_t size) {
    return static_cast<std::size_t>(limit_ - at) >= size ? at : more_room(at, size);
  }
  std::byte* more_room(std::byte* at, std::size_t size);
  // Where a byte stands that is left for a length, wherever the buffer moves.
  std::size_t place_of(const std::byte* at) const { return static_cast<std::size_t>(at - base_); }
  [[gnu::always_inline]] std::byte* put_length(std::size_t place, std::byte* end) {
    const std::size_t size = place_of(end) - place - 1;
    if (size >= 0x80) return put_long_length(place, end);
    base_[place] = static_cast<std::byte>(size);
    return end;
  }
  std::byte* put_long_length(std::size_t place, std::byte* end);

  std::byte* put_whole(std::byte* at, const ValueType& type, const void* value);
  std::byte* put_message(std::byte* at, const MessageTable& table, const void* message);
  std::byte* put_field(std::byte* at, const FieldEntry& field, const void* value);
  [[gnu::noinline]] std::byte* put_text(std::byte* at, const FieldEntry& field, const void* value);
  template <typename T>
  [[gnu::always_inline]] inline std::byte* put_number(std::byte* at, const FieldEntry& field,
                                                      const void* value, ValueKind kind);
  std::byte* put_list(std::byte* at, std::uint32_t number, std::string_view name,
                      const ValueType& type, const void* list);
  std::byte* put_packed(std::byte* at, std::uint32_t number, const ValueType& type,
                        const void* list);
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

  Buffer& out_;
  std::size_t start_;
  std::byte* base_ = nullptr;   // where the buffer lies
  std::byte* limit_ = nullptr;  // its end, less kSlack
  WriteFailure failure_;
};

std::byte* Writer::more_room(std::byte* at, std::size_t size) {
  const std::size_t used = base_ == nullptr ? start_ : place_of(at);
  out_.truncate(used);
  out_.reserve(size + kSlack);
  out_.grow(out_.capacity() - used);
  base_ = out_.data();
  limit_ = base_ + out_.size() - kSlack;
  return base_ + used;
}

std::byte* Writer::put_long_length(std::size_t place, std::byte* end) {
  const std::size_t size = place_of(end) - place - 1;
  const std::size_t more = varint_size(size) - 1;
  end = room(end, more);
  std::byte* at = base_ + place;
  std::memmove(at + 1 + more, at + 1, size);
  for (std::size_t left = size; left != 0; left >>= 7) {
    *at++ = static_cast<std::byte>(left < 0x80 ? left : left | 0x80);
  }
  return end + more;
}

// --- Values ---

std::byte* Writer::put_parts(std::byte* at, TimeParts parts) {
  at = room(at, kMostTime);
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
  at = room(at, kMostVarint + text.size());
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
    at = room(at, kMostVarint + bytes.size());
    at = put_varint(at, bytes.size());
    return copy_bytes(at, bytes.data(), bytes.size());
  }
  const std::size_t place = place_of(at);
  at = type.kind == ValueKind::kMessage ? put_message(at + 1, ready(*type.message), value)
                                        : put_content(at + 1, name, type, value);
  return put_length(place, at);
}

// --- Lists and maps: what is in them, each with its tag, and nothing of an empty one ---

std::byte* Writer::put_packed(std::byte* at, std::uint32_t number, const ValueType& type,
                              const void* list) {
  const ValueKind kind = type.element->kind;
  if (kind == ValueKind::kBool) {
    const Bools& bools = *static_cast<const Bools*>(list);
    if (bools.empty()) return at;
    at = room(at, kMostField + bools.size());
    at = put_varint(put_tag(at, number, WireType::kLength), bools.size());
    for (const bool each : bools) *at++ = std::byte{each};
    return at;
  }
  const std::span<const std::byte> bytes = type.list->elements(list);
  if (bytes.empty()) return at;
  at = room(at, kMostField + most_packed(kind, bytes));
  at = put_tag(at, number, WireType::kLength);
  const std::size_t place = place_of(at);
  ++at;
  const auto put_all = [&]<ValueKind Kind>() {
    std::byte* to = at;
    for (std::size_t i = 0; i < bytes.size(); i += scalar_size(Kind)) {
      to = put_scalar(Kind, to, bytes.data() + i);
    }
    return put_length(place, to);
  };
  switch (kind) {
    case ValueKind::kVarint32:
      return put_all.template operator()<ValueKind::kVarint32>();
    case ValueKind::kSigned32:
      return put_all.template operator()<ValueKind::kSigned32>();
    case ValueKind::kVarint64:
      return put_all.template operator()<ValueKind::kVarint64>();
    case ValueKind::kZigzag32:
      return put_all.template operator()<ValueKind::kZigzag32>();
    case ValueKind::kZigzag64:
      return put_all.template operator()<ValueKind::kZigzag64>();
    default:
      at = put_varint(at - 1, bytes.size());
      return copy_bytes(at, bytes.data(), bytes.size());
  }
}

std::byte* Writer::put_list(std::byte* at, std::uint32_t number, std::string_view name,
                            const ValueType& type, const void* list) {
  if (is_packed(type)) return put_packed(at, number, type, list);
  const std::span<const std::byte> bytes = type.list->elements(list);
  const std::size_t stride = type.list->stride;
  if (type.element->kind == ValueKind::kMessage) {
    const MessageTable& table = ready(*type.element->message);
    for (std::size_t i = 0; i < bytes.size(); i += stride) {
      at = put_tag(room(at, kMostField), number, WireType::kLength);
      const std::size_t place = place_of(at);
      at = put_length(place, put_message(at + 1, table, bytes.data() + i));
    }
    return at;
  }
  for (std::size_t i = 0; i < bytes.size(); i += stride) {
    at = put_tag(room(at, kMostField), number, WireType::kLength);
    at = put_value(at, name, *type.element, bytes.data() + i);
  }
  return at;
}

std::byte* Writer::put_entry(std::byte* at, std::string_view name, const ValueType& type,
                             const void* key, const void* mapped) {
  const std::size_t place = place_of(at);
  at = room(at + 1, kMostField);
  at = put_tag(at, 1, wire_type_of(type.key->kind));
  at = put_value(at, name, *type.key, key);
  at = room(at, kMostField);
  at = put_tag(at, 2, wire_type_of(type.element->kind));
  at = put_value(at, name, *type.element, mapped);
  return put_length(place, at);
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
    std::byte* entry = to.writer.room(to.at, kMostField);
    entry = put_tag(entry, to.number, WireType::kLength);
    to.at = to.writer.put_entry(entry, to.name, to.type, key, mapped);
  });
  return entries.at;
}

// --- Messages ---

std::byte* Writer::put_field(std::byte* at, const FieldEntry& field, const void* value) {
  at = room(at, kMostField);
  store(at, field.tag);
  return put_value(at + field.tag_size, field.name, *field.type, value);
}

// Out of line: messages of numbers alone need no room for it on the stack.
std::byte* Writer::put_text(std::byte* at, const FieldEntry& field, const void* value) {
  at = room(at, kMostField);
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
  at = room(at, left);
  for (const FieldEntry& field : table.fields) {
    left -= kMostField;
    const void* value = static_cast<const std::byte*>(message) + field.offset;
    if (field.ops != nullptr) {
      value = field.ops->get(value, field.index);
      if (value != nullptr) at = room(put_field(at, field, value), left);
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
        const std::size_t place = place_of(at);
        at = put_length(place, put_message(at + 1, ready(*field.type->message), value));
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
    at = room(at, left);
  }
  return table.unknown == nullptr ? at : put_unknown(at, table, message);
}

// Whole fields, as they came.
std::byte* Writer::put_unknown(std::byte* at, const MessageTable& table, const void* message) {
  // The table gives no other access to it.
  const ByteView fields = table.unknown(const_cast<void*>(message))->bytes();
  at = room(at, fields.size());
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
  std::byte* at = put_whole(more_room(nullptr, kMostField), type, value);
  const std::size_t size = place_of(at) - start_;
  out_.truncate(start_ + size);
  if (size > kMostBytes) return WriteFailure::too_large(type.shape->name, size);
  return failure_.take();
}

}  // namespace

Status encode(const ValueType& type, const void* value, Buffer& out) {
  return Writer(out).write(type, value);
}

}  // namespace tern::codec::proto
