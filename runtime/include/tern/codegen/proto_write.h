// Protobuf, writing: what there is of it for each type. Messages go by their tables.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "tern/buffer.h"
#include "tern/codegen/copy_bytes.h"
#include "tern/codegen/proto_output.h"
#include "tern/codegen/proto_table.h"
#include "tern/status.h"

namespace tern::codec::proto {

// What a value takes at most as a field, its tag included; a list or map in a message of its own.
std::size_t most_field(const ValueType& type, const void* value);
// The same, with its tag. A list or map in a message of its own.
std::byte* put_field(std::byte* at, std::uint32_t number, std::string_view name,
                     const ValueType& type, const void* value, WriteFailure& failure);
// A whole value, which stands in a message of its own unless it is one.
Status encode(const ValueType& type, const void* value, Buffer& out);

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

// Once in the program for each list and map: its elements, each with its tag, and nothing of an
// empty one.
template <typename T>
struct ContainerWriting {
  [[gnu::noinline]] static std::size_t most(const void* opaque) {
    const T& value = *static_cast<const T*>(opaque);
    std::size_t size = 0;
    if constexpr (Packed<T>) {
      size = kMostTag + kMostLength + most_packed(value);
    } else if constexpr (List<T>) {
      for (const auto& element : value) {
        size += most_field(kValueType<typename T::value_type>, &element);
      }
    } else {
      for (const auto& [key, mapped] : value) {
        size += kMostTag + kMostLength + most_field(kValueType<typename T::key_type>, &key) +
                most_field(kValueType<typename T::mapped_type>, &mapped);
      }
    }
    return size;
  }

  [[gnu::noinline]] static std::byte* put(std::byte* at, std::uint32_t number,
                                          std::string_view name, const void* opaque,
                                          WriteFailure& failure) {
    const T& value = *static_cast<const T*>(opaque);
    if (value.empty()) return at;
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
      for (const auto& element : value) {
        at = put_field(at, number, name, kValueType<typename T::value_type>, &element, failure);
      }
      return at;
    } else {
      for (const auto& [key, mapped] : value) {
        std::byte* start = put_tag(at, number, WireType::kLength);
        std::byte* end =
            put_field(start + 1, 1, name, kValueType<typename T::key_type>, &key, failure);
        end = put_field(end, 2, name, kValueType<typename T::mapped_type>, &mapped, failure);
        at = put_length(start, end);
      }
      return at;
    }
  }
};

template <typename T>
Status encode(const void* value, Buffer& out) {
  return encode(kValueType<T>, value, out);
}

}  // namespace tern::codec::proto
