// The walk of a value of a known type past a ValueReader (tern/walk.h).
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>

#include "tern/codegen/absent.h"
#include "tern/codegen/elements.h"
#include "tern/codegen/kinds.h"
#include "tern/codegen/map_refill.h"
#include "tern/codegen/shape_of.h"
#include "tern/codegen/walk_failures.h"
#include "tern/walk.h"

namespace tern::codec {

template <typename T>
bool read_value(T& value, ValueReader& in);

// One pass reads all fields if they come in order of number, as our own writers send them; fields
// that come in another order, or twice, take further passes.
struct ReadVisitor {
  ValueReader& in;
  const TypeShape& shape;
  FieldSet seen;
  std::size_t next = ValueReader::kNoField;  // the field that comes next...
  bool more = false;                         // ...if there is one
  std::size_t at = 0;                        // where this pass is

  void begin() { find_next(); }
  void advance() {
    seen.add(at);
    find_next();
  }
  // The reader gets a copy of `next`: this then has no address that others know, and where
  // visit_fields is inlined its members are constants and registers.
  void find_next() {
    std::size_t index = next;
    more = in.next_field(shape, index);
    next = index;
  }

  template <typename M>
  bool operator()(const Field& field, M& member) {
    if (more && next == at) {
      if constexpr (Optional<M>) {
        if (kIsBoxed<M> && !in.charge(sizeof(ValueOf<M>))) return failed_at(in.failure(), field);
        if (!member.has_value()) member.emplace();
        if (!read_value(*member, in)) return failed_at(in.failure(), field);
      } else {
        if (!read_value(member, in)) return failed_at(in.failure(), field);
      }
      advance();
    }
    ++at;
    return true;
  }
  template <std::size_t Index, typename Variant>
  bool operator()(const UnionField<Index>& member, Variant& variant) {
    if (more && next == at) {
      if (kIsMemberBoxed<Index, Variant> && !in.charge(sizeof(MemberOf<Index, Variant>))) {
        return failed_at(in.failure(), member.field);
      }
      if (!read_value(alternative<Index>(variant), in)) {
        return failed_at(in.failure(), member.field);
      }
      advance();
    }
    ++at;
    return true;
  }
};

template <Message T>
[[gnu::noinline]] bool read_struct(T& value, ValueReader& in) {
  forget_unknown(value);
  if (!in.begin_struct(ShapeOf<T>::value)) return false;
  FieldWords<kFieldCount<T>> seen;
  ReadVisitor visitor{in, ShapeOf<T>::value, seen.set()};
  visitor.begin();
  while (visitor.more) {
    visitor.at = 0;
    if (!T::visit_fields(value, visitor)) return false;
  }
  if (!in.ok()) return false;
  if (!seen.full()) reset_absent(value, seen.set());
  return true;
}

template <List T>
bool read_list(T& list, ValueReader& in) {
  std::size_t count = 0;
  if (!in.begin_list(count)) return false;
  if (list.size() < count) list.reserve(count);
  std::size_t size = 0;
  for (; in.next_element(); ++size) {
    if (size >= count && !in.charge(sizeof(typename T::value_type))) break;
    if (size == list.size()) resize_list(list, size + 1);
    bool done = false;
    if constexpr (std::is_same_v<typename T::value_type, bool>) {
      bool element = false;
      done = read_value(element, in);
      list[size] = element;
    } else {
      done = read_value(list[size], in);
    }
    if (!done) return failed_at(in.failure(), size);
  }
  if (!in.ok()) return failed_at(in.failure(), size);
  if (list.size() != size) resize_list(list, size);
  return true;
}

// A number of 32 bits out of one of 64.
template <typename T, typename Wide>
[[gnu::noinline]] bool narrow(Wide wide, T& out, ValueReader& in) {
  if (wide < std::numeric_limits<T>::min() || wide > std::numeric_limits<T>::max()) {
    return does_not_fit(in, wide, TypeName<T>::kValue);
  }
  out = static_cast<T>(wide);
  return true;
}

template <typename T>
bool read_key(T& key, ValueReader& in) {
  if constexpr (std::is_same_v<T, std::string>) {
    return in.key_string(key);
  } else if constexpr (std::is_same_v<T, bool>) {
    return in.key_boolean(key);
  } else if constexpr (std::is_unsigned_v<T>) {
    std::uint64_t wide = 0;
    return in.key_unsigned(wide, sizeof(T) * 8) && narrow(wide, key, in);
  } else {
    std::int64_t wide = 0;
    return in.key_integer(wide, sizeof(T) * 8) && narrow(wide, key, in);
  }
}

template <Map T>
bool read_map(T& map, ValueReader& in) {
  std::size_t count = 0;
  if (!in.begin_map(count)) return false;
  MapRefill<T> refill(map);
  for (std::size_t i = 0; in.next_entry(); ++i) {
    if (i >= count && !in.charge(kEntryMemory<T>)) return false;
    auto entry = refill.next();
    if (!read_key(entry.key(), in)) return false;
    if (!read_value(entry.mapped(), in)) return failed_at_any_key(in.failure(), entry.key());
    refill.insert(std::move(entry));
  }
  return in.ok();
}

template <typename T>
bool Elements<T>::read(T& value, ValueReader& in) {
  if constexpr (Map<T>) {
    return read_map(value, in);
  } else {
    return read_list(value, in);
  }
}

template <Enum T>
[[gnu::noinline]] bool read_enum(T& value, ValueReader& in) {
  std::int32_t number = 0;
  std::string_view name;
  if (!in.enumerator(number, name)) return false;
  if (name.empty()) {
    value = static_cast<T>(number);
    return true;
  }
  return enum_value(name, value) || no_enumerator(in, name);
}

template <typename T>
bool read_value(T& value, ValueReader& in) {
  constexpr Kind kKind = kind_of<T>();
  if constexpr (kKind == Kind::kBool) {
    return in.boolean(value);
  } else if constexpr (kKind == Kind::kInt64) {
    return in.integer(value, 64);
  } else if constexpr (kKind == Kind::kInt32) {
    std::int64_t wide = 0;
    return in.integer(wide, 32) && narrow(wide, value, in);
  } else if constexpr (kKind == Kind::kUint64) {
    return in.unsigned_integer(value, 64);
  } else if constexpr (kKind == Kind::kUint32) {
    std::uint64_t wide = 0;
    return in.unsigned_integer(wide, 32) && narrow(wide, value, in);
  } else if constexpr (kKind == Kind::kFloat) {
    return in.float32(value);
  } else if constexpr (kKind == Kind::kDouble) {
    return in.float64(value);
  } else if constexpr (kKind == Kind::kString) {
    return in.string(value);
  } else if constexpr (kKind == Kind::kBytes) {
    return in.bytes(value);
  } else if constexpr (kKind == Kind::kTimestamp) {
    return in.timestamp(value);
  } else if constexpr (kKind == Kind::kDuration) {
    return in.duration(value);
  } else if constexpr (kKind == Kind::kEnum) {
    return read_enum(value, in);
  } else {
    if (!in.enter()) return false;
    bool done = false;
    if constexpr (NumberList<T>) {
      done = in.list(value);
    } else if constexpr (kKind == Kind::kList || kKind == Kind::kMap) {
      done = Elements<T>::read(value, in);
    } else {
      done = read_struct(value, in);
    }
    in.leave();
    return done;
  }
}

}  // namespace tern::codec
