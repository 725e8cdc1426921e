#include "codec/proto/write_numbers.h"

#include <cstddef>
#include <span>
#include <vector>

#include "codec/proto/output.h"
#include "tern/codegen/copy_bytes.h"

namespace tern::codec::proto {

namespace {

template <typename T, typename Bits>
std::size_t sum_of_sizes(const std::byte* at, std::size_t count, Bits bits) {
  std::size_t size = 0;
  for (std::size_t i = 0; i < count; ++i) size += varint_size(bits(load<T>(at + i * sizeof(T))));
  return size;
}

// What they take at most. Many small ones take a tenth of what they could.
std::size_t most_packed(ValueKind kind, std::span<const std::byte> bytes) {
  constexpr std::size_t kFew = 256;
  const std::size_t count = bytes.size() / scalar_size(kind);
  if (kind == ValueKind::kFixed32 || kind == ValueKind::kFixed64) return bytes.size();
  if (count <= kFew) return count * kMostVarint;
  switch (kind) {
    case ValueKind::kVarint64:
      return sum_of_sizes<std::uint64_t>(bytes.data(), count, [](auto value) { return value; });
    case ValueKind::kZigzag64:
      return sum_of_sizes<std::int64_t>(bytes.data(), count, &zigzag);
    case ValueKind::kZigzag32:
      return sum_of_sizes<std::int32_t>(bytes.data(), count, &zigzag);
    case ValueKind::kSigned32:
      return sum_of_sizes<std::int32_t>(bytes.data(), count, [](std::int64_t value) {
        return static_cast<std::uint64_t>(value);
      });
    default:
      return sum_of_sizes<std::uint32_t>(bytes.data(), count, [](auto value) { return value; });
  }
}

}  // namespace

std::byte* put_packed(std::byte* at, std::uint32_t number, const ValueType& type, const void* list,
                      OutputRoom& room) {
  const ValueKind kind = type.element->kind;
  if (kind == ValueKind::kBool) {
    const auto& bools = *static_cast<const std::vector<bool>*>(list);
    if (bools.empty()) return at;
    at = room.at(at, kMostField + bools.size());
    at = put_varint(put_tag(at, number, WireType::kLength), bools.size());
    for (const bool each : bools) *at++ = std::byte{each};
    return at;
  }
  const std::span<const std::byte> bytes = type.list->elements(list);
  if (bytes.empty()) return at;
  at = room.at(at, kMostField + most_packed(kind, bytes));
  at = put_tag(at, number, WireType::kLength);
  const std::size_t place = room.place_of(at);
  ++at;
  const auto put_all = [&]<ValueKind Kind>() {
    std::byte* to = at;
    for (std::size_t i = 0; i < bytes.size(); i += scalar_size(Kind)) {
      to = put_scalar(Kind, to, bytes.data() + i);
    }
    return room.put_length(place, to);
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

}  // namespace tern::codec::proto
