#include "codec/proto/clear.h"

#include <cstring>
#include <string>

#include "codec/proto/read_value.h"

namespace tern::codec::proto {

namespace {

void clear_message(const MessageTable& table, void* out) {
  clear_unknown(table, out);
  for (const FieldEntry& field : table.fields) {
    clear_member(table, field, static_cast<std::byte*>(out) + field.offset);
  }
}

}  // namespace

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

}  // namespace tern::codec::proto
