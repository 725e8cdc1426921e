// How the native codec lays a message out, worked out at compile time. docs/codecs.md has the
// bytes.
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <variant>

#include "tern/codegen/copy_bytes.h"
#include "tern/codegen/kinds.h"

namespace tern::codec {

static_assert(std::endian::native == std::endian::little,
              "the native codec copies little-endian memory");

// How a field is written: its two bits in the header.
enum class Wire : std::uint8_t { kAbsent = 0, kFour = 1, kEight = 2, kPrefixed = 3 };

template <typename T>
consteval Wire wire_of() {
  if constexpr (!Fixed<T>) return Wire::kPrefixed;
  return sizeof(T) == 8 ? Wire::kEight : Wire::kFour;
}

// The bytes of a fixed value as a field; in a list a bool takes one.
template <Fixed T>
inline constexpr std::size_t kFixedSize = sizeof(T) == 8 ? 8 : 4;

inline constexpr std::size_t kPrefixSize = 4;  // a length or a count
inline constexpr std::size_t kFieldsPerByte = 4;
inline constexpr std::size_t kMaxHeader = 1 + 1000 / kFieldsPerByte;

// What a type takes in a message beside its content.
template <typename T>
inline constexpr std::size_t kOverhead = [] {
  if constexpr (Fixed<T>) {
    return kFixedSize<T>;
  } else {
    return kPrefixSize;
  }
}();

// Whether the content of a T lies in memory as it is sent.
template <typename T>
inline constexpr bool kIsFlat = std::is_same_v<T, std::string> || std::is_same_v<T, Bytes>;
template <List T>
inline constexpr bool kIsFlat<T> =
    Fixed<typename T::value_type> && !std::is_same_v<typename T::value_type, bool>;

struct LayoutVisitor {
  std::array<std::uint8_t, kMaxHeader> always{};     // length byte, bits of the required fields
  std::array<std::uint8_t, kMaxHeader> sometimes{};  // the bits that optionals may set
  std::size_t header_size = 1;
  std::size_t fixed = 0;  // what the required fields take beside their contents
  bool constant = true;   // no optional, no union

  template <typename T>
  constexpr bool operator()(const Field& field, const T&) {
    if constexpr (Optional<T>) {
      add_optional(field);
    } else {
      set(always, field, static_cast<unsigned>(wire_of<T>()));
      fixed += kOverhead<T>;
    }
    return true;
  }
  template <std::size_t Index, typename Variant>
  constexpr bool operator()(const UnionField<Index>& member, const Variant&) {
    add_optional(member.field);
    return true;
  }

 private:
  constexpr void add_optional(const Field& field) {
    set(sometimes, field, 3);
    constant = false;
  }
  constexpr void set(std::array<std::uint8_t, kMaxHeader>& header, const Field& field,
                     unsigned bits) {
    const std::size_t slot = field.number - 1u;
    const std::size_t at = 1 + slot / kFieldsPerByte;
    header[at] = static_cast<std::uint8_t>(header[at] | bits << (slot % kFieldsPerByte * 2));
    if (header_size < at + 1) header_size = at + 1;
    always[0] = static_cast<std::uint8_t>(header_size - 1);
  }
};

template <Message T>
struct Layout {
 private:
  static constexpr LayoutVisitor kLayout = visit_types<T>(LayoutVisitor{});
  static constexpr auto cut(const std::array<std::uint8_t, kMaxHeader>& whole) {
    std::array<std::uint8_t, kLayout.header_size> header{};
    for (std::size_t i = 0; i < header.size(); ++i) header[i] = whole[i];
    return header;
  }

 public:
  // Every message of the type is written with a header of this size...
  static constexpr std::size_t kHeaderSize = kLayout.header_size;
  // ...with these bits...
  static constexpr std::array<std::uint8_t, kHeaderSize> kAlways = cut(kLayout.always);
  // ...and some of these, where an optional or a member of a union is set.
  static constexpr std::array<std::uint8_t, kHeaderSize> kSometimes = cut(kLayout.sometimes);
  static constexpr bool kConstant = kLayout.constant;
  // The size of a message whose strings and so on are empty and whose optionals are not set.
  static constexpr std::size_t kMinSize = kHeaderSize + kLayout.fixed;

  // Whether `header` is one that this type writes, as far as the bits can tell: the bits of an
  // optional may yet be of another class. `header` has kHeaderSize bytes.
  static bool writes(const std::byte* header) noexcept {
    if constexpr (kConstant) {
      return std::memcmp(header, kAlways.data(), kHeaderSize) == 0;
    } else {
      unsigned different = 0;
      for (std::size_t i = 0; i < kHeaderSize; ++i) {
        const auto bits = std::to_integer<unsigned>(header[i]);
        different |= (bits & ~unsigned{kSometimes[i]}) ^ kAlways[i];
      }
      return different == 0;
    }
  }
};

}  // namespace tern::codec
