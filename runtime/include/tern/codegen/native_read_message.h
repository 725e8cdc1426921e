// The native codec, reading a message. One of the reader's own version goes straight through; one
// of another version goes field by field.
#pragma once

#include <cstddef>
#include <cstdint>
#include <variant>

#include "tern/buffer.h"
#include "tern/codegen/absent.h"
#include "tern/codegen/native_failure.h"
#include "tern/codegen/native_layout.h"
#include "tern/codegen/native_values.h"
#include "tern/codegen/shape_of.h"

namespace tern::codec {

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

}  // namespace tern::codec
