// Protobuf, reading. Writers send fields in order of number: a message goes straight through its
// table, where each field is the next one or is absent. What comes otherwise (a field that is not
// known, or out of its order, or in another form) ends that, and the rest goes field by field.
#include "codec/proto/read.h"

#include <string>
#include <vector>

#include "codec/proto/input.h"
#include "codec/proto/output.h"

namespace tern::codec::proto {

namespace {

using Bools = std::vector<bool>;
using Bytes = std::vector<std::byte>;

bool read_message(MessageTable& type, At at, At end, void* out, Into into, std::size_t depth,
                  Reading& reading);
bool read_only_field(const ValueType& type, At at, At end, void* out, Into into, std::size_t depth,
                     Reading& reading);
At read_list(const ValueType& type, std::uint32_t number, At at, At end, void* out, Into into,
             std::size_t depth, Reading& reading);
At read_map(const ValueType& type, std::uint32_t number, At at, At end, void* out, Into into,
            std::size_t depth, Reading& reading);
void clear_value(const ValueType& type, void* out);

// Whether the next field has this tag.
[[gnu::always_inline]] inline bool has_tag(At at, At end, std::uint16_t tag, std::uint8_t size) {
  if (size == 1) return at < end && *at == static_cast<std::byte>(tag);
  return end - at >= 2 && load<std::uint16_t>(at) == tag;
}

// The tag of a field, as it stands in a message.
struct Tag {
  Tag(std::uint32_t number, WireType type) {
    const std::uint32_t tag = tag_of(number, type);
    size = tag < 0x80 ? 1 : 2;
    bytes = static_cast<std::uint16_t>(size == 1 ? tag : (tag & 0x7f) | 0x80 | tag >> 7 << 8);
  }
  bool comes(At at, At end) const { return has_tag(at, end, bytes, size); }

