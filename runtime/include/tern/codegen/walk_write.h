// The walk of a value of a known type past a ValueWriter (tern/walk.h).
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <type_traits>
#include <variant>

#include "tern/codegen/elements.h"
#include "tern/codegen/kinds.h"
#include "tern/codegen/shape_of.h"
#include "tern/codegen/walk_failures.h"
#include "tern/walk.h"

namespace tern::codec {

template <typename T>
bool write_value(const T& value, ValueWriter& out);

struct CountPresent {
  std::size_t present = 0;

  template <typename T>
  bool operator()(const Field&, const T& member) {
    if constexpr (Optional<T>) {
      present += member.has_value() ? 1 : 0;
    } else {
      ++present;
    }
    return true;
  }
  template <std::size_t Index, typename Variant>
  bool operator()(const UnionField<Index>&, const Variant& variant) {
    present += member_if<Index>(variant) != nullptr ? 1 : 0;
    return true;
  }
};

struct WriteVisitor {
  ValueWriter& out;

  template <typename T>
  bool operator()(const Field& field, const T& member) {
    if constexpr (Optional<T>) {
      return !member.has_value() || write(field, *member);
    } else {
      return write(field, member);
    }
  }
  template <std::size_t Index, typename Variant>
  bool operator()(const UnionField<Index>& member, const Variant& variant) {
    const auto* value = member_if<Index>(variant);
    return value == nullptr || write(member.field, *value);
  }

 private:
  template <typename T>
  bool write(const Field& field, const T& value) {
    if (out.field(field) && write_value(value, out)) [[likely]]
      return true;
    return failed_at(out.failure(), field);
  }
};

// `list` is a vector, or a span of numbers.
template <typename T>
bool write_list(const T& list, ValueWriter& out) {
  if (!out.begin_list(list.size())) return false;
  for (std::size_t i = 0; i < list.size(); ++i) {
    const typename T::value_type& element = list[i];
    if (!write_value(element, out)) return failed_at(out.failure(), i);
  }
  return out.end_list();
}

template <Map T>
bool write_map(const T& map, ValueWriter& out) {
  using Key = typename T::key_type;
  if (!out.begin_map(map.size())) return false;
  for (const auto& [key, mapped] : map) {
    bool done = false;
    if constexpr (std::is_same_v<Key, std::string>) {
      done = out.key_string(key);
    } else if constexpr (std::is_same_v<Key, bool>) {
      done = out.key_boolean(key);
    } else if constexpr (std::is_unsigned_v<Key>) {
      done = out.key_unsigned(key);
    } else {
      done = out.key_integer(key);
    }
    if (!done || !write_value(mapped, out)) return failed_at_any_key(out.failure(), key);
  }
  return out.end_map();
}

template <typename T>
bool Elements<T>::write(const T& value, ValueWriter& out) {
  if constexpr (Map<T>) {
    return write_map(value, out);
  } else {
    return write_list(value, out);
  }
}

template <typename T>
bool write_value(const T& value, ValueWriter& out) {
  constexpr Kind kKind = kind_of<T>();
  if constexpr (kKind == Kind::kBool) {
    return out.boolean(value);
  } else if constexpr (kKind == Kind::kInt32 || kKind == Kind::kInt64) {
    return out.integer(value);
  } else if constexpr (kKind == Kind::kUint32 || kKind == Kind::kUint64) {
    return out.unsigned_integer(value);
  } else if constexpr (kKind == Kind::kFloat) {
    return out.float32(value);
  } else if constexpr (kKind == Kind::kDouble) {
    return out.float64(value);
  } else if constexpr (kKind == Kind::kString) {
    return out.string(value);
  } else if constexpr (kKind == Kind::kBytes) {
    return out.bytes(value);
  } else if constexpr (kKind == Kind::kTimestamp) {
    return out.timestamp(value);
  } else if constexpr (kKind == Kind::kDuration) {
    return out.duration(value);
  } else if constexpr (kKind == Kind::kEnum) {
    return out.enumerator(static_cast<std::int32_t>(value), enum_name(value));
  } else if constexpr (NumberList<T>) {
    return out.list(value);
  } else if constexpr (kKind == Kind::kList || kKind == Kind::kMap) {
    return Elements<T>::write(value, out);
  } else {
    CountPresent count;
    T::visit_fields(value, count);
    if (!out.begin_struct(ShapeOf<T>::value, count.present)) return false;
    WriteVisitor visitor{out};
    return T::visit_fields(value, visitor) && out.end_struct();
  }
}

}  // namespace tern::codec
