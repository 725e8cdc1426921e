// Names and shapes of types, made at compile time from visit_fields.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "tern/codegen/kinds.h"
#include "tern/codegen/type_shape.h"

namespace tern::codec {

template <const std::string_view&... Parts>
struct Joined {
  static constexpr auto kText = [] {
    std::array<char, (Parts.size() + ... + 0)> text{};
    auto at = text.begin();
    ((at = std::copy(Parts.begin(), Parts.end(), at)), ...);
    return text;
  }();
  static constexpr std::string_view kValue{kText.data(), kText.size()};
};

struct NameParts {
  static constexpr std::string_view kListOf = "list<";
  static constexpr std::string_view kMapOf = "map<";
  static constexpr std::string_view kComma = ", ";
  static constexpr std::string_view kEnd = ">";
};

template <typename T>
struct TypeName {
  static constexpr std::string_view kValue = [] {
    if constexpr (Message<T>) {
      return std::string_view(T::kTypeName);
    } else {
      constexpr std::array<std::string_view, 12> kNames = {
          "bool",   "int32",  "int64", "uint32",    "uint64",   "float",
          "double", "string", "bytes", "timestamp", "duration", "enum"};
      return kNames[static_cast<std::size_t>(kind_of<T>())];
    }
  }();
};
template <List T>
struct TypeName<T> {
  static constexpr std::string_view kValue =
      Joined<NameParts::kListOf, TypeName<typename T::value_type>::kValue, NameParts::kEnd>::kValue;
};
template <Map T>
struct TypeName<T> {
  static constexpr std::string_view kValue =
      Joined<NameParts::kMapOf, TypeName<typename T::key_type>::kValue, NameParts::kComma,
             TypeName<typename T::mapped_type>::kValue, NameParts::kEnd>::kValue;
};

// `value` is declared before it is defined, since a type can be part of itself.
template <typename T>
struct ShapeOf {
  static const TypeShape value;
};

template <std::size_t Count>
struct ShapeVisitor {
  std::array<FieldShape, Count> fields{};
  std::size_t at = 0;
  std::array<const void*, Count> unions{};
  std::uint16_t union_count = 0;

  template <typename T>
  constexpr bool operator()(const Field& field, const T&) {
    if constexpr (Optional<T>) {
      fields[at++] = {field, Presence::kOptional, 0, &ShapeOf<ValueOf<T>>::value};
    } else {
      fields[at++] = {field, Presence::kAlways, 0, &ShapeOf<T>::value};
    }
    return true;
  }
  template <std::size_t Index, typename... Members>
  constexpr bool operator()(const UnionField<Index>& member,
                            const std::variant<Members...>& variant) {
    using T = MemberOf<Index, std::variant<Members...>>;
    const void* address = &variant;
    std::uint16_t number = 0;
    while (number < union_count && unions[number] != address) ++number;
    if (number == union_count) unions[union_count++] = address;
    fields[at++] = {member.field, Presence::kUnion, static_cast<std::uint16_t>(number + 1),
                    &ShapeOf<T>::value};
    return true;
  }
};

template <Message T>
struct FieldShapesOf {
  static constexpr std::array<FieldShape, kFieldCount<T>> kValue =
      visit_types<T>(ShapeVisitor<kFieldCount<T>>{}).fields;
};

template <typename T>
consteval TypeShape make_shape() {
  TypeShape shape;
  shape.kind = kind_of<T>();
  shape.name = TypeName<T>::kValue;
  shape.size = sizeof(T);
  if constexpr (List<T>) {
    shape.element = &ShapeOf<typename T::value_type>::value;
  } else if constexpr (Map<T>) {
    shape.key = &ShapeOf<typename T::key_type>::value;
    shape.element = &ShapeOf<typename T::mapped_type>::value;
  } else if constexpr (Message<T>) {
    shape.fields = FieldShapesOf<T>::kValue;
  }
  return shape;
}

template <typename T>
constexpr TypeShape ShapeOf<T>::value = make_shape<T>();

}  // namespace tern::codec
