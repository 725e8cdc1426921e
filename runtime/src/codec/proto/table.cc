// The tables of protobuf's messages, made ready when they are first used: only an object says where
// its members lie.
#include <mutex>

#include "codec/proto/wire.h"

namespace tern::codec::proto {

namespace {

ValueKind with_form(ValueKind kind, ProtoForm form) noexcept {
  const bool is_64 = kind == ValueKind::kVarint64;
  if (!is_64 && kind != ValueKind::kVarint32 && kind != ValueKind::kSigned32) return kind;
  switch (form) {
    case ProtoForm::kVarint:
      return kind;
    case ProtoForm::kZigzag:
      return is_64 ? ValueKind::kZigzag64 : ValueKind::kZigzag32;
    case ProtoForm::kFixed:
      return is_64 ? ValueKind::kFixed64 : ValueKind::kFixed32;
  }
  return kind;
}

// A copy of the type, which stays, with integers in another form: its own, those in a list, or the
// values of a map; and the keys of a map.
const ValueType* with_forms(const ValueType& type, ProtoForm form, ProtoForm key_form) {
  auto* copy = new ValueType(type);
  copy->kind = with_form(type.kind, form);
  if (type.element) copy->element = with_forms(*type.element, form, ProtoForm::kVarint);
  if (type.key) copy->key = with_forms(*type.key, key_form, ProtoForm::kVarint);
  return copy;
}

void complete(FieldEntry& entry, const Field& field) {
  const bool has_form = field.proto != ProtoForm::kVarint || field.proto_key != ProtoForm::kVarint;
  if (has_form) entry.type = with_forms(*entry.type, field.proto, field.proto_key);
  entry.kind = entry.type->kind;
  entry.has_default = field.has_default;
  entry.number = field.number;
  entry.name = field.name;
  const std::uint32_t tag = tag_of(field.number, wire_type_of(entry.kind));
  entry.tag_size = tag < 0x80 ? 1 : 2;
  entry.tag = static_cast<std::uint16_t>(tag < 0x80 ? tag : (tag & 0x7f) | 0x80 | tag >> 7 << 8);
}

}  // namespace

void make_ready(MessageTable& table) {
  static std::mutex mutex;
  const std::lock_guard lock(mutex);
  if (table.fresh.load(std::memory_order_relaxed) != nullptr) return;
  const void* fresh = table.lay_out(table.fields.data());
  for (std::size_t i = 0; i < table.fields.size(); ++i) {
    complete(table.fields[i], table.shape->fields[i].field);
  }
  table.fresh.store(fresh, std::memory_order_release);
}

}  // namespace tern::codec::proto
