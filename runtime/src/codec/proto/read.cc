// Protobuf, reading. Writers send fields in order of number: a message goes straight through its
// table, where each field is the next one or is absent. What comes otherwise (a field that is not
// known, or out of its order, or in another form) ends that, and the rest goes field by field.
#include "codec/proto/read.h"

#include <string>

#include "codec/proto/clear.h"
#include "codec/proto/input.h"
#include "codec/proto/read_map.h"
#include "codec/proto/read_numbers.h"
#include "codec/proto/read_value.h"
#include "codec/proto/tag.h"

namespace tern::codec::proto {

namespace {

bool read_message(MessageTable& type, At at, At end, void* out, Into into, std::size_t depth,
                  Reading& reading);
bool read_only_field(const ValueType& type, At at, At end, void* out, Into into, std::size_t depth,
                     Reading& reading);
At read_list(const ValueType& type, std::uint32_t number, At at, At end, void* out, Into into,
             std::size_t depth, Reading& reading);

}  // namespace

// --- Values ---

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

namespace {

// --- Lists ---

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
    const At start = at;
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
      if (at != nullptr && table.unknown != nullptr) table.unknown(out)->append({start, at});
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
  clear_unknown(table, out);
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
