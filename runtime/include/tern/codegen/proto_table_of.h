// The tables of a type, made at compile time.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <type_traits>
#include <variant>

#include "tern/codegen/kinds.h"
#include "tern/codegen/proto_access.h"
#include "tern/codegen/proto_table.h"
#include "tern/codegen/shape_of.h"

namespace tern::codec::proto {

// Integers, which have several forms.
template <typename T>
inline constexpr bool kHasForms =
    std::is_integral_v<T> && !std::is_same_v<T, bool> && sizeof(T) >= sizeof(std::int32_t);
template <List T>
inline constexpr bool kHasForms<T> = kHasForms<typename T::value_type>;
template <Map T>
inline constexpr bool kHasForms<T> = kHasForms<typename T::mapped_type>;
template <typename T>
inline constexpr bool kHasKeyForms = false;
template <Map T>
inline constexpr bool kHasKeyForms<T> = kHasForms<typename T::key_type>;

template <typename T>
constexpr ValueKind value_kind_of(ProtoForm form) {
  if constexpr (std::is_same_v<T, bool>) {
    return ValueKind::kBool;
  } else if constexpr (std::is_floating_point_v<T>) {
    return sizeof(T) == 8 ? ValueKind::kFixed64 : ValueKind::kFixed32;
  } else if constexpr (Enum<T>) {
    return ValueKind::kSigned32;
  } else if constexpr (std::is_integral_v<T>) {
    constexpr bool kIs64 = sizeof(T) == 8;
    if (form == ProtoForm::kFixed) return kIs64 ? ValueKind::kFixed64 : ValueKind::kFixed32;
    if (form == ProtoForm::kZigzag) return kIs64 ? ValueKind::kZigzag64 : ValueKind::kZigzag32;
    if (kIs64) return ValueKind::kVarint64;
    return std::is_signed_v<T> ? ValueKind::kSigned32 : ValueKind::kVarint32;
  } else if constexpr (std::is_same_v<T, std::string>) {
    return ValueKind::kString;
  } else if constexpr (std::is_same_v<T, Bytes>) {
    return ValueKind::kBytes;
  } else if constexpr (std::is_same_v<T, Timestamp>) {
    return ValueKind::kTimestamp;
  } else if constexpr (std::is_same_v<T, Duration>) {
    return ValueKind::kDuration;
  } else if constexpr (List<T>) {
    return ValueKind::kList;
  } else if constexpr (Map<T>) {
    return ValueKind::kMap;
  } else {
    return ValueKind::kMessage;
  }
}

// `value` is declared before it is defined, since a type can be part of itself.
template <Message T>
struct TableOf {
  static MessageTable value;
};
template <typename T, ProtoForm Form = ProtoForm::kVarint, ProtoForm KeyForm = ProtoForm::kVarint>
struct ValueTypeOf {
  static const ValueType value;
};

template <typename T, ProtoForm Form, ProtoForm KeyForm>
consteval ValueType make_value_type() {
  ValueType type{.kind = value_kind_of<T>(Form), .shape = &ShapeOf<T>::value};
  if constexpr (Message<T>) {
    type.message = &TableOf<T>::value;
  } else if constexpr (List<T>) {
    using Element = typename T::value_type;
    if constexpr (!std::is_same_v<Element, bool>) type.list = &ListAccess<T>::kOps;
    type.element = &ValueTypeOf<Element, Form>::value;
  } else if constexpr (Map<T>) {
    type.map = &MapAccess<T>::kOps;
    type.key = &ValueTypeOf<typename T::key_type, KeyForm>::value;
    type.element = &ValueTypeOf<typename T::mapped_type, Form>::value;
  }
  return type;
}
template <typename T, ProtoForm Form, ProtoForm KeyForm>
constexpr ValueType ValueTypeOf<T, Form, KeyForm>::value = make_value_type<T, Form, KeyForm>();

template <typename T, ProtoForm Form>
constexpr const ValueType* value_type_of_key(const Field& field) {
  if constexpr (kHasKeyForms<T>) {
    if (field.proto_key == ProtoForm::kZigzag) {
      return &ValueTypeOf<T, Form, ProtoForm::kZigzag>::value;
    }
    if (field.proto_key == ProtoForm::kFixed) {
      return &ValueTypeOf<T, Form, ProtoForm::kFixed>::value;
    }
  }
  return &ValueTypeOf<T, Form>::value;
}

template <typename T>
constexpr const ValueType* value_type_of(const Field& field) {
  if constexpr (kHasForms<T>) {
    if (field.proto == ProtoForm::kZigzag) return value_type_of_key<T, ProtoForm::kZigzag>(field);
    if (field.proto == ProtoForm::kFixed) return value_type_of_key<T, ProtoForm::kFixed>(field);
  }
  return value_type_of_key<T, ProtoForm::kVarint>(field);
}

template <std::size_t Count>
struct EntryVisitor {
  std::array<FieldEntry, Count> fields{};
  std::size_t at = 0;

  template <typename T>
  constexpr bool operator()(const Field& field, const T&) {
    if constexpr (Optional<T>) {
      using Value = ValueOf<T>;
      fields[at++] = entry_of(field, value_kind_of<Value>(field.proto), value_type_of<Value>(field),
                              &OptionalAccess<T>::kOps, 0, kIsBoxed<T> ? sizeof(Value) : 0);
    } else {
      fields[at++] =
          entry_of(field, value_kind_of<T>(field.proto), value_type_of<T>(field), nullptr, 0, 0);
    }
    return true;
  }
  template <std::size_t Index, typename Variant>
  constexpr bool operator()(const UnionField<Index>& member, const Variant&) {
    using Value = MemberOf<Index, Variant>;
    fields[at++] = entry_of(member.field, value_kind_of<Value>(member.field.proto),
                            value_type_of<Value>(member.field), &UnionAccess<Variant>::kOps, Index,
                            kIsMemberBoxed<Index, Variant> ? sizeof(Value) : 0);
    return true;
  }
};

template <Message T>
struct EntriesOf {
  static constexpr std::array<FieldEntry, kFieldCount<T>> kValue =
      visit_types<T>(EntryVisitor<kFieldCount<T>>{}).fields;
};

struct OffsetVisitor {
  const std::byte* message;
  std::uint32_t* at;

  template <typename T>
  bool operator()(const Field&, const T& member) {
    add(&member);
    return true;
  }
  template <std::size_t Index, typename Variant>
  bool operator()(const UnionField<Index>&, const Variant& variant) {
    add(&variant);
    return true;
  }

 private:
  void add(const void* member) {
    *at++ = static_cast<std::uint32_t>(static_cast<const std::byte*>(member) - message);
  }
};

template <Message T>
const void* lay_out(std::uint32_t* offsets) {
  const T* fresh = new T();
  OffsetVisitor visitor{reinterpret_cast<const std::byte*>(fresh), offsets};
  T::visit_fields(*fresh, visitor);
  return fresh;
}

// Filled when the table is made ready.
template <Message T>
struct OffsetsOf {
  static constinit inline std::array<std::uint32_t, kFieldCount<T> + 1> value{};
};

template <Message T>
constinit MessageTable TableOf<T>::value{&ShapeOf<T>::value, EntriesOf<T>::kValue,
                                         OffsetsOf<T>::value.data(), &lay_out<T>};

}  // namespace tern::codec::proto
