// Protobuf, reading: what there is of it for each type. Messages go by their tables.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <utility>

#include "tern/buffer.h"
#include "tern/codegen/map_refill.h"
#include "tern/codegen/proto_input.h"
#include "tern/codegen/proto_table.h"
#include "tern/codegen/proto_write.h"
#include "tern/status.h"

namespace tern::codec::proto {

// A value behind its tag; a list or map in a message of its own. `depth`: how many levels may
// follow, that of `out` included.
bool read_value(Input& in, const ValueType& type, void* out, Into into, std::size_t depth,
                Reading& reading);
// Makes a value what it is in a new message, keeping its memory.
void clear_value(const ValueType& type, void* out);
// A whole value, which stands in a message of its own unless it is one.
Status decode(const ValueType& type, ByteView bytes, void* out, const DecodeLimits& limits);

// Whether the next field has this tag; then that is behind.
[[gnu::always_inline]] inline bool take_tag(Input& in, std::uint32_t tag) {
  if (tag < 0x80) {
    if (in.empty() || *in.at != static_cast<std::byte>(tag)) return false;
    ++in.at;
    return true;
  }
  const auto want = static_cast<std::uint16_t>((tag & 0x7f) | 0x80 | tag >> 7 << 8);
  std::uint16_t got = 0;
  if (in.size() < sizeof got) return false;
  std::memcpy(&got, in.at, sizeof got);
  if (got != want) return false;
  in.at += sizeof got;
  return true;
}

// How many varints there are: each ends with a byte that has no high bit.
std::size_t count_varints(Input in) noexcept;

// An entry of a map is a message whose fields are the key and the value.
bool read_entry(Input in, const ValueType& key_type, void* key, const ValueType& mapped_type,
                void* mapped, std::size_t depth, Reading& reading);

template <List T>
bool read_list(Input& in, std::uint32_t number, T& out, Into into, std::size_t depth,
               Reading& reading) {
  using Element = typename T::value_type;
  const std::uint32_t tag = tag_of(number, WireType::kLength);
  std::size_t count = into == Into::kMerge ? out.size() : 0;
  do {
    if (!reading.charge(ShapeOf<T>::value, 1, sizeof(Element))) return false;
    if (count == out.size()) out.emplace_back();
    if (!read_value(in, kValueType<Element>, &out[count], Into::kFresh, depth, reading)) {
      return false;
    }
    ++count;
  } while (take_tag(in, tag));
  if (count < out.size()) out.erase(out.begin() + static_cast<std::ptrdiff_t>(count), out.end());
  return true;
}

template <Packed T>
bool read_packed(Input in, T& out, Reading& reading) {
  using Element = typename T::value_type;
  if constexpr (std::is_floating_point_v<Element>) {
    if (in.size() % sizeof(Element) != 0) return reading.uneven(in.size(), sizeof(Element));
    const std::size_t before = out.size();
    out.resize(before + in.size() / sizeof(Element));
    if (!in.empty()) std::memcpy(out.data() + before, in.at, in.size());
  } else {
    out.reserve(out.size() + count_varints(in));
    while (!in.empty()) {
      Element element{};
      if (!read_scalar(in, element, reading)) return false;
      out.push_back(element);
    }
  }
  return true;
}

template <Map T>
bool read_map(Input& in, std::uint32_t number, T& out, Into into, std::size_t depth,
              Reading& reading) {
  const std::uint32_t tag = tag_of(number, WireType::kLength);
  T before;
  if (into == Into::kMerge) before.swap(out);
  MapRefill<T> refill(out);
  do {
    Input bytes{};
    if (!read_length(in, bytes, reading)) return false;
    if (depth == 0) return reading.too_deep();
    if (!reading.charge(ShapeOf<T>::value, 1, kEntryMemory<T>)) return false;
    auto entry = refill.next();
    if (!read_entry(bytes, kValueType<typename T::key_type>, &entry.key(),
                    kValueType<typename T::mapped_type>, &entry.mapped(), depth - 1, reading)) {
      return false;
    }
    refill.insert(std::move(entry));
  } while (take_tag(in, tag));
  out.merge(before);  // of equal keys the new one stays
  return true;
}

// Once in the program for each list and map.
template <typename T>
struct Container {
  [[gnu::noinline]] static bool read(Input& in, std::uint32_t number, void* opaque, Into into,
                                     std::size_t depth, Reading& reading) {
    T& out = *static_cast<T*>(opaque);
    if constexpr (Map<T>) {
      return read_map(in, number, out, into, depth, reading);
    } else if constexpr (Packed<T>) {
      if (into == Into::kFresh) out.clear();
      do {
        Input packed{};
        if (!read_length(in, packed, reading) || !read_packed(packed, out, reading)) return false;
      } while (take_tag(in, tag_of(number, WireType::kLength)));
      return true;
    } else {
      return read_list(in, number, out, into, depth, reading);
    }
  }
  [[gnu::noinline]] static bool read_unpacked(Input& in, void* opaque, Reading& reading) {
    T& out = *static_cast<T*>(opaque);
    typename T::value_type element{};
    if (!read_scalar(in, element, reading)) return false;
    if (!reading.charge(ShapeOf<T>::value, 1, sizeof element)) return false;
    out.push_back(element);
    return true;
  }
  static void clear(void* out) { static_cast<T*>(out)->clear(); }

  static constexpr ContainerOps kOps = [] {
    ContainerOps ops{&ShapeOf<T>::value,         WireType::kLength,        &read, nullptr, &clear,
                     &ContainerWriting<T>::most, &ContainerWriting<T>::put};
    if constexpr (Packed<T>) {
      ops.element = wire_type_of<typename T::value_type>();
      ops.read_unpacked = &read_unpacked;
    }
    return ops;
  }();
};

template <typename T>
Status decode(ByteView bytes, void* out, const DecodeLimits& limits) {
  return decode(kValueType<T>, bytes, out, limits);
}

}  // namespace tern::codec::proto
