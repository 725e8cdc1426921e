// Protobuf, reading. Writers send fields in order of number: a message goes straight through its
// table, where each field is the next one or is absent. What comes otherwise (a field that is not
// known, or out of its order, or in another form) ends that, and the rest goes field by field.
#include "tern/codegen/proto_read.h"

#include <string>

#include "tern/codegen/proto_write.h"

namespace tern::codec::proto {

namespace {

using Bytes = std::vector<std::byte>;

// For stores through a pointer whose type only the table knows.
template <typename T>
[[gnu::always_inline]] inline void store(void* at, T value) {
  std::memcpy(at, &value, sizeof value);
}

template <typename T>
[[gnu::always_inline]] inline bool read_fixed(Input& in, void* out, Reading& reading) {
  if (in.size() < sizeof(T)) return reading.cut_off("a number");
  std::memcpy(out, in.at, sizeof(T));
  in.at += sizeof(T);
  return true;
}

bool read_message(const MessageTable& table, Input in, void* out, Into into, std::size_t depth,
                  Reading& reading);
bool read_only_field(const ValueType& type, Input in, void* out, Into into, std::size_t depth,
                     Reading& reading);

}  // namespace

bool read_value(Input& in, const ValueType& type, void* out, Into into, std::size_t depth,
                Reading& reading) {
  std::uint64_t bits = 0;
  switch (type.kind) {
    case ValueKind::kBool:
      if (!read_varint(in, bits, reading)) return false;
      store(out, bits != 0);
      return true;
    case ValueKind::kVarint32:
      if (!read_varint(in, bits, reading)) return false;
      store(out, static_cast<std::uint32_t>(bits));
      return true;
    case ValueKind::kVarint64:
      if (!read_varint(in, bits, reading)) return false;
      store(out, bits);
      return true;
    case ValueKind::kFixed32:
      return read_fixed<float>(in, out, reading);
    case ValueKind::kFixed64:
      return read_fixed<double>(in, out, reading);
    default:
      break;
  }
  Input value{};
  if (!read_length(in, value, reading)) return false;
  if (type.kind == ValueKind::kString) {
    return assign_text(value, *static_cast<std::string*>(out), reading);
  }
  if (type.kind == ValueKind::kBytes) {
    assign_bytes(value, *static_cast<Bytes*>(out));
    return true;
  }
  if (depth == 0) return reading.too_deep();
  if (type.kind == ValueKind::kMessage) {
    return read_message(type.message(), value, out, into, depth - 1, reading);
  }
  if (type.kind == ValueKind::kTimestamp) {
    return read_time(value, *static_cast<Timestamp*>(out), into, depth - 1, reading);
  }
  if (type.kind == ValueKind::kDuration) {
    return read_time(value, *static_cast<Duration*>(out), into, depth - 1, reading);
  }
  return read_only_field(type, value, out, into, depth - 1, reading);
}

namespace {

// --- New messages ---

void clear_member(const MessageTable& table, const FieldEntry& field, void* member) {
  if (field.ops) {
    field.ops->reset(member);
  } else if (field.has_default) {
    field.type->assign(static_cast<const std::byte*>(table.fresh) + field.offset, member);
  } else {
    clear_value(*field.type, member);
  }
}

void clear_message(const MessageTable& table, void* out) {
  for (const FieldEntry& field : table.fields) {
    clear_member(table, field, static_cast<std::byte*>(out) + field.offset);
  }
}

}  // namespace

void clear_value(const ValueType& type, void* out) {
  switch (type.kind) {
    case ValueKind::kBool:
      return store(out, false);
    case ValueKind::kVarint32:
    case ValueKind::kFixed32:
      return store(out, std::uint32_t{0});
    case ValueKind::kVarint64:
    case ValueKind::kFixed64:
      return store(out, std::uint64_t{0});
    case ValueKind::kString:
      return static_cast<std::string*>(out)->clear();
    case ValueKind::kBytes:
      return static_cast<Bytes*>(out)->clear();
    case ValueKind::kTimestamp:
      *static_cast<Timestamp*>(out) = Timestamp();
      return;
    case ValueKind::kDuration:
      *static_cast<Duration*>(out) = Duration();
      return;
    case ValueKind::kMessage:
      return clear_message(type.message(), out);
    case ValueKind::kContainer:
      return type.container->clear(out);
  }
}

namespace {

// --- Fields ---

// Behind its tag. `into`: what a value that is there is read into.
bool read_field(Input& in, const FieldEntry& field, void* member, Into into, std::size_t depth,
                Reading& reading) {
  const ValueType& type = *field.type;
  if (field.ops) {
    bool had = false;
    void* value = field.ops->engage(member, had);
    if (!had && field.ops->boxed > 0 && !reading.charge(*type.shape, 1, field.ops->boxed)) {
      return false;
    }
    return read_value(in, type, value, had ? into : Into::kFresh, depth, reading);
  }
  if (type.kind == ValueKind::kContainer) {
    return type.container->read(in, field.number, member, into, depth, reading);
  }
  return read_value(in, type, member, into, depth, reading);
}

const FieldEntry* find_field(const MessageTable& table, std::uint64_t number) noexcept {
  for (const FieldEntry& field : table.fields) {
    if (field.number == number) return &field;
  }
  return nullptr;
}

// Adds to what `out` has.
[[gnu::cold]] bool read_rest(const MessageTable& table, Input in, void* out, std::size_t depth,
                             Reading& reading) {
  while (!in.empty()) {
    std::uint64_t tag = 0;
    if (!read_tag(in, tag, reading)) return false;
    const FieldEntry* field = find_field(table, tag >> 3);
    // One of another type than ours is none of ours, as everywhere in protobuf.
    bool read = false;
    if (field && field->tag == tag) {
      void* member = static_cast<std::byte*>(out) + field->offset;
      read = read_field(in, *field, member, Into::kMerge, depth, reading);
    } else if (field && !field->ops && field->type->kind == ValueKind::kContainer &&
               field->type->container->read_unpacked &&
               tag == tag_of(field->number, field->type->container->element)) {
      void* member = static_cast<std::byte*>(out) + field->offset;
      read = field->type->container->read_unpacked(in, member, reading);
    } else {
      field = nullptr;
      read = skip_field(in, tag, depth, reading);
    }
    if (!read) return field ? reading.in_field(*table.shape, field->name) : false;
  }
  return true;
}

bool read_message(const MessageTable& table, Input in, void* out, Into into, std::size_t depth,
                  Reading& reading) {
  if (into == Into::kMerge) [[unlikely]]
    return read_rest(table, in, out, depth, reading);
  for (const FieldEntry& field : table.fields) {
    void* member = static_cast<std::byte*>(out) + field.offset;
    if (!take_tag(in, field.tag)) {
      clear_member(table, field, member);
    } else if (!read_field(in, field, member, Into::kFresh, depth, reading)) {
      return reading.in_field(*table.shape, field.name);
    }
  }
  return in.empty() || read_rest(table, in, out, depth, reading);
}

// What has no message of its own stands in one, as its field 1.
bool read_only_field(const ValueType& type, Input in, void* out, Into into, std::size_t depth,
                     Reading& reading) {
  if (into == Into::kFresh) clear_value(type, out);
  while (!in.empty()) {
    std::uint64_t tag = 0;
    if (!read_tag(in, tag, reading)) return false;
    bool read = false;
    if (tag == tag_of(kOnlyField, type.wire_type)) {
      read = type.container
                 ? type.container->read(in, kOnlyField, out, Into::kMerge, depth, reading)
                 : read_value(in, type, out, Into::kMerge, depth, reading);
    } else if (type.container && type.container->read_unpacked &&
               tag == tag_of(kOnlyField, type.container->element)) {
      read = type.container->read_unpacked(in, out, reading);
    } else {
      read = skip_field(in, tag, depth, reading);
    }
    if (!read) return false;
  }
  return true;
}

}  // namespace

bool read_entry(Input in, const ValueType& key_type, void* key, const ValueType& mapped_type,
                void* mapped, std::size_t depth, Reading& reading) {
  const std::uint32_t key_tag = tag_of(1, key_type.wire_type);
  const std::uint32_t mapped_tag = tag_of(2, mapped_type.wire_type);
  Into into = Into::kFresh;
  if (!take_tag(in, key_tag)) {
    clear_value(key_type, key);
  } else if (!read_value(in, key_type, key, Into::kFresh, depth, reading)) {
    return false;
  }
  if (!take_tag(in, mapped_tag)) {
    clear_value(mapped_type, mapped);
  } else if (!read_value(in, mapped_type, mapped, into, depth, reading)) {
    return false;
  }
  while (!in.empty()) {
    std::uint64_t tag = 0;
    if (!read_tag(in, tag, reading)) return false;
    if (tag == key_tag) {
      if (!read_value(in, key_type, key, Into::kFresh, depth, reading)) return false;
    } else if (tag == mapped_tag) {
      if (!read_value(in, mapped_type, mapped, Into::kMerge, depth, reading)) return false;
    } else if (!skip_field(in, tag, depth, reading)) {
      return false;
    }
  }
  return true;
}

Status decode(const ValueType& type, ByteView bytes, void* out, const DecodeLimits& limits) {
  Reading reading(bytes.size(), limits);
  const Input in{bytes.data(), bytes.data() + bytes.size()};
  if (limits.depth == 0) {
    reading.too_deep();
  } else if (type.kind == ValueKind::kMessage) {
    read_message(type.message(), in, out, Into::kFresh, limits.depth - 1, reading);
  } else if (type.kind == ValueKind::kTimestamp) {
    read_time(in, *static_cast<Timestamp*>(out), Into::kFresh, limits.depth - 1, reading);
  } else if (type.kind == ValueKind::kDuration) {
    read_time(in, *static_cast<Duration*>(out), Into::kFresh, limits.depth - 1, reading);
  } else {
    read_only_field(type, in, out, Into::kFresh, limits.depth - 1, reading);
  }
  return reading.take();
}

}  // namespace tern::codec::proto
