// Protobuf, writing: how much it can be at most, room for that once, then stores without checks.
// A length is known when its value has been written: most take one byte, and a longer value moves.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>
#include <utility>
#include <variant>

#include "tern/buffer.h"
#include "tern/codegen/copy_bytes.h"
#include "tern/codegen/proto_wire.h"
#include "tern/codegen/shape_of.h"
#include "tern/status.h"

namespace tern::codec::proto {

// Why an encode ended. The functions are out of line, since they are rare.
class WriteFailure {
 public:
  explicit operator bool() const noexcept { return !status_.ok(); }
  [[gnu::cold]] bool not_utf8(std::string_view field);
  [[gnu::cold]] static Status too_large(std::string_view type, std::size_t size);
  Status take() noexcept { return std::move(status_); }

 private:
  Status status_;
};

// --- How much ---

template <typename T>
std::size_t most_content(const T& value);

inline std::size_t varint_size(std::uint64_t value) noexcept {
  return (static_cast<std::size_t>(std::bit_width(value | 1)) * 9 + 64) / 64;
}

// Many small numbers take a tenth of what they could.
template <Packed T>
std::size_t most_packed(const T& value) {
  using Element = typename T::value_type;
  constexpr std::size_t kFew = 32;
  if (kMostScalar<Element> <= sizeof(Element) || value.size() <= kFew) {
    return value.size() * kMostScalar<Element>;
  }
  std::size_t size = 0;
  for (const auto element : value) size += varint_size(varint_of(static_cast<Element>(element)));
  return size;
}

// What `value` takes at most as a field, its tag included.
template <typename T>
[[gnu::always_inline]] inline std::size_t most_field(const T& value) {
  if constexpr (Scalar<T>) {
    return kMostTag + kMostScalar<T>;
  } else if constexpr (Time<T>) {
    return kMostTag + 1 + 2 * (1 + kMostVarint);
  } else if constexpr (Text<T>) {
    return kMostTag + kMostLength + value.size();
  } else if constexpr (Packed<T>) {
    return kMostTag + kMostLength + most_packed(value);
  } else if constexpr (List<T> || Map<T>) {
    return most_content(value);  // each element is a field
  } else {
    return kMostTag + kMostLength + most_content(value);
  }
}

// An element of a list, or a mapped value: lists and maps have no field of their own there.
template <typename T>
std::size_t most_element(const T& value) {
  if constexpr (List<T> || Map<T>) {
    return kMostTag + kMostLength + most_field(value);
  } else {
    return most_field(value);
  }
}

struct MostVisitor {
  std::size_t size = 0;

  template <typename T>
  [[gnu::always_inline]] bool operator()(const Field&, const T& member) {
    if constexpr (Optional<T>) {
      if (member.has_value()) size += most_element(*member);
    } else {
      size += most_field(member);
    }
    return true;
  }
  template <std::size_t Index, typename Variant>
  [[gnu::always_inline]] bool operator()(const UnionField<Index>&, const Variant& variant) {
    if (const auto* member = member_if<Index>(variant)) size += most_element(*member);
    return true;
  }
};

template <typename T>
std::size_t most_content(const T& value) {
  if constexpr (Message<T>) {
    MostVisitor visitor;
    T::visit_fields(value, visitor);
    return visitor.size;
  } else if constexpr (Map<T>) {
    std::size_t size = 0;
    for (const auto& [key, mapped] : value) {
      size += kMostTag + kMostLength + most_field(key) + most_element(mapped);
    }
    return size;
  } else if constexpr (List<T> && !Packed<T>) {
    std::size_t size = 0;
    for (const auto& element : value) size += most_element(element);
    return size;
  } else {
    return most_field(value);
  }
}

// --- The bytes ---

[[gnu::always_inline]] inline std::byte* put_varint(std::byte* at, std::uint64_t value) {
  while (value >= 0x80) {
    *at++ = static_cast<std::byte>(value | 0x80);
    value >>= 7;
  }
  *at++ = static_cast<std::byte>(value);
  return at;
}

[[gnu::always_inline]] inline std::byte* put_tag(std::byte* at, std::uint32_t number,
                                                 WireType type) {
  const std::uint32_t tag = tag_of(number, type);
  if (tag < 0x80) {
    *at = static_cast<std::byte>(tag);
    return at + 1;
  }
  const auto both = static_cast<std::uint16_t>((tag & 0x7f) | 0x80 | tag >> 7 << 8);
  std::memcpy(at, &both, sizeof both);
  return at + sizeof both;
}

// What ends at `end` was written behind a byte at `at` that was left for its length.
[[gnu::cold]] std::byte* put_long_length(std::byte* at, std::byte* end);
[[gnu::always_inline]] inline std::byte* put_length(std::byte* at, std::byte* end) {
  const auto size = static_cast<std::size_t>(end - at) - 1;
  if (size >= 0x80) [[unlikely]]
    return put_long_length(at, end);
  *at = static_cast<std::byte>(size);
  return end;
}

// Each with its length.
std::byte* put_time(std::byte* at, Timestamp value);
std::byte* put_time(std::byte* at, Duration value);
// Without it.
std::byte* put_bare_time(std::byte* at, Timestamp value);
std::byte* put_bare_time(std::byte* at, Duration value);

[[gnu::cold]] bool is_utf8_text(std::string_view text) noexcept;
// Whether all bytes are ASCII. Short ones need no call.
[[gnu::always_inline]] inline bool is_short_ascii(std::string_view text) noexcept {
  if (text.size() > 32) return false;
  const char* at = text.data();
  std::uint64_t bits = 0;
  std::size_t left = text.size();
  for (; left >= 8; left -= 8, at += 8) {
    std::uint64_t word = 0;
    std::memcpy(&word, at, sizeof word);
    bits |= word;
  }
  for (; left > 0; --left, ++at) bits |= static_cast<unsigned char>(*at);
  return (bits & 0x8080808080808080) == 0;
}
[[gnu::always_inline]] inline bool is_text(std::string_view text) noexcept {
  return is_short_ascii(text) || is_utf8_text(text);
}

template <Scalar T>
[[gnu::always_inline]] inline std::byte* put_scalar(std::byte* at, T value) {
  if constexpr (std::is_floating_point_v<T>) {
    std::memcpy(at, &value, sizeof value);
    return at + sizeof value;
  } else {
    return put_varint(at, varint_of(value));
  }
}

template <typename T>
struct Written;

template <Message T>
std::byte* put_message(std::byte* at, const T& value, WriteFailure& failure);

// A value that is there, with its tag. Of a list or map: the elements, each with its tag, and
// nothing of an empty one.
template <typename T>
[[gnu::always_inline]] inline std::byte* put_field(std::byte* at, std::uint32_t number,
                                                   std::string_view name, const T& value,
                                                   WriteFailure& failure) {
  if constexpr (List<T> || Map<T>) {
    if (value.empty()) return at;
    return Written<T>::put(at, number, name, value, failure);
  } else {
    at = put_tag(at, number, wire_type_of<T>());
    if constexpr (Scalar<T>) {
      return put_scalar(at, value);
    } else if constexpr (Time<T>) {
      return put_time(at, value);
    } else if constexpr (Text<T>) {
      if constexpr (std::is_same_v<T, std::string>) {
        if (!is_text(value)) [[unlikely]]
          failure.not_utf8(name);
      }
      at = put_varint(at, value.size());
      return copy_bytes(at, value.data(), value.size());
    } else {
      return put_length(at, put_message(at + 1, value, failure));
    }
  }
}

// An element of a list, or a mapped value.
template <typename T>
std::byte* put_element(std::byte* at, std::uint32_t number, std::string_view name, const T& value,
                       WriteFailure& failure) {
  if constexpr (List<T> || Map<T>) {
    at = put_tag(at, number, WireType::kLength);
    return put_length(at, put_field(at + 1, kOnlyField, name, value, failure));
  } else {
    return put_field(at, number, name, value, failure);
  }
}

// Whether a field without presence is left out.
template <typename T>
[[gnu::always_inline]] inline bool is_zero(const T& value) {
  if constexpr (std::is_floating_point_v<T>) {
    T zero = 0;
    return std::memcmp(&value, &zero, sizeof zero) == 0;  // -0.0 is written
  } else if constexpr (Scalar<T>) {
    return value == T();
  } else if constexpr (Text<T>) {
    return value.empty();
  } else {
    return false;
  }
}

struct PutVisitor {
  std::byte* at;
  WriteFailure& failure;

