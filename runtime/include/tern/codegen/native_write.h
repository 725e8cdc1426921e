// The native codec, writing: size first, reserve once, then store without checks.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>
#include <variant>

#include "tern/buffer.h"
#include "tern/codegen/elements.h"
#include "tern/codegen/native_layout.h"
#include "tern/codegen/shape_of.h"
#include "tern/status.h"

namespace tern::codec {

// Lengths have 32 bits.
inline constexpr std::size_t kMaxNative = std::numeric_limits<std::uint32_t>::max();
[[gnu::cold]] Status native_too_large(std::string_view type, std::size_t size);

// Content of a value: the bytes that a length prefix counts, and the whole at the top.
template <typename T>
std::size_t content_size(const T& value);

// What `value` takes as an element, key or member.
template <typename T>
std::size_t whole_size(const T& value) {
  if constexpr (Fixed<T>) {
    return kFixedSize<T>;
  } else {
    return kPrefixSize + content_size(value);
  }
}

// Adds what the members take over Layout::kMinSize.
struct SizeVisitor {
  std::size_t size;

  template <typename T>
  [[gnu::always_inline]] bool operator()(const Field&, const T& member) {
    if constexpr (Optional<T>) {
      if (member.has_value()) size += whole_size(*member);
    } else if constexpr (!Fixed<T>) {
      size += content_size(member);
    }
    return true;
  }
  template <std::size_t Index, typename Variant>
  [[gnu::always_inline]] bool operator()(const UnionField<Index>&, const Variant& variant) {
    if (const auto* member = member_if<Index>(variant)) size += whole_size(*member);
    return true;
  }
};

template <typename T>
std::size_t Elements<T>::size(const T& value) {
  std::size_t size = kPrefixSize;
  if constexpr (Map<T>) {
    for (const auto& [key, mapped] : value) size += whole_size(key) + whole_size(mapped);
  } else {
    for (const auto& element : value) size += whole_size(element);
  }
  return size;
}

template <typename T>
std::size_t content_size(const T& value) {
  if constexpr (Fixed<T>) {
    return kFixedSize<T>;
  } else if constexpr (Message<T>) {
    SizeVisitor visitor{Layout<T>::kMinSize};
    T::visit_fields(value, visitor);
    return visitor.size;
  } else if constexpr (kIsFlat<T> || std::is_same_v<T, std::vector<bool>>) {
    return value.size() * sizeof(typename T::value_type);
  } else {
    return Elements<T>::size(value);
  }
}

inline std::byte* put_u32(std::byte* at, std::size_t value) {
  const auto narrow = static_cast<std::uint32_t>(value);
  std::memcpy(at, &narrow, sizeof narrow);
  return at + sizeof narrow;
}

template <Fixed T>
std::byte* put_fixed(std::byte* at, const T& value) {
  if constexpr (std::is_same_v<T, bool>) {
    return put_u32(at, value ? 1 : 0);
  } else {
    std::memcpy(at, &value, sizeof value);
    return at + sizeof value;
  }
}

template <typename T>
std::byte* put_content(std::byte* at, const T& value);

// The length is known once the content is written: sizes are not worked out a second time.
template <typename T>
std::byte* put_whole(std::byte* at, const T& value) {
  if constexpr (Fixed<T>) {
    return put_fixed(at, value);
  } else if constexpr (kIsFlat<T>) {
    const std::size_t size = content_size(value);
    return copy_bytes(put_u32(at, size), value.data(), size);
  } else {
    std::byte* end = put_content(at + kPrefixSize, value);
    put_u32(at, static_cast<std::size_t>(end - at) - kPrefixSize);
    return end;
  }
}

struct PutVisitor {
  std::byte* at;
  std::byte* header;  // where the optionals' bits go

  template <typename T>
  [[gnu::always_inline]] bool operator()(const Field& field, const T& member) {
    if constexpr (Optional<T>) {
      if (member.has_value()) put_optional(field, *member);
    } else {
      at = put_whole(at, member);
    }
    return true;
  }
  template <std::size_t Index, typename Variant>
  [[gnu::always_inline]] bool operator()(const UnionField<Index>& member, const Variant& variant) {
    if (const auto* value = member_if<Index>(variant)) put_optional(member.field, *value);
    return true;
  }

 private:
  template <typename T>
  [[gnu::always_inline]] void put_optional(const Field& field, const T& value) {
    const std::size_t slot = field.number - 1u;
    const auto bits = static_cast<std::uint8_t>(static_cast<unsigned>(wire_of<T>())
                                                << (slot % kFieldsPerByte * 2));
    header[1 + slot / kFieldsPerByte] |= std::byte{bits};
    at = put_whole(at, value);
  }
};

template <Message T>
[[gnu::always_inline]] inline std::byte* put_message(std::byte* at, const T& value) {
  std::memcpy(at, Layout<T>::kAlways.data(), Layout<T>::kHeaderSize);
  PutVisitor visitor{at + Layout<T>::kHeaderSize, at};
  T::visit_fields(value, visitor);
  return visitor.at;
}

template <typename T>
std::byte* Elements<T>::put(std::byte* at, const T& value) {
  if constexpr (std::is_same_v<T, std::vector<bool>>) {
    for (const bool element : value) *at++ = std::byte{element};
  } else if constexpr (List<T>) {
    at = put_u32(at, value.size());
    for (const auto& element : value) at = put_whole(at, element);
  } else {
    at = put_u32(at, value.size());
    for (const auto& [key, mapped] : value) at = put_whole(put_whole(at, key), mapped);
  }
  return at;
}

template <typename T>
std::byte* put_content(std::byte* at, const T& value) {
  if constexpr (Fixed<T>) {
    return put_fixed(at, value);
  } else if constexpr (Message<T>) {
    return put_message(at, value);
  } else if constexpr (kIsFlat<T>) {
    return copy_bytes(at, value.data(), content_size(value));
  } else {
    return Elements<T>::put(at, value);
  }
}

template <typename T>
Status encode_native(const void* opaque, Buffer& out) {
  const T& value = *static_cast<const T*>(opaque);
  const std::size_t size = content_size(value);
  if (size > kMaxNative) return native_too_large(TypeName<T>::kValue, size);
  if constexpr (Message<T>) {
    put_message(out.grow(size), value);
  } else {
    put_content(out.grow(size), value);
  }
  return {};
}

}  // namespace tern::codec
