// Protobuf, reading. Writers send fields in order of number: a message goes straight through its
// fields, each of which is the next one or is absent. What comes otherwise (a field that is not
// known, or out of its order, or in another form) ends that, and the rest goes field by field.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>
#include <utility>
#include <variant>

#include "tern/buffer.h"
#include "tern/codegen/map_refill.h"
#include "tern/codegen/proto_wire.h"
#include "tern/codegen/shape_of.h"
#include "tern/codegen/type_ops.h"
#include "tern/status.h"

namespace tern::codec::proto {

// Bytes that are left of a message.
struct Input {
  const std::byte* at;
  const std::byte* end;

  std::size_t size() const noexcept { return static_cast<std::size_t>(end - at); }
  bool empty() const noexcept { return at == end; }
};

// What the functions that read share: why the decode ended, and what it may take. They return
// false when there is a failure; what makes its text is out of line, since it is rare.
class Reading {
 public:
  // Of a value in `bytes`.
  Reading(std::size_t bytes, const DecodeLimits& limits) noexcept
      : bytes_(bytes), limits_(&limits) {}

  // Takes memory from what the value may have, or fails if there is not so much left.
  bool charge(const TypeShape& type, std::size_t count, std::size_t each) {
    const std::size_t more = count * each;
    if (more > limits_->memory_for(bytes_) - taken_) [[unlikely]]
      return too_much_overhead(type, more);
    taken_ += more;
    return true;
  }

  [[gnu::cold]] bool cut_off(std::string_view what);
  [[gnu::cold]] bool bad_varint();
  [[gnu::cold]] bool bad_tag(std::uint64_t tag);
  [[gnu::cold]] bool too_deep();
  [[gnu::cold]] bool not_utf8();
  [[gnu::cold]] bool uneven(std::size_t size, std::size_t element);
  [[gnu::cold]] bool out_of_range(std::string_view what, std::int64_t seconds);
  // The walk back from the place of a failure; always false.
  [[gnu::cold]] bool in_field(const TypeShape& type, std::string_view field);
  Status take() noexcept;

 private:
  bool fail(std::string text);
  [[gnu::cold]] bool too_much_overhead(const TypeShape& type, std::size_t more);

