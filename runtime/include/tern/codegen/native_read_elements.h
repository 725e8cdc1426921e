// The native codec, reading lists, maps and bytes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <iterator>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "tern/buffer.h"
#include "tern/codegen/copy_bytes.h"
#include "tern/codegen/elements.h"
#include "tern/codegen/map_refill.h"
#include "tern/codegen/native_failure.h"
#include "tern/codegen/native_layout.h"
#include "tern/codegen/native_values.h"
#include "tern/codegen/shape_of.h"

namespace tern::codec {

// Elements in bytes that need not be aligned for them.
template <typename T>
class Unaligned {
 public:
  using iterator_category = std::random_access_iterator_tag;
  using value_type = T;
  using difference_type = std::ptrdiff_t;
  using pointer = void;
  using reference = T;

  explicit Unaligned(const std::byte* at) : at_(at) {}
  T operator*() const { return load<T>(at_); }
  Unaligned& operator++() {
    at_ += sizeof(T);
    return *this;
  }
  Unaligned& operator--() {
    at_ -= sizeof(T);
    return *this;
  }
  Unaligned& operator+=(std::ptrdiff_t count) {
    at_ += count * static_cast<std::ptrdiff_t>(sizeof(T));
    return *this;
  }
  friend std::ptrdiff_t operator-(Unaligned a, Unaligned b) {
    return (a.at_ - b.at_) / static_cast<std::ptrdiff_t>(sizeof(T));
  }
  friend bool operator==(Unaligned a, Unaligned b) { return a.at_ == b.at_; }

 private:
  const std::byte* at_;
};

// What lies in memory as it is sent, into a T of another size.
template <List T>
bool read_resized(const std::byte* at, std::size_t size, T& out, NativeFailure& failure) {
  using Element = typename T::value_type;
  if (size % sizeof(Element) != 0) {
    return failure.uneven(ShapeOf<T>::value, size, sizeof(Element));
  }
  out.resize(size / sizeof(Element));
  copy_bytes(out.data(), at, size);
  return true;
}

// What has another size than `out`.
void assign_bytes(const std::byte* at, std::size_t size, std::string& out);
void assign_bytes(const std::byte* at, std::size_t size, Bytes& out);

template <typename T>
[[gnu::always_inline]] inline bool read_flat(const std::byte* at, std::size_t size, T& out,
                                             NativeFailure& failure) {
  if (out.size() * sizeof(typename T::value_type) == size) {
    copy_bytes(out.data(), at, size);
    return true;
  }
  if constexpr (List<T>) {
    // The list of a new message is filled without clearing its memory first, as long as the
    // elements are few; clearing many costs less than loading one by one.
    using Element = typename T::value_type;
    constexpr std::size_t kFew = 128;
    if (out.capacity() == 0 && size <= kFew && size % sizeof(Element) == 0) {
      out.assign(Unaligned<Element>(at), Unaligned<Element>(at + size));
      return true;
    }
    return Elements<T>::read(ByteView(at, size), out, 0, failure);
  } else {
    assign_bytes(at, size, out);
    return true;
  }
}

// One element, key or mapped value, off the front of what is left.
template <typename T>
bool read_whole(const TypeShape& container, ByteView& left, T& out, std::size_t depth,
                NativeFailure& failure) {
  if (left.size() < kOverhead<T>) {
    return failure.too_short(container, {}, kOverhead<T> - left.size());
  }
  if constexpr (Fixed<T>) {
    out = load_fixed<T>(left.data());
    left = left.subspan(kFixedSize<T>);
    return true;
  } else {
    const std::size_t size = load<std::uint32_t>(left.data());
    left = left.subspan(kPrefixSize);
    if (size > left.size()) return failure.too_short(container, {}, size - left.size());
    const std::byte* content = left.data();
    left = left.subspan(size);
    return read_content(content, size, out, depth, failure);
  }
}

// The count in front of elements that take at least `smallest` bytes each.
template <typename T>
bool read_count(ByteView& left, std::size_t smallest, std::size_t& count, NativeFailure& failure) {
  if (left.size() < kPrefixSize) {
    return failure.too_short(ShapeOf<T>::value, {}, kPrefixSize - left.size());
  }
  count = load<std::uint32_t>(left.data());
  left = left.subspan(kPrefixSize);
  return count <= left.size() / smallest || failure.too_many(ShapeOf<T>::value, count, left.size());
}

template <List T>
bool read_list(ByteView left, T& out, std::size_t depth, NativeFailure& failure) {
  using Element = typename T::value_type;
  std::size_t count = 0;
  if (!read_count<T>(left, kOverhead<Element>, count, failure)) return false;
  if (!failure.charge(ShapeOf<T>::value, count, sizeof(Element))) return false;
  if (out.size() < count) resize_list(out, count);
  for (std::size_t i = 0; i < count; ++i) {
    if (!read_whole(ShapeOf<T>::value, left, out[i], depth, failure)) return false;
  }
  if (out.size() != count) resize_list(out, count);
  return left.empty() || failure.too_long(ShapeOf<T>::value, left.size());
}

template <Map T>
bool read_map(ByteView left, T& out, std::size_t depth, NativeFailure& failure) {
  using Key = typename T::key_type;
  using Mapped = typename T::mapped_type;
  std::size_t count = 0;
  if (!read_count<T>(left, kOverhead<Key> + kOverhead<Mapped>, count, failure)) return false;
  if (!failure.charge(ShapeOf<T>::value, count, kEntryMemory<T>)) return false;
  MapRefill<T> refill(out);
  for (std::size_t i = 0; i < count; ++i) {
    auto entry = refill.next();
    if (!read_whole(ShapeOf<T>::value, left, entry.key(), depth, failure)) return false;
    if (!read_whole(ShapeOf<T>::value, left, entry.mapped(), depth, failure)) return false;
    refill.insert(std::move(entry));
  }
  return left.empty() || failure.too_long(ShapeOf<T>::value, left.size());
}

template <typename T>
bool Elements<T>::read(ByteView content, T& out, std::size_t depth, NativeFailure& failure) {
  if constexpr (Map<T>) {
    return read_map(content, out, depth, failure);
  } else if constexpr (kIsFlat<T>) {
    return read_resized(content.data(), content.size(), out, failure);
  } else if constexpr (std::is_same_v<T, std::vector<bool>>) {
    out.resize(content.size());
    for (std::size_t i = 0; i < content.size(); ++i) out[i] = content[i] != std::byte{0};
    return true;
  } else {
    return read_list(content, out, depth, failure);
  }
}

}  // namespace tern::codec
