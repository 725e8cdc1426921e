#include "codec/proto/sum_of_sizes.h"

#include "codec/proto/output.h"

namespace tern::codec::proto {

namespace {

template <typename T, typename Bits>
std::size_t sum_of_sizes(const std::byte* at, std::size_t count, Bits bits) {
  std::size_t size = 0;
  for (std::size_t i = 0; i < count; ++i) size += varint_size(bits(load<T>(at + i * sizeof(T))));
  return size;
}

}  // namespace

std::size_t sum_of_sizes(ValueKind kind, std::span<const std::byte> numbers) {
  const std::size_t count = numbers.size() / scalar_size(kind);
  switch (kind) {
    case ValueKind::kVarint64:
      return sum_of_sizes<std::uint64_t>(numbers.data(), count, [](auto value) { return value; });
    case ValueKind::kZigzag64:
      return sum_of_sizes<std::int64_t>(numbers.data(), count, &zigzag);
    case ValueKind::kZigzag32:
      return sum_of_sizes<std::int32_t>(numbers.data(), count, &zigzag);
    case ValueKind::kSigned32:
      return sum_of_sizes<std::int32_t>(numbers.data(), count, [](std::int64_t value) {
        return static_cast<std::uint64_t>(value);
      });
    default:
      return sum_of_sizes<std::uint32_t>(numbers.data(), count, [](auto value) { return value; });
  }
}

}  // namespace tern::codec::proto
