// Values as they are in a new message.
#pragma once

#include <cstddef>

#include "codec/proto/wire.h"

namespace tern::codec::proto {

// Makes a value what it is in a new message, keeping its memory.
void clear_value(const ValueType& type, void* out);
// The same of what a message keeps beside its fields.
inline void clear_unknown(const MessageTable& table, void* message) {
  if (table.unknown != nullptr) [[unlikely]]
    table.unknown(message)->clear();
}
void assign_default(ValueKind kind, const void* from, void* to);

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

}  // namespace tern::codec::proto
