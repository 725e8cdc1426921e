// The native codec, reading. A message of the reader's own version goes straight through; one of
// another version goes field by field.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <type_traits>
#include <utility>
#include <variant>

#include "tern/buffer.h"
#include "tern/codegen/absent.h"
#include "tern/codegen/decode_memory.h"
#include "tern/codegen/elements.h"
#include "tern/codegen/map_refill.h"
#include "tern/codegen/native_layout.h"
#include "tern/codegen/shape_of.h"
#include "tern/codegen/type_ops.h"
#include "tern/status.h"

namespace tern::codec {

// Why a decode ended. The functions return false; they are out of line, since they are rare.
class NativeFailure {
 public:
  // Of a value in `bytes`.
  NativeFailure(std::size_t bytes, const DecodeLimits& limits) noexcept : memory_(bytes, limits) {}

  // Takes memory for what is in `type`, or is it; or a failure. Counts were held against the bytes,
  // so that the product cannot be too large for its type.
  bool charge(const TypeShape& type, std::size_t count, std::size_t each) {
    return memory_.take(count * each) || too_much_overhead(type, count * each);
  }

  [[gnu::cold]] bool too_short(const TypeShape& type, std::string_view field, std::size_t missing);
  [[gnu::cold]] bool too_long(const TypeShape& type, std::size_t extra);
  [[gnu::cold]] bool too_deep(const TypeShape& type);
  [[gnu::cold]] bool wrong_class(const TypeShape& type, const Field& field, Wire got, Wire want);
  [[gnu::cold]] bool uneven(const TypeShape& type, std::size_t size, std::size_t element);
  [[gnu::cold]] bool too_many(const TypeShape& type, std::size_t count, std::size_t left);
  [[gnu::cold]] bool wrong_size(const TypeShape& type, std::size_t size, std::size_t want);
  Status take() noexcept { return std::move(status_); }

 private:
  bool fail(std::string text);
  [[gnu::cold]] bool too_much_overhead(const TypeShape& type, std::size_t more);

  DecodeMemory memory_;
  Status status_;
};

template <typename T>
T load(const std::byte* at) {
  T value;
  std::memcpy(&value, at, sizeof value);
  return value;
}

template <Fixed T>
T load_fixed(const std::byte* at) {
  if constexpr (std::is_same_v<T, bool>) {
    return load<std::uint32_t>(at) != 0;
  } else {
    return load<T>(at);
  }
}

// Reads the `size` bytes of content at `at`, all of them. `depth` is how many levels may follow,
// that of `out` included.
template <typename T>
bool read_content(const std::byte* at, std::size_t size, T& out, std::size_t depth,
                  NativeFailure& failure);

// Before a member gets a value.
template <Optional M>
[[gnu::always_inline]] inline bool charge_boxed(NativeFailure& failure) {
  if constexpr (kIsBoxed<M>) {
    return failure.charge(ShapeOf<ValueOf<M>>::value, 1, sizeof(ValueOf<M>));
  }
  return true;
}

template <std::size_t Index, typename Variant>
[[gnu::always_inline]] inline bool charge_boxed(NativeFailure& failure) {
  using M = MemberOf<Index, Variant>;
  if constexpr (kIsMemberBoxed<Index, Variant>) {
    return failure.charge(ShapeOf<M>::value, 1, sizeof(M));
  }
  return true;
}

// The value of an optional; it is set if it was not.
template <Optional T>
auto& alternative(T& optional) {
  if (!optional.has_value()) optional.emplace();
  return *optional;
}

// For a message whose header is one of the reader's own. All that the required fields take beside
// their contents is known to be there, so only what goes beyond that is checked: `spare`.
template <Message T>
struct StraightVisitor {
  const std::byte* at;
  const std::byte* header;
  std::size_t spare;
  std::size_t depth;
  NativeFailure& failure;

  template <typename M>
  [[gnu::always_inline]] bool operator()(const Field& field, M& member) {
    if constexpr (Optional<M>) {
      const Wire wire = wire_at(field);
      if (wire == Wire::kAbsent) {
        member.reset();
        return true;
      }
      return charge_boxed<M>(failure) && read_optional(field, wire, alternative(member));
    } else {
      return read(field, member);
    }
  }
  template <std::size_t Index, typename Variant>
  [[gnu::always_inline]] bool operator()(const UnionField<Index>& member, Variant& variant) {
    const Wire wire = wire_at(member.field);
    if (wire == Wire::kAbsent) {
      if (variant.index() == Index) variant.template emplace<0>();
      return true;
    }
    return charge_boxed<Index, Variant>(failure) &&
           read_optional(member.field, wire, alternative<Index>(variant));
  }

 private:
  [[gnu::always_inline]] Wire wire_at(const Field& field) const {
    const std::size_t slot = field.number - 1u;
    const auto bits = std::to_integer<unsigned>(header[1 + slot / kFieldsPerByte]);
    return static_cast<Wire>(bits >> (slot % kFieldsPerByte * 2) & 3);
  }
  template <typename M>
  [[gnu::always_inline]] bool read_optional(const Field& field, Wire wire, M& out) {
    if (wire != wire_of<M>())
      return failure.wrong_class(ShapeOf<T>::value, field, wire, wire_of<M>());
    if (spare < kOverhead<M>) {
      return failure.too_short(ShapeOf<T>::value, field.name, kOverhead<M> - spare);
    }
    spare -= kOverhead<M>;
    return read(field, out);
  }
  template <typename M>
  [[gnu::always_inline]] bool read(const Field& field, M& out) {
    if constexpr (Fixed<M>) {
      out = load_fixed<M>(at);
      at += kFixedSize<M>;
      return true;
    } else {
      const std::size_t size = load<std::uint32_t>(at);
      if (size > spare) return failure.too_short(ShapeOf<T>::value, field.name, size - spare);
      spare -= size;
      const std::byte* content = at + kPrefixSize;
      at = content + size;
      return read_content(content, size, out, depth, failure);
    }
  }
};

// The fields of a message of any version, in order of number.
class NativeFields {
 public:
  NativeFields(const TypeShape& type, NativeFailure& failure) : type_(type), failure_(failure) {}

