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

template <typename T>
consteval ValueKind value_kind_of() {
  constexpr Kind kKind = kind_of<T>();
  switch (kKind) {
    case Kind::kBool:
      return ValueKind::kBool;
    case Kind::kInt32:
    case Kind::kEnum:
      return ValueKind::kSigned32;
    case Kind::kUint32:
      return ValueKind::kVarint32;
    case Kind::kInt64:
    case Kind::kUint64:
      return ValueKind::kVarint64;
    case Kind::kFloat:
      return ValueKind::kFixed32;
    case Kind::kDouble:
      return ValueKind::kFixed64;
    case Kind::kString:
      return ValueKind::kString;
    case Kind::kBytes:
      return ValueKind::kBytes;
    case Kind::kTimestamp:
      return ValueKind::kTimestamp;
    case Kind::kDuration:
      return ValueKind::kDuration;
    case Kind::kList:
      return ValueKind::kList;
    case Kind::kMap:
      return ValueKind::kMap;
    case Kind::kStruct:
      return ValueKind::kMessage;
  }
}

// `value` is declared before it is defined, since a type can be part of itself.
template <Message T>
struct TableOf {
  static MessageTable value;
};
// Its integers are varints; make_ready() gives other forms.
template <typename T>
struct ValueTypeOf {
  static const ValueType value;
};

template <typename T>
consteval ValueType make_value_type() {
  ValueType type{.kind = value_kind_of<T>(), .shape = &ShapeOf<T>::value};
  if constexpr (Message<T>) {
    type.message = &TableOf<T>::value;
  } else if constexpr (List<T>) {
    using Element = typename T::value_type;
    if constexpr (!std::is_same_v<Element, bool>) type.list = &ListAccess<T>::kOps;
    type.element = &ValueTypeOf<Element>::value;
  } else if constexpr (Map<T>) {
    type.map = &MapAccess<T>::kOps;
    type.key = &ValueTypeOf<typename T::key_type>::value;
    type.element = &ValueTypeOf<typename T::mapped_type>::value;
  }
  return type;
}
template <typename T>
constexpr ValueType ValueTypeOf<T>::value = make_value_type<T>();

// What only the types of a message's members say of its fields.
template <std::size_t Count>
struct EntryVisitor {
  std::array<FieldEntry, Count> fields{};
  std::size_t at = 0;

  template <typename T>
  constexpr bool operator()(const Field&, const T&) {
    FieldEntry& entry = fields[at++];
    if constexpr (Optional<T>) {
      entry.type = &ValueTypeOf<ValueOf<T>>::value;
      entry.ops = &OptionalAccess<T>::kOps;
      if constexpr (kIsBoxed<T>) entry.boxed = sizeof(ValueOf<T>);
    } else {
      entry.type = &ValueTypeOf<T>::value;
    }
    return true;
  }
  template <std::size_t Index, typename Variant>
  constexpr bool operator()(const UnionField<Index>&, const Variant&) {
    using Value = MemberOf<Index, Variant>;
    FieldEntry& entry = fields[at++];
    entry.type = &ValueTypeOf<Value>::value;
    entry.ops = &UnionAccess<Variant>::kOps;
    entry.index = Index;
    if constexpr (kIsMemberBoxed<Index, Variant>) entry.boxed = sizeof(Value);
    return true;
  }
};

// Filled when the table is made ready.
template <Message T>
struct EntriesOf {
  static constinit inline std::array<FieldEntry, kFieldCount<T>> value =
      visit_types<T>(EntryVisitor<kFieldCount<T>>{}).fields;
};

struct OffsetVisitor {
  const std::byte* message;
  FieldEntry* at;

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
    at++->offset = static_cast<std::uint32_t>(static_cast<const std::byte*>(member) - message);
  }
};

template <Message T>
const void* lay_out(FieldEntry* fields) {
  const T* fresh = new T();
  OffsetVisitor visitor{reinterpret_cast<const std::byte*>(fresh), fields};
  T::visit_fields(*fresh, visitor);
  return fresh;
}

template <KeepsUnknown T>
UnknownFields* unknown_of(void* message) {
  return &static_cast<T*>(message)->unknown_fields;
}
template <Message T>
consteval auto unknown_of_any() -> UnknownFields* (*)(void*) {
  if constexpr (KeepsUnknown<T>) {
    return &unknown_of<T>;
  } else {
    return nullptr;
  }
}

template <Message T>
constinit MessageTable TableOf<T>::value{&ShapeOf<T>::value, EntriesOf<T>::value, &lay_out<T>,
                                         unknown_of_any<T>()};

}  // namespace tern::codec::proto