  template <typename T>
  [[gnu::always_inline]] bool operator()(const Field& field, const T& member) {
    if constexpr (Optional<T>) {
      if (member.has_value()) {
        at = put_element(at, field.number, field.name, *member, failure);
      }
    } else {
      if (field.has_default || !is_zero(member)) {
        at = put_field(at, field.number, field.name, member, failure);
      }
    }
    return true;
  }
  template <std::size_t Index, typename Variant>
  [[gnu::always_inline]] bool operator()(const UnionField<Index>& member, const Variant& variant) {
    if (const auto* value = member_if<Index>(variant)) {
      at = put_element(at, member.field.number, member.field.name, *value, failure);
    }
    return true;
  }
};

template <Message T>
std::byte* put_message(std::byte* at, const T& value, WriteFailure& failure) {
  PutVisitor visitor{at, failure};
  T::visit_fields(value, visitor);
  return visitor.at;
}

// Lists and maps, out of line, so that they are once in the program for each.
template <typename T>
struct Written {
  [[gnu::noinline]] static std::byte* put(std::byte* at, std::uint32_t number,
                                          std::string_view name, const T& value,
                                          WriteFailure& failure) {
    if constexpr (Packed<T>) {
      std::byte* start = put_tag(at, number, WireType::kLength);
      std::byte* end = start + 1;
      if constexpr (std::is_floating_point_v<typename T::value_type>) {
        end = copy_bytes(end, value.data(), value.size() * sizeof(typename T::value_type));
      } else {
        for (const auto element : value) {
          end = put_scalar(end, static_cast<typename T::value_type>(element));
        }
      }
      return put_length(start, end);
    } else if constexpr (List<T>) {
      for (const auto& element : value) at = put_element(at, number, name, element, failure);
      return at;
    } else {
      for (const auto& [key, mapped] : value) {
        std::byte* start = put_tag(at, number, WireType::kLength);
        std::byte* end = put_field(start + 1, 1, name, key, failure);
        at = put_length(start, put_element(end, 2, name, mapped, failure));
      }
      return at;
    }
  }
};

template <typename T>
Status encode(const void* opaque, Buffer& out) {
  const T& value = *static_cast<const T*>(opaque);
  const std::size_t start = out.size();
  std::byte* at = out.grow(most_content(value));
  std::byte* end = at;
  WriteFailure failure;
  if constexpr (Message<T>) {
    end = put_message(at, value, failure);
  } else if constexpr (Time<T>) {
    end = put_bare_time(at, value);
  } else {
    if (!is_zero(value)) end = put_field(at, kOnlyField, {}, value, failure);
  }
  const auto size = static_cast<std::size_t>(end - at);
  out.truncate(start + size);
  if (size > kMostBytes) return WriteFailure::too_large(TypeName<T>::kValue, size);
  return failure.take();
}

}  // namespace tern::codec::proto