  bool begin(const std::byte* at, std::size_t size);
  enum class Found { kYes, kNo, kFailed };
  // Skips the fields before `field`. The value's bytes, without their length, go to `value`.
  Found find(const Field& field, Wire want, ByteView& value);
  // Skips the fields that are left.
  bool end();

 private:
  Wire wire_at(std::size_t slot) const;
  bool take(std::size_t slot, std::string_view field, ByteView& value);
  bool skip_to(std::size_t slot);

  const TypeShape& type_;
  NativeFailure& failure_;
  const std::byte* header_ = nullptr;
  std::size_t slots_ = 0;
  std::size_t next_ = 0;
  ByteView left_;
};

// read_content, once in the program for each type.
template <typename T>
[[gnu::noinline]] bool read_apart(ByteView content, T& out, std::size_t depth,
                                  NativeFailure& failure) {
  return read_content(content.data(), content.size(), out, depth, failure);
}

struct FieldByFieldVisitor {
  NativeFields& fields;
  std::size_t depth;
  NativeFailure& failure;
  FieldSet seen;
  std::size_t index = 0;

  template <typename M>
  [[gnu::cold]] bool operator()(const Field& field, M& member) {
    using Found = NativeFields::Found;
    ByteView value;
    if constexpr (Optional<M>) {
      const Found found = find<ValueOf<M>>(field, value);
      if (found != Found::kYes) return found == Found::kNo;
      return charge_boxed<M>(failure) && read(value, alternative(member));
    } else {
      const Found found = find<M>(field, value);
      return found == Found::kYes ? read(value, member) : found == Found::kNo;
    }
  }
  template <std::size_t Index, typename Variant>
  [[gnu::cold]] bool operator()(const UnionField<Index>& member, Variant& variant) {
    using Found = NativeFields::Found;
    ByteView value;
    const Found found = find<MemberOf<Index, Variant>>(member.field, value);
    if (found != Found::kYes) return found == Found::kNo;
    return charge_boxed<Index, Variant>(failure) && read(value, alternative<Index>(variant));
  }

 private:
  template <typename M>
  NativeFields::Found find(const Field& field, ByteView& value) {
    const std::size_t at = index++;
    const NativeFields::Found found = fields.find(field, wire_of<M>(), value);
    if (found == NativeFields::Found::kYes) seen.add(at);
    return found;
  }
  template <typename M>
  bool read(ByteView value, M& out) {
    if constexpr (Fixed<M>) {
      out = load_fixed<M>(value.data());
      return true;
    } else {
      return read_apart(value, out, depth, failure);
    }
  }
};

template <Message T>
[[gnu::noinline, gnu::cold]] bool read_field_by_field(const std::byte* at, std::size_t size, T& out,
                                                      std::size_t depth, NativeFailure& failure) {
  NativeFields fields(ShapeOf<T>::value, failure);
  if (!fields.begin(at, size)) return false;
  FieldWords<kFieldCount<T>> seen;
  FieldByFieldVisitor visitor{fields, depth, failure, seen.set()};
  if (!T::visit_fields(out, visitor) || !fields.end()) return false;
  if (!seen.full()) reset_absent(out, seen.set());
  return true;
}

template <Message T>
[[gnu::always_inline]] inline bool read_message(const std::byte* at, std::size_t size, T& out,
                                                std::size_t depth, NativeFailure& failure) {
  forget_unknown(out);
  if (size < Layout<T>::kMinSize || !Layout<T>::writes(at)) [[unlikely]] {
    return read_field_by_field(at, size, out, depth, failure);
  }
  StraightVisitor<T> visitor{at + Layout<T>::kHeaderSize, at, size - Layout<T>::kMinSize, depth,
                             failure};
  if (!T::visit_fields(out, visitor)) return false;
  return visitor.spare == 0 || failure.too_long(ShapeOf<T>::value, visitor.spare);
}

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

template <typename T>
bool read_content(const std::byte* at, std::size_t size, T& out, std::size_t depth,
                  NativeFailure& failure) {
  if constexpr (Fixed<T>) {
    if (size != kFixedSize<T>) {
      return failure.wrong_size(ShapeOf<T>::value, size, kFixedSize<T>);
    }
    out = load_fixed<T>(at);
    return true;
  } else if constexpr (kIsFlat<T> && !List<T>) {
    return read_flat(at, size, out, failure);
  } else {
    if (depth == 0) return failure.too_deep(ShapeOf<T>::value);
    if constexpr (Message<T>) {
      return read_message(at, size, out, depth - 1, failure);
    } else if constexpr (kIsFlat<T>) {
      return read_flat(at, size, out, failure);
    } else {
      return Elements<T>::read(ByteView(at, size), out, depth - 1, failure);
    }
  }
}

template <typename T>
Status decode_native(ByteView in, void* opaque, const DecodeLimits& limits) {
  NativeFailure failure(in.size(), limits);
  T& value = *static_cast<T*>(opaque);
  if constexpr (Message<T>) {
    if (limits.depth == 0) {
      failure.too_deep(ShapeOf<T>::value);
    } else {
      read_message(in.data(), in.size(), value, limits.depth - 1, failure);
    }
  } else {
    read_content(in.data(), in.size(), value, limits.depth, failure);
  }
  return failure.take();
}

}  // namespace tern::codec