  std::uint16_t bytes = 0;
  std::uint8_t size = 0;
};

[[gnu::always_inline]] inline At read_string(At at, At end, std::string& out, Reading& reading) {
  std::size_t size = 0;
  at = read_length(at, end, size, reading);
  if (at == nullptr) return at;
  const std::string_view text(reinterpret_cast<const char*>(at), size);
  if (!is_text(text)) return reading.not_utf8();
  out.assign(text);
  return at + size;
}

// --- Values ---

// What is behind a length. `depth`: how many levels may follow, that of `out` included.
bool read_content(const ValueType& type, At at, At end, void* out, Into into, std::size_t depth,
                  Reading& reading) {
  if (depth == 0) return reading.too_deep() != nullptr;
  if (type.kind == ValueKind::kMessage) {
    return read_message(*type.message, at, end, out, into, depth - 1, reading);
  }
  if (type.kind == ValueKind::kTimestamp) {
    return read_time(at, end, *static_cast<Timestamp*>(out), into, depth - 1, reading);
  }
  if (type.kind == ValueKind::kDuration) {
    return read_time(at, end, *static_cast<Duration*>(out), into, depth - 1, reading);
  }
  return read_only_field(type, at, end, out, into, depth - 1, reading);
}

// A value behind its tag; a list or map in a message of its own.
[[gnu::always_inline]] inline At read_value(const ValueType& type, At at, At end, void* out,
                                            Into into, std::size_t depth, Reading& reading) {
  if (is_scalar(type.kind)) return read_scalar(type.kind, at, end, out, reading);
  if (type.kind == ValueKind::kString) {
    return read_string(at, end, *static_cast<std::string*>(out), reading);
  }
  std::size_t size = 0;
  at = read_length(at, end, size, reading);
  if (at == nullptr) return at;
  const At behind = at + size;
  if (type.kind == ValueKind::kBytes) {
    static_cast<Bytes*>(out)->assign(at, behind);
    return behind;
  }
  return read_content(type, at, behind, out, into, depth, reading) ? behind : nullptr;
}

// --- New messages ---

void clear_message(const MessageTable& table, void* out);

// Makes a value what it is in a new message, keeping its memory.
void clear_value(const ValueType& type, void* out) {
  switch (type.kind) {
    case ValueKind::kString:
      return static_cast<std::string*>(out)->clear();
    case ValueKind::kBytes:
      return static_cast<Bytes*>(out)->clear();
    case ValueKind::kTimestamp:
    case ValueKind::kDuration:
      return store(out, std::int64_t{0});
    case ValueKind::kMessage:
      return clear_message(ready(*type.message), out);
    case ValueKind::kList:
      return type.list ? type.list->resize(out, 0) : static_cast<Bools*>(out)->clear();
    case ValueKind::kMap:
      return type.map->clear(out);
    default:
      std::memset(out, 0, scalar_size(type.kind));
  }
}

void assign_default(ValueKind kind, const void* from, void* to) {
  if (kind == ValueKind::kString) {
    *static_cast<std::string*>(to) = *static_cast<const std::string*>(from);
  } else {
    std::memcpy(to, from, is_scalar(kind) ? scalar_size(kind) : sizeof(Duration));
  }
}

[[gnu::always_inline]] inline void clear_member(const MessageTable& table, const FieldEntry& field,
                                                void* member) {
  if (field.ops != nullptr) {
    field.ops->reset(member, field.index);
  } else if (field.has_default) {
    const void* fresh = table.fresh.load(std::memory_order_relaxed);
    assign_default(field.kind, static_cast<const std::byte*>(fresh) + field.offset, member);
  } else {
    clear_value(*field.type, member);
  }
}

void clear_message(const MessageTable& table, void* out) {
  for (const FieldEntry& field : table.fields) {
    clear_member(table, field, static_cast<std::byte*>(out) + field.offset);
  }
}

// --- Lists ---

// Numbers without tags, added to those that are there.
bool read_packed(const ValueType& type, At at, At end, void* out, Into into, Reading& reading) {
  const ValueKind kind = type.element->kind;
  if (kind == ValueKind::kBool) {
    auto& bools = *static_cast<Bools*>(out);
    if (into == Into::kFresh) bools.clear();
    bools.reserve(bools.size() + count_varints(at, end));
    while (at != end) {
      std::uint64_t bits = 0;
      at = read_varint(at, end, bits, reading);
      if (at == nullptr) return false;
      bools.push_back(bits != 0);
    }
    return true;
  }
  const std::size_t size = scalar_size(kind);
  const std::size_t before =
      into == Into::kFresh ? 0 : type.list->elements(out).size() / type.list->stride;
  const bool is_fixed = kind == ValueKind::kFixed32 || kind == ValueKind::kFixed64;
  if (is_fixed && bytes_between(at, end) % size != 0) {
    return reading.uneven(bytes_between(at, end), size) != nullptr;
  }
  const std::size_t more = is_fixed ? bytes_between(at, end) / size : count_varints(at, end);
  type.list->resize(out, before + more);
  if (more == 0) return at == end || reading.cut_off("a varint") != nullptr;
  auto* to = const_cast<std::byte*>(type.list->elements(out).data()) + before * size;
  if (is_fixed) {
    std::memcpy(to, at, bytes_between(at, end));
    return true;
  }
  const auto read_all = [&]<ValueKind Kind>() {
    while (at != end) {
      at = read_scalar(Kind, at, end, to, reading);
      if (at == nullptr) return false;
      to += scalar_size(Kind);
    }
    return true;
  };
  switch (kind) {
    case ValueKind::kVarint64:
      return read_all.template operator()<ValueKind::kVarint64>();
    case ValueKind::kZigzag64:
      return read_all.template operator()<ValueKind::kZigzag64>();
    case ValueKind::kZigzag32:
      return read_all.template operator()<ValueKind::kZigzag32>();
    default:
      return read_all.template operator()<ValueKind::kVarint32>();
  }
}

// How many fields with this tag follow one another, the first one without it. At least one: whether
// all is well with them is found when they are read.
std::size_t count_values(const Tag& tag, At at, At end) {
  std::size_t count = 0;
  while (at != end) {
    auto size = std::to_integer<std::size_t>(*at++);
    if (size >= 0x80) {
      int shift = 7;
      size &= 0x7f;
      while (at != end && shift < 35) {
        const auto byte = std::to_integer<std::size_t>(*at++);
        size |= (byte & 0x7f) << shift;
        shift += 7;
        if (byte < 0x80) break;
      }
    }
    ++count;
    if (size > bytes_between(at, end)) break;
    at += size;
    if (!tag.comes(at, end)) break;
    at += tag.size;
  }
  return count == 0 ? 1 : count;
}

// Behind the tag of a field `number`, and behind its further tags that follow at once.
At read_list(const ValueType& type, std::uint32_t number, At at, At end, void* out, Into into,
             std::size_t depth, Reading& reading) {
  const Tag tag(number, WireType::kLength);
  if (is_packed(type)) {
    for (;;) {
      std::size_t size = 0;
      at = read_length(at, end, size, reading);
      if (at == nullptr || !read_packed(type, at, at + size, out, into, reading)) return nullptr;
      at += size;
      into = Into::kMerge;
      if (!tag.comes(at, end)) return at;
      at += tag.size;
    }
  }
  const std::size_t stride = type.list->stride;
  const std::size_t before = into == Into::kFresh ? 0 : type.list->elements(out).size() / stride;
  const std::size_t count = count_values(tag, at, end);
  if (!reading.charge(*type.shape, count, stride)) return nullptr;
  type.list->resize(out, before + count);
  auto* to = const_cast<std::byte*>(type.list->elements(out).data()) + before * stride;
  for (std::size_t i = 0; i < count; ++i, to += stride) {
    if (i > 0) at += tag.size;
    at = read_value(*type.element, at, end, to, Into::kFresh, depth, reading);
    if (at == nullptr) return at;
  }
  return at;
}

// One number of a list that is not packed, behind its tag.
At read_unpacked(const ValueType& type, At at, At end, void* out, Reading& reading) {
  std::uint64_t number = 0;
  const ValueKind kind = type.element->kind;
  at = read_scalar(kind, at, end, &number, reading);
  if (at == nullptr) return at;
  if (kind == ValueKind::kBool) {
    if (!reading.charge(*type.shape, 1, 1)) return nullptr;
    static_cast<Bools*>(out)->push_back(load<bool>(&number));
    return at;
  }
  const std::size_t size = scalar_size(kind);
  if (!reading.charge(*type.shape, 1, size)) return nullptr;
  const std::size_t bytes = type.list->elements(out).size();
  type.list->resize(out, bytes / size + 1);
  std::memcpy(const_cast<std::byte*>(type.list->elements(out).data()) + bytes, &number, size);
  return at;
}

}  // namespace

// --- Maps ---

struct MapEntries::State {
  const ValueType& type;
  Tag tag;
  At at;
  At end;
  std::size_t depth;
  Reading& reading;
};

namespace {

// An entry of a map is a message whose fields are the key and the value.
bool read_entry(const ValueType& key_type, void* key, const ValueType& mapped_type, void* mapped,
                At at, At end, std::size_t depth, Reading& reading) {
  const auto key_tag = static_cast<std::byte>(tag_of(1, wire_type_of(key_type.kind)));
  const auto mapped_tag = static_cast<std::byte>(tag_of(2, wire_type_of(mapped_type.kind)));
  if (at == end || *at != key_tag) {
    clear_value(key_type, key);
  } else {
    at = read_value(key_type, at + 1, end, key, Into::kFresh, depth, reading);
    if (at == nullptr) return false;
  }
  if (at == end || *at != mapped_tag) {
    clear_value(mapped_type, mapped);
  } else {
    at = read_value(mapped_type, at + 1, end, mapped, Into::kFresh, depth, reading);
    if (at == nullptr) return false;
  }
  while (at != end) {
    std::uint64_t tag = 0;
    at = read_tag(at, end, tag, reading);
    if (at == nullptr) return false;
    if (tag == std::to_integer<std::uint64_t>(key_tag)) {
      at = read_value(key_type, at, end, key, Into::kFresh, depth, reading);
    } else if (tag == std::to_integer<std::uint64_t>(mapped_tag)) {
      at = read_value(mapped_type, at, end, mapped, Into::kMerge, depth, reading);
    } else {
      at = skip_field(at, end, tag, depth, reading);
    }
    if (at == nullptr) return false;
  }
  return true;
}

}  // namespace

bool MapEntries::read(void* key, void* mapped) {
  std::size_t size = 0;
  Reading& reading = state_.reading;
  const At at = read_length(state_.at, state_.end, size, reading);
  if (at == nullptr) return false;
  if (state_.depth == 0) return reading.too_deep() != nullptr;
  if (!reading.charge(*state_.type.shape, 1, state_.type.map->entry_memory)) return false;
  state_.at = at + size;
  return read_entry(*state_.type.key, key, *state_.type.element, mapped, at, state_.at,
                    state_.depth - 1, reading);
}

bool MapEntries::more() {
  if (!state_.tag.comes(state_.at, state_.end)) return false;
  state_.at += state_.tag.size;
  return true;
}

class MapReader {
 public:
  static At read(const ValueType& type, std::uint32_t number, At at, At end, void* out, Into into,
                 std::size_t depth, Reading& reading) {
    MapEntries::State state{type, Tag(number, WireType::kLength), at, end, depth, reading};
    MapEntries entries(state);
    return type.map->read(entries, out, into) ? state.at : nullptr;
  }
};

namespace {

At read_map(const ValueType& type, std::uint32_t number, At at, At end, void* out, Into into,
            std::size_t depth, Reading& reading) {
  return MapReader::read(type, number, at, end, out, into, depth, reading);
}

// --- Fields ---

// Behind its tag. `into`: what a value that is there is read into.
At read_field(const FieldEntry& field, At at, At end, void* member, Into into, std::size_t depth,
              Reading& reading) {
  const ValueType& type = *field.type;
  if (field.ops != nullptr) {
    bool had = false;
    void* value = field.ops->engage(member, field.index, had);
    if (!had && field.boxed > 0 && !reading.charge(*type.shape, 1, field.boxed)) return nullptr;
    return read_value(type, at, end, value, had ? into : Into::kFresh, depth, reading);
  }
  if (type.kind == ValueKind::kList) {
    return read_list(type, field.number, at, end, member, into, depth, reading);
  }
  if (type.kind == ValueKind::kMap) {
    return read_map(type, field.number, at, end, member, into, depth, reading);
  }
  return read_value(type, at, end, member, into, depth, reading);
}

// `hint`: where it may stand in the table, and stands then.
const FieldEntry* find_field(const MessageTable& table, std::uint64_t number,
                             std::size_t& hint) noexcept {
  const std::size_t count = table.fields.size();
  for (std::size_t i = 0; i < count; ++i) {
    const std::size_t at = hint + i < count ? hint + i : hint + i - count;
    if (table.fields[at].number != number) continue;
    hint = at;
    return &table.fields[at];
  }
  return nullptr;
}

// Adds to what `out` has.
[[gnu::cold]] bool read_rest(const MessageTable& table, At at, At end, void* out, std::size_t depth,
                             Reading& reading) {
  std::size_t hint = 0;
  while (at != end) {
    std::uint64_t tag = 0;
    at = read_tag(at, end, tag, reading);
    if (at == nullptr) return false;
    const FieldEntry* field = find_field(table, tag >> 3, hint);
    void* member = field ? static_cast<std::byte*>(out) + field->offset : nullptr;
    // One of another type than ours is none of ours, as everywhere in protobuf.
    if (field && tag == tag_of(field->number, wire_type_of(field->kind))) {
      at = read_field(*field, at, end, member, Into::kMerge, depth, reading);
    } else if (field && !field->ops && is_packed(*field->type) &&
               tag == tag_of(field->number, wire_type_of(field->type->element->kind))) {
      at = read_unpacked(*field->type, at, end, member, reading);
    } else {
      field = nullptr;
      at = skip_field(at, end, tag, depth, reading);
    }
    if (at == nullptr) return field && reading.in_field(field->name) != nullptr;
  }
  return true;
}

bool read_message(MessageTable& type, At at, At end, void* out, Into into, std::size_t depth,
                  Reading& reading) {
  const MessageTable& table = ready(type);
  if (into == Into::kMerge) [[unlikely]]
    return read_rest(table, at, end, out, depth, reading);
  for (const FieldEntry& field : table.fields) {
    void* member = static_cast<std::byte*>(out) + field.offset;
    if (!has_tag(at, end, field.tag, field.tag_size)) {
      clear_member(table, field, member);
      continue;
    }
    at += field.tag_size;
    if (field.ops == nullptr && is_scalar(field.kind)) {
      at = read_scalar(field.kind, at, end, member, reading);
    } else if (field.ops == nullptr && field.kind == ValueKind::kString) {
      at = read_string(at, end, *static_cast<std::string*>(member), reading);
    } else {
      at = read_field(field, at, end, member, Into::kFresh, depth, reading);
    }
    if (at == nullptr) return reading.in_field(field.name) != nullptr;
  }
  return at == end || read_rest(table, at, end, out, depth, reading);
}

// What has no message of its own stands in one, as its field 1.
bool read_only_field(const ValueType& type, At at, At end, void* out, Into into, std::size_t depth,
                     Reading& reading) {
  if (into == Into::kFresh) clear_value(type, out);
  while (at != end) {
    std::uint64_t tag = 0;
    at = read_tag(at, end, tag, reading);
    if (at == nullptr) return false;
    if (tag == tag_of(kOnlyField, wire_type_of(type.kind))) {
      if (type.kind == ValueKind::kList) {
        at = read_list(type, kOnlyField, at, end, out, Into::kMerge, depth, reading);
      } else if (type.kind == ValueKind::kMap) {
        at = read_map(type, kOnlyField, at, end, out, Into::kMerge, depth, reading);
      } else {
        at = read_value(type, at, end, out, Into::kMerge, depth, reading);
      }
    } else if (is_packed(type) && tag == tag_of(kOnlyField, wire_type_of(type.element->kind))) {
      at = read_unpacked(type, at, end, out, reading);
    } else {
      at = skip_field(at, end, tag, depth, reading);
    }
    if (at == nullptr) return false;
  }
  return true;
}

}  // namespace

Status decode(const ValueType& type, ByteView bytes, void* out, const DecodeLimits& limits) {
  Reading reading(bytes.size(), limits);
  const At at = bytes.data();
  const At end = at + bytes.size();
  if (type.kind == ValueKind::kMessage || type.kind == ValueKind::kTimestamp ||
      type.kind == ValueKind::kDuration) {
    read_content(type, at, end, out, Into::kFresh, limits.depth, reading);
  } else if (limits.depth == 0) {
    reading.too_deep();
  } else {
    read_only_field(type, at, end, out, Into::kFresh, limits.depth - 1, reading);
  }
  return reading.take();
}

}  // namespace tern::codec::proto