  std::size_t taken_ = 0;
  std::size_t bytes_;
  const DecodeLimits* limits_;
  std::string way_;
  std::string text_;
};

// --- Numbers ---

[[gnu::cold]] bool read_long_varint(Input& in, std::uint64_t& value, Reading& reading);
[[gnu::always_inline]] inline bool read_varint(Input& in, std::uint64_t& value, Reading& reading) {
  if (in.size() >= 2) [[likely]] {
    const auto first = std::to_integer<std::uint64_t>(in.at[0]);
    if (first < 0x80) {
      value = first;
      ++in.at;
      return true;
    }
    const auto second = std::to_integer<std::uint64_t>(in.at[1]);
    if (second < 0x80) {
      value = (first & 0x7f) | second << 7;
      in.at += 2;
      return true;
    }
  }
  return read_long_varint(in, value, reading);
}

template <Scalar T>
[[gnu::always_inline]] inline bool read_scalar(Input& in, T& out, Reading& reading) {
  if constexpr (std::is_floating_point_v<T>) {
    if (in.size() < sizeof(T)) return reading.cut_off("a number");
    std::memcpy(&out, in.at, sizeof(T));
    in.at += sizeof(T);
  } else {
    std::uint64_t bits = 0;
    if (!read_varint(in, bits, reading)) return false;
    out = from_varint<T>(bits);
  }
  return true;
}

// The length in front of a value, and the value's bytes.
[[gnu::always_inline]] inline bool read_length(Input& in, Input& value, Reading& reading) {
  std::uint64_t size = 0;
  if (!read_varint(in, size, reading)) return false;
  if (size > in.size()) return reading.cut_off("a value");
  value = {in.at, in.at + size};
  in.at = value.end;
  return true;
}

// Of a whole message of protobuf's.
bool read_time(Input in, Timestamp& out, std::size_t depth, Reading& reading);
bool read_time(Input in, Duration& out, std::size_t depth, Reading& reading);

bool assign_text(Input from, std::string& out, Reading& reading);
void assign_bytes(Input from, Bytes& out);

// A field of a tag that has been read and that nobody knows. Groups nest: each is a level.
bool skip_field(Input& in, std::uint64_t tag, std::size_t depth, Reading& reading);
bool read_tag(Input& in, std::uint64_t& tag, Reading& reading);

// --- Values ---

// How a value that holds something already is read into.
enum class Into : std::uint8_t {
  kFresh,  // as into a new one
  kMerge   // what comes is added: an embedded message that comes a second time
};

template <Message T>
bool read_message(Input in, T& out, Into into, std::size_t depth, Reading& reading);

// Lists and maps, out of line, so that they are once in the program for each.
template <typename T>
struct Read {
  // Behind the tag of a field `number`, and behind its further tags that follow at once.
  [[gnu::noinline]] static bool fields(Input& in, std::uint32_t number, T& out, Into into,
                                       std::size_t depth, Reading& reading);
  // Behind the tag of one number that is not packed.
  [[gnu::noinline]] static bool unpacked(Input& in, T& out, Reading& reading);
};

// A value behind its tag. `depth`: how many levels may follow, that of `out` included.
template <typename T>
[[gnu::always_inline]] inline bool read_value(Input& in, T& out, Into into, std::size_t depth,
                                              Reading& reading) {
  if constexpr (Scalar<T>) {
    return read_scalar(in, out, reading);
  } else {
    Input value{};
    if (!read_length(in, value, reading)) return false;
    if constexpr (std::is_same_v<T, std::string>) {
      return assign_text(value, out, reading);
    } else if constexpr (Text<T>) {
      assign_bytes(value, out);
      return true;
    } else {
      if (depth == 0) return reading.too_deep();
      if constexpr (Time<T>) {
        return read_time(value, out, depth - 1, reading);
      } else {
        return read_message(value, out, into, depth - 1, reading);
      }
    }
  }
}

// Whether the next field is this one; then its tag is behind.
[[gnu::always_inline]] inline bool take_tag(Input& in, std::uint32_t number, WireType type) {
  const std::uint32_t tag = tag_of(number, type);
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

// Lists and maps that have no field of their own stand in a message of one.
template <typename T>
bool read_only_field(Input in, T& out, Into into, std::size_t depth, Reading& reading);

template <typename T>
[[gnu::always_inline]] inline bool read_element(Input& in, T& out, Into into, std::size_t depth,
                                                Reading& reading) {
  if constexpr (List<T> || Map<T>) {
    Input value{};
    if (!read_length(in, value, reading)) return false;
    if (depth == 0) return reading.too_deep();
    return read_only_field(value, out, into, depth - 1, reading);
  } else {
    return read_value(in, out, into, depth, reading);
  }
}

// Makes a member what it is in a new message, keeping its memory.
template <typename T>
void clear_value(T& value);

// --- Field by field ---

// One field, wherever it is among those of T.
template <Message T>
struct OneFieldVisitor {
  Input& in;
  std::uint32_t number;
  WireType type;
  std::size_t depth;
  Reading& reading;
  enum class Found : std::uint8_t { kNo, kYes, kFailed } found = Found::kNo;

  template <typename M>
  [[gnu::cold]] bool operator()(const Field& field, M& member) {
    if (field.number != number) return true;
    if constexpr (Optional<M>) {
      using V = ValueOf<M>;
      if (type != wire_type_of<V>()) return false;
      const Into into = member.has_value() ? Into::kMerge : Into::kFresh;
      if (!member.has_value()) {
        if constexpr (kIsBoxed<M>) {
          if (!reading.charge(ShapeOf<V>::value, 1, sizeof(V))) return fail(field);
        }
        member.emplace();
      }
      return done(field, read_element(in, *member, into, depth, reading));
    } else if constexpr (List<M> || Map<M>) {
      if constexpr (Packed<M>) {
        if (type == wire_type_of<typename M::value_type>()) {
          return done(field, Read<M>::unpacked(in, member, reading));
        }
      }
      if (type != WireType::kLength) return false;
      return done(field, Read<M>::fields(in, number, member, Into::kMerge, depth, reading));
    } else {
      if (type != wire_type_of<M>()) return false;
      return done(field, read_value(in, member, Into::kMerge, depth, reading));
    }
  }
  template <std::size_t Index, typename Variant>
  [[gnu::cold]] bool operator()(const UnionField<Index>& union_field, Variant& variant) {
    using M = MemberOf<Index, Variant>;
    if (union_field.field.number != number) return true;
    if (type != wire_type_of<M>()) return false;
    const Into into = variant.index() == Index ? Into::kMerge : Into::kFresh;
    if (variant.index() != Index) {
      if constexpr (kIsMemberBoxed<Index, Variant>) {
        if (!reading.charge(ShapeOf<M>::value, 1, sizeof(M))) return fail(union_field.field);
      }
      variant.template emplace<Index>();
    }
    return done(union_field.field,
                read_element(in, *member_if<Index>(variant), into, depth, reading));
  }

 private:
  // The visit ends at the field.
  bool done(const Field& field, bool read) {
    if (!read) return fail(field);
    found = Found::kYes;
    return false;
  }
  bool fail(const Field& field) {
    reading.in_field(ShapeOf<T>::value, field.name);
    found = Found::kFailed;
    return false;
  }
};

// Adds to what `out` has.
template <Message T>
[[gnu::noinline, gnu::cold]] bool read_rest(Input in, T& out, std::size_t depth, Reading& reading) {
  using Visitor = OneFieldVisitor<T>;
  while (!in.empty()) {
    std::uint64_t tag = 0;
    if (!read_tag(in, tag, reading)) return false;
    Visitor visitor{in, static_cast<std::uint32_t>(tag >> 3), static_cast<WireType>(tag & 7), depth,
                    reading};
    T::visit_fields(out, visitor);
    if (visitor.found == Visitor::Found::kFailed) return false;
    // One of another type than ours is none of ours, as everywhere in protobuf.
    if (visitor.found == Visitor::Found::kNo && !skip_field(in, tag, depth, reading)) return false;
  }
  return true;
}

// --- Straight through ---

// A new message of T, for its defaults.
template <Message T>
const T& fresh_message() {
  static const T fresh{};
  return fresh;
}

template <Message T>
struct StraightVisitor {
  Input in;
  T& message;
  std::size_t depth;
  Reading& reading;

  template <typename M>
  [[gnu::always_inline]] bool operator()(const Field& field, M& member) {
    if constexpr (Optional<M>) {
      using V = ValueOf<M>;
      if (!take_tag(in, field.number, wire_type_of<V>())) {
        member.reset();
        return true;
      }
      if (!member.has_value()) {
        if constexpr (kIsBoxed<M>) {
          if (!reading.charge(ShapeOf<V>::value, 1, sizeof(V))) return fail(field);
        }
        member.emplace();
      }
      return read_element(in, *member, Into::kFresh, depth, reading) || fail(field);
    } else {
      if (!take_tag(in, field.number, wire_type_of<M>())) {
        set_default(field, member);
        return true;
      }
      if constexpr (List<M> || Map<M>) {
        return Read<M>::fields(in, field.number, member, Into::kFresh, depth, reading) ||
               fail(field);
      } else {
        return read_value(in, member, Into::kFresh, depth, reading) || fail(field);
      }
    }
  }
  template <std::size_t Index, typename Variant>
  [[gnu::always_inline]] bool operator()(const UnionField<Index>& union_field, Variant& variant) {
    using M = MemberOf<Index, Variant>;
    const Field& field = union_field.field;
    if (!take_tag(in, field.number, wire_type_of<M>())) {
      if (variant.index() == Index) variant.template emplace<0>();
      return true;
    }
    if (variant.index() != Index) {
      if constexpr (kIsMemberBoxed<Index, Variant>) {
        if (!reading.charge(ShapeOf<M>::value, 1, sizeof(M))) return fail(field);
      }
      variant.template emplace<Index>();
    }
    return read_element(in, *member_if<Index>(variant), Into::kFresh, depth, reading) ||
           fail(field);
  }

 private:
  bool fail(const Field& field) { return reading.in_field(ShapeOf<T>::value, field.name); }
  template <typename M>
  [[gnu::always_inline]] void set_default(const Field& field, M& member) {
    if (!field.has_default) return clear_value(member);
    // Where the member lies in the message, it lies in the new one.
    const T& fresh = fresh_message<T>();
    const auto offset =
        reinterpret_cast<const std::byte*>(&member) - reinterpret_cast<const std::byte*>(&message);
    member = *reinterpret_cast<const M*>(reinterpret_cast<const std::byte*>(&fresh) + offset);
  }
};

struct ClearVisitor {
  template <typename M>
  bool operator()(const Field&, M& member) {
    if constexpr (Optional<M>) {
      member.reset();
    } else {
      clear_value(member);
    }
    return true;
  }
  template <std::size_t Index, typename Variant>
  bool operator()(const UnionField<Index>&, Variant& variant) {
    variant.template emplace<0>();
    return true;
  }
};

template <Message T>
inline constexpr bool kHasDefaults = [] {
  for (const Field& field : T::kFields) {
    if (field.has_default) return true;
  }
  return false;
}();

template <typename T>
void clear_value(T& value) {
  if constexpr (Scalar<T> || Time<T>) {
    value = T();
  } else if constexpr (!Message<T>) {
    value.clear();
  } else if constexpr (kHasDefaults<T>) {
    value = fresh_message<T>();
  } else {
    ClearVisitor visitor;
    T::visit_fields(value, visitor);
  }
}

template <Message T>
bool read_message(Input in, T& out, Into into, std::size_t depth, Reading& reading) {
  if (into == Into::kMerge) [[unlikely]]
    return read_rest(in, out, depth, reading);
  StraightVisitor<T> visitor{in, out, depth, reading};
  if (!T::visit_fields(out, visitor)) return false;
  return visitor.in.empty() || read_rest(visitor.in, out, depth, reading);
}

// --- Lists and maps ---

// How many varints there are: each ends with a byte that has no high bit.
std::size_t count_varints(Input in) noexcept;

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

template <List T>
bool read_elements(Input& in, std::uint32_t number, T& out, Into into, std::size_t depth,
                   Reading& reading) {
  std::size_t count = into == Into::kMerge ? out.size() : 0;
  do {
    if (!reading.charge(ShapeOf<T>::value, 1, sizeof(typename T::value_type))) return false;
    if (count == out.size()) out.emplace_back();
    if (!read_element(in, out[count], Into::kFresh, depth, reading)) return false;
    ++count;
  } while (take_tag(in, number, WireType::kLength));
  if (count < out.size()) out.erase(out.begin() + static_cast<std::ptrdiff_t>(count), out.end());
  return true;
}

// An entry is a message whose fields are the key and the value.
template <typename K, typename V>
bool read_entry(Input in, K& key, V& mapped, std::size_t depth, Reading& reading) {
  const bool has_key = take_tag(in, 1, wire_type_of<K>());
  if (!has_key) {
    clear_value(key);
  } else if (!read_value(in, key, Into::kFresh, depth, reading)) {
    return false;
  }
  Into into = Into::kFresh;
  while (take_tag(in, 2, wire_type_of<V>())) {
    if (!read_element(in, mapped, into, depth, reading)) return false;
    into = Into::kMerge;
  }
  if (into == Into::kFresh) clear_value(mapped);
  while (!in.empty()) {
    std::uint64_t tag = 0;
    if (!read_tag(in, tag, reading)) return false;
    if (tag == tag_of(1, wire_type_of<K>())) {
      if (!read_value(in, key, Into::kFresh, depth, reading)) return false;
    } else if (tag == tag_of(2, wire_type_of<V>())) {
      if (!read_element(in, mapped, Into::kMerge, depth, reading)) return false;
    } else if (!skip_field(in, tag, depth, reading)) {
      return false;
    }
  }
  return true;
}

template <Map T>
bool read_entries(Input& in, std::uint32_t number, T& out, std::size_t depth, Reading& reading) {
  do {
    Input entry{};
    if (!read_length(in, entry, reading)) return false;
    if (depth == 0) return reading.too_deep();
    if (!reading.charge(ShapeOf<T>::value, 1, kEntryMemory<T>)) return false;
    typename T::key_type key{};
    typename T::mapped_type mapped{};
    if (!read_entry(entry, key, mapped, depth - 1, reading)) return false;
    out.insert_or_assign(out.end(), std::move(key), std::move(mapped));
  } while (take_tag(in, number, WireType::kLength));
  return true;
}

template <Map T>
bool refill_entries(Input& in, std::uint32_t number, T& out, std::size_t depth, Reading& reading) {
  MapRefill<T> refill(out);
  do {
    Input bytes{};
    if (!read_length(in, bytes, reading)) return false;
    if (depth == 0) return reading.too_deep();
    if (!reading.charge(ShapeOf<T>::value, 1, kEntryMemory<T>)) return false;
    auto entry = refill.next();
    if (!read_entry(bytes, entry.key(), entry.mapped(), depth - 1, reading)) return false;
    refill.insert(std::move(entry));
  } while (take_tag(in, number, WireType::kLength));
  return true;
}

template <typename T>
bool Read<T>::fields(Input& in, std::uint32_t number, T& out, Into into, std::size_t depth,
                     Reading& reading) {
  if constexpr (Map<T>) {
    return into == Into::kMerge ? read_entries(in, number, out, depth, reading)
                                : refill_entries(in, number, out, depth, reading);
  } else if constexpr (Packed<T>) {
    if (into == Into::kFresh) out.clear();
    do {
      Input packed{};
      if (!read_length(in, packed, reading) || !read_packed(packed, out, reading)) return false;
    } while (take_tag(in, number, WireType::kLength));
    return true;
  } else {
    return read_elements(in, number, out, into, depth, reading);
  }
}

template <typename T>
bool Read<T>::unpacked(Input& in, T& out, Reading& reading) {
  if constexpr (Packed<T>) {
    typename T::value_type element{};
    if (!read_scalar(in, element, reading)) return false;
    if (!reading.charge(ShapeOf<T>::value, 1, sizeof element)) return false;
    out.push_back(element);
    return true;
  } else {
    return false;  // never asked
  }
}

template <typename T>
bool read_only_field(Input in, T& out, Into into, std::size_t depth, Reading& reading) {
  if (into == Into::kFresh) clear_value(out);
  while (!in.empty()) {
    std::uint64_t tag = 0;
    if (!read_tag(in, tag, reading)) return false;
    const auto type = static_cast<WireType>(tag & 7);
    bool ours = tag >> 3 == kOnlyField;
    if constexpr (List<T> || Map<T>) {
      if constexpr (Packed<T>) {
        if (ours && type == wire_type_of<typename T::value_type>()) {
          if (!Read<T>::unpacked(in, out, reading)) return false;
          continue;
        }
      }
      ours = ours && type == WireType::kLength;
      if (ours && !Read<T>::fields(in, kOnlyField, out, Into::kMerge, depth, reading)) return false;
    } else {
      ours = ours && type == wire_type_of<T>();
      if (ours && !read_value(in, out, Into::kMerge, depth, reading)) return false;
    }
    if (!ours && !skip_field(in, tag, depth, reading)) return false;
  }
  return true;
}

template <typename T>
Status decode(ByteView bytes, void* opaque, const DecodeLimits& limits) {
  Reading reading(bytes.size(), limits);
  T& value = *static_cast<T*>(opaque);
  const Input in{bytes.data(), bytes.data() + bytes.size()};
  if (limits.depth == 0) {
    reading.too_deep();
  } else if constexpr (Message<T>) {
    read_message(in, value, Into::kFresh, limits.depth - 1, reading);
  } else if constexpr (Time<T>) {
    read_time(in, value, limits.depth - 1, reading);
  } else {
    read_only_field(in, value, Into::kFresh, limits.depth - 1, reading);
  }
  return reading.take();
}

}  // namespace tern::codec::proto
