// What the codec of protobuf knows of a message: a table, so that it is compiled once and not for
// each message.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <type_traits>
#include <variant>

#include "tern/codegen/proto_input.h"
#include "tern/codegen/proto_output.h"
#include "tern/codegen/proto_wire.h"
#include "tern/codegen/shape_of.h"

namespace tern::codec::proto {

struct MessageTable;

// What a value is, and so how it is read.
enum class ValueKind : std::uint8_t {
  kBool,
  kVarint32,
  kVarint64,
  kFixed32,
  kFixed64,
  kString,
  kBytes,
  kTimestamp,
  kDuration,
  kMessage,
  kContainer  // a list or a map
};

template <typename T>
consteval ValueKind value_kind_of() {
  if constexpr (std::is_same_v<T, bool>) {
    return ValueKind::kBool;
  } else if constexpr (std::is_floating_point_v<T>) {
    return sizeof(T) == 8 ? ValueKind::kFixed64 : ValueKind::kFixed32;
  } else if constexpr (Scalar<T>) {
    return sizeof(T) == 8 ? ValueKind::kVarint64 : ValueKind::kVarint32;
  } else if constexpr (std::is_same_v<T, std::string>) {
    return ValueKind::kString;
  } else if constexpr (Text<T>) {
    return ValueKind::kBytes;
  } else if constexpr (std::is_same_v<T, Timestamp>) {
    return ValueKind::kTimestamp;
  } else if constexpr (std::is_same_v<T, Duration>) {
    return ValueKind::kDuration;
  } else if constexpr (Message<T>) {
    return ValueKind::kMessage;
  } else {
    return ValueKind::kContainer;
  }
}

// What is done to a list or a map of one type.
struct ContainerOps {
  const TypeShape* shape;
  WireType element;  // kLength, or that of the elements of a list that can be packed
  // Behind the tag of a field `number`, and behind its further tags that follow at once.
  bool (*read)(Input& in, std::uint32_t number, void* out, Into into, std::size_t depth,
               Reading& reading);
  // Behind the tag of one number that is not packed; null if there are none.
  bool (*read_unpacked)(Input& in, void* out, Reading& reading);
  void (*clear)(void* out);
  // See ContainerWriting.
  std::size_t (*most)(const void* value);
  std::byte* (*put)(std::byte* at, std::uint32_t number, std::string_view name, const void* value,
                    WriteFailure& failure);
};

// A value, wherever it lies.
struct ValueType {
  ValueKind kind;
  WireType wire_type;
  bool is_signed;  // of a kVarint32: a negative number has 64 bits
  const TypeShape* shape;
  const MessageTable& (*message)() = nullptr;  // of a kMessage
  const ContainerOps* container = nullptr;     // of a kContainer
  void (*assign)(const void* from, void* to);  // for defaults
};

// A member that need not have a value: an optional, or a member of a union.
struct MemberOps {
  // Its value; null if it has none.
  const void* (*get)(const void* member);
  // Its value, which it gets if it has none; `had`: it had one.
  void* (*engage)(void* member, bool& had);
  // It has none any more. Of a union: if it is this member that is set.
  void (*reset)(void* member);
  std::size_t boxed;  // the bytes that a value takes on the heap; 0: it lies in the member
};

struct FieldEntry {
  std::uint32_t tag;
  std::uint32_t number;
  std::size_t offset;  // of the member; of the whole variant of a union
  const ValueType* type;
  const MemberOps* ops;  // null: it always has a value
  bool has_default;
  std::string_view name;
};

struct MessageTable {
  const TypeShape* shape;
  const void* fresh;  // a new message
  std::span<const FieldEntry> fields;
};

template <typename T>
struct Container;  // proto_read.h

template <Message T>
const MessageTable& table_of();

template <typename T>
void assign_value(const void* from, void* to) {
  *static_cast<T*>(to) = *static_cast<const T*>(from);
}

template <typename T>
consteval ValueType make_value_type() {
  ValueType type{.kind = value_kind_of<T>(),
                 .wire_type = wire_type_of<T>(),
                 .is_signed = std::is_signed_v<T> || Enum<T>,
                 .shape = &ShapeOf<T>::value,
                 .assign = nullptr};
  if constexpr (Message<T>) {
    type.message = &table_of<T>;
  } else if constexpr (List<T> || Map<T>) {
    type.container = &Container<T>::kOps;
  } else {
    type.assign = &assign_value<T>;
  }
  return type;
}
template <typename T>
inline constexpr ValueType kValueType = make_value_type<T>();

template <Optional M>
inline constexpr MemberOps kOptionalOps = {
    .get = [](const void* member) -> const void* {
      const M& optional = *static_cast<const M*>(member);
      return optional.has_value() ? &*optional : nullptr;
    },
    .engage = [](void* member, bool& had) -> void* {
      M& optional = *static_cast<M*>(member);
      had = optional.has_value();
      if (!had) optional.emplace();
      return &*optional;
    },
    .reset = [](void* member) { static_cast<M*>(member)->reset(); },
    .boxed = kIsBoxed<M> ? sizeof(ValueOf<M>) : 0,
};

template <std::size_t Index, typename Variant>
inline constexpr MemberOps kUnionOps = {
    .get = [](const void* member) -> const void* {
      return member_if<Index>(*static_cast<const Variant*>(member));
    },
    .engage = [](void* member, bool& had) -> void* {
      Variant& variant = *static_cast<Variant*>(member);
      had = variant.index() == Index;
      if (!had) variant.template emplace<Index>();
      return member_if<Index>(variant);
    },
    .reset =
        [](void* member) {
          Variant& variant = *static_cast<Variant*>(member);
          if (variant.index() == Index) variant.template emplace<0>();
        },
    .boxed = kIsMemberBoxed<Index, Variant> ? sizeof(MemberOf<Index, Variant>) : 0,
};

// Learns where the members lie from a message that is there.
struct TableVisitor {
  const void* message;
  FieldEntry* at;

  template <typename M>
  bool operator()(const Field& field, const M& member) {
    if constexpr (Optional<M>) {
      add(field, &member, kValueType<ValueOf<M>>, &kOptionalOps<M>);
    } else {
      add(field, &member, kValueType<M>, nullptr);
    }
    return true;
  }
  template <std::size_t Index, typename Variant>
  bool operator()(const UnionField<Index>& member, const Variant& variant) {
    add(member.field, &variant, kValueType<MemberOf<Index, Variant>>, &kUnionOps<Index, Variant>);
    return true;
  }

 private:
  void add(const Field& field, const void* member, const ValueType& type, const MemberOps* ops) {
    const auto offset =
        static_cast<const std::byte*>(member) - static_cast<const std::byte*>(message);
    *at++ = {tag_of(field.number, type.wire_type),
             field.number,
             static_cast<std::size_t>(offset),
             &type,
             ops,
             field.has_default,
             field.name};
  }
};

template <Message T>
class TableOf {
 public:
  TableOf() {
    TableVisitor visitor{&fresh_, fields_.data()};
    T::visit_fields(std::as_const(fresh_), visitor);
    table_ = {&ShapeOf<T>::value, &fresh_, fields_};
  }
  TableOf(const TableOf&) = delete;
  TableOf& operator=(const TableOf&) = delete;
  const MessageTable& table() const noexcept { return table_; }

 private:
  T fresh_{};
  std::array<FieldEntry, kFieldCount<T>> fields_{};
  MessageTable table_;
};

template <Message T>
const MessageTable& table_of() {
  static const TableOf<T> table;
  return table.table();
}

}  // namespace tern::codec::proto
