// The kinds of types that messages are made of, told apart at compile time.
//
// The headers in tern/codegen are for the sources that rpcgen writes: see type_ops_of.h.
#pragma once

#include <bit>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <type_traits>
#include <variant>
#include <vector>

#include "tern/codegen/type_shape.h"
#include "tern/codegen/union.h"
#include "tern/field.h"
#include "tern/unknown_fields.h"

namespace tern::codec {

template <typename T>
concept Message = std::is_class_v<T> && requires {
  T::kTypeName;
};

// Of [keep_unknown].
template <typename T>
concept KeepsUnknown = requires(T& message) {
  { message.unknown_fields } -> std::same_as<UnknownFields&>;
};
// A message is decoded into `message`, maybe not for the first time.
template <Message T>
[[gnu::always_inline]] inline void forget_unknown(T& message) noexcept {
  if constexpr (KeepsUnknown<T>) message.unknown_fields.clear();
}

template <typename T>
concept Enum = std::is_enum_v<T> && !std::is_same_v<T, std::byte>;

template <typename T>
inline constexpr bool kIsList = false;
template <typename T>
inline constexpr bool kIsList<std::vector<T>> = !std::is_same_v<T, std::byte>;
template <typename T>
concept List = kIsList<T>;

template <typename T>
inline constexpr bool kIsMap = false;
template <typename K, typename V>
inline constexpr bool kIsMap<std::map<K, V>> = true;
template <typename T>
concept Map = kIsMap<T>;

template <typename T>
inline constexpr bool kIsOptional = false;
template <typename T>
inline constexpr bool kIsOptional<std::optional<T>> = true;
template <typename T>
inline constexpr bool kIsOptional<Boxed<T>> = true;
// Whether the value of an optional lies on the heap.
template <typename T>
inline constexpr bool kIsBoxed = false;
template <typename T>
inline constexpr bool kIsBoxed<Boxed<T>> = true;
// A member that need not have a value: std::optional or Boxed.
template <typename T>
concept Optional = kIsOptional<T>;

template <Optional T>
using ValueOf = std::remove_cvref_t<decltype(*std::declval<T&>())>;

// A member of a union as it is in the variant, and as it is sent.
template <typename T>
struct Unwrapped {
  using Type = T;
};
template <typename T>
struct Unwrapped<Indirect<T>> {
  using Type = T;
};
template <std::size_t Index, typename Variant>
using MemberOf = typename Unwrapped<std::variant_alternative_t<Index, Variant>>::Type;
template <std::size_t Index, typename Variant>
inline constexpr bool kIsMemberBoxed = kIsIndirect<std::variant_alternative_t<Index, Variant>>;

// The member of a union with that number; null if it is not set.
template <std::size_t Index, typename Variant>
[[gnu::always_inline]] inline auto* member_if(Variant& variant) noexcept {
  if constexpr (kIsMemberBoxed<Index, std::remove_const_t<Variant>>) {
    return indirect_if<Index>(&variant);
  } else {
    return std::get_if<Index>(&variant);
  }
}

// The same; it is set if it was not.
template <std::size_t Index, typename Variant>
auto& alternative(Variant& variant) {
  if (member_if<Index>(variant) == nullptr) variant.template emplace<Index>();
  return *member_if<Index>(variant);
}

// bool, enums, numbers, times: what has one size, whatever the value.
template <typename T>
concept Fixed = std::is_arithmetic_v<T> || Enum<T> || std::is_same_v<T, Timestamp> ||
    std::is_same_v<T, Duration>;

using Bytes = std::vector<std::byte>;

// The kind of T; a type that no message can hold does not compile.
template <typename T>
consteval Kind kind_of() {
  if constexpr (std::is_same_v<T, bool>) {
    return Kind::kBool;
  } else if constexpr (std::is_same_v<T, std::int32_t>) {
    return Kind::kInt32;
  } else if constexpr (std::is_same_v<T, std::int64_t>) {
    return Kind::kInt64;
  } else if constexpr (std::is_same_v<T, std::uint32_t>) {
    return Kind::kUint32;
  } else if constexpr (std::is_same_v<T, std::uint64_t>) {
    return Kind::kUint64;
  } else if constexpr (std::is_same_v<T, float>) {
    return Kind::kFloat;
  } else if constexpr (std::is_same_v<T, double>) {
    return Kind::kDouble;
  } else if constexpr (std::is_same_v<T, std::string>) {
    return Kind::kString;
  } else if constexpr (std::is_same_v<T, Bytes>) {
    return Kind::kBytes;
  } else if constexpr (std::is_same_v<T, Timestamp>) {
    return Kind::kTimestamp;
  } else if constexpr (std::is_same_v<T, Duration>) {
    return Kind::kDuration;
  } else if constexpr (Enum<T>) {
    static_assert(std::is_same_v<std::underlying_type_t<T>, std::int32_t>);
    return Kind::kEnum;
  } else if constexpr (List<T>) {
    return Kind::kList;
  } else if constexpr (Map<T>) {
    return Kind::kMap;
  } else {
    static_assert(Message<T>, "no kind of value that the IDL has");
    return Kind::kStruct;
  }
}

// A T that is declared and nowhere defined: constant expressions visit its members to learn their
// types and order without there being a T.
#if defined(__clang__)
#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wundefined-var-template"
#endif
template <typename T>
struct Phantom {
  static const T value;
};

// Shows `visitor` the members of T. For constant expressions only.
template <Message T, typename Visitor>
consteval Visitor visit_types(Visitor visitor) {
  T::visit_fields(Phantom<T>::value, visitor);
  return visitor;
}
#if defined(__clang__)
#pragma clang diagnostic pop
#endif

// How many fields T has, members of unions included.
template <Message T>
inline constexpr std::size_t kFieldCount = T::kFields.size();

}  // namespace tern::codec
