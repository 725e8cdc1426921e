#include "codec/proto/read_numbers.h"

namespace tern::codec::proto {

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

}  // namespace tern::codec::proto
