// What the codec of protobuf does to lists, maps, optionals and unions of any type. The usual ones
// are compiled once, in the runtime.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "tern/codegen/elements.h"
#include "tern/codegen/kinds.h"
#include "tern/codegen/map_refill.h"
#include "tern/codegen/proto_table.h"

namespace tern::codec::proto {

template <List T>
struct ListAccess {
  static void resize(void* list, std::size_t size) { resize_list(*static_cast<T*>(list), size); }
  static std::span<const std::byte> elements(const void* list) {
    return std::as_bytes(std::span(*static_cast<const T*>(list)));
  }
  static constexpr ListOps kOps{sizeof(typename T::value_type), &resize, &elements};
};

template <Map T>
struct MapAccess {
  static bool read(MapEntries& entries, void* map, Into into) {
    MapRefill<T> refill(*static_cast<T*>(map),
                        into == Into::kMerge ? Refill::kAdds : Refill::kReplaces);
    do {
      auto entry = refill.next();
      if (!entries.read(&entry.key(), &entry.mapped())) return false;
      refill.insert(std::move(entry));
    } while (entries.more());
    return true;
  }
  static void clear(void* map) { static_cast<T*>(map)->clear(); }
  static void each(const void* map, void* user,
                   void (*use)(void* user, const void* key, const void* mapped)) {
    for (const auto& [key, mapped] : *static_cast<const T*>(map)) use(user, &key, &mapped);
  }
  static constexpr MapOps kOps{kEntryMemory<T>, &read, &clear, &each};
};

template <Optional T>
struct OptionalAccess {
  static const void* get(const void* member, std::size_t) {
    const T& optional = *static_cast<const T*>(member);
    return optional.has_value() ? &*optional : nullptr;
  }
  static void* engage(void* member, std::size_t, bool& had) {
    T& optional = *static_cast<T*>(member);
    had = optional.has_value();
    if (!had) optional.emplace();
    return &*optional;
  }
  static void reset(void* member, std::size_t) { static_cast<T*>(member)->reset(); }
  static constexpr MemberOps kOps{&get, &engage, &reset};
};

template <typename T>
struct UnionAccess;

template <typename... Members>
struct UnionAccess<std::variant<Members...>> {
  using Variant = std::variant<Members...>;

  static const void* get(const void* member, std::size_t index) {
    const Variant& variant = *static_cast<const Variant*>(member);
    return variant.index() == index ? value_of(variant, kIndices) : nullptr;
  }
  static void* engage(void* member, std::size_t index, bool& had) {
    had = get(member, index) != nullptr;
    return set(*static_cast<Variant*>(member), index, kIndices);
  }
  static void reset(void* member, std::size_t index) {
    Variant& variant = *static_cast<Variant*>(member);
    if (variant.index() == index) variant.template emplace<0>();
  }
  static constexpr MemberOps kOps{&get, &engage, &reset};

 private:
  static constexpr std::make_index_sequence<sizeof...(Members) - 1> kIndices{};

  template <std::size_t... Before>
  static const void* value_of(const Variant& variant, std::index_sequence<Before...>) {
    const void* value = nullptr;
    ((variant.index() == Before + 1 ? void(value = member_if<Before + 1>(variant)) : void()), ...);
    return value;
  }
  template <std::size_t... Before>
  static void* set(Variant& variant, std::size_t index, std::index_sequence<Before...>) {
    void* value = nullptr;
    ((index == Before + 1 ? void(value = &alternative<Before + 1>(variant)) : void()), ...);
    return value;
  }
};

extern template struct ListAccess<std::vector<std::int32_t>>;
extern template struct ListAccess<std::vector<std::int64_t>>;
extern template struct ListAccess<std::vector<std::uint32_t>>;
extern template struct ListAccess<std::vector<std::uint64_t>>;
extern template struct ListAccess<std::vector<float>>;
extern template struct ListAccess<std::vector<double>>;
extern template struct ListAccess<std::vector<std::string>>;
extern template struct ListAccess<std::vector<Bytes>>;
extern template struct ListAccess<std::vector<Timestamp>>;
extern template struct ListAccess<std::vector<Duration>>;

extern template struct MapAccess<std::map<bool, std::string>>;
extern template struct MapAccess<std::map<std::int32_t, std::string>>;
extern template struct MapAccess<std::map<std::int64_t, std::string>>;
extern template struct MapAccess<std::map<std::uint32_t, std::string>>;
extern template struct MapAccess<std::map<std::uint64_t, std::string>>;
extern template struct MapAccess<std::map<std::string, bool>>;
extern template struct MapAccess<std::map<std::string, std::int32_t>>;
extern template struct MapAccess<std::map<std::string, std::int64_t>>;
extern template struct MapAccess<std::map<std::string, std::uint32_t>>;
extern template struct MapAccess<std::map<std::string, std::uint64_t>>;
extern template struct MapAccess<std::map<std::string, float>>;
extern template struct MapAccess<std::map<std::string, double>>;
extern template struct MapAccess<std::map<std::string, std::string>>;
extern template struct MapAccess<std::map<std::string, Bytes>>;
extern template struct MapAccess<std::map<std::string, Timestamp>>;
extern template struct MapAccess<std::map<std::string, Duration>>;

extern template struct OptionalAccess<std::optional<bool>>;
extern template struct OptionalAccess<std::optional<std::int32_t>>;
extern template struct OptionalAccess<std::optional<std::int64_t>>;
extern template struct OptionalAccess<std::optional<std::uint32_t>>;
extern template struct OptionalAccess<std::optional<std::uint64_t>>;
extern template struct OptionalAccess<std::optional<float>>;
extern template struct OptionalAccess<std::optional<double>>;
extern template struct OptionalAccess<std::optional<std::string>>;
extern template struct OptionalAccess<std::optional<Bytes>>;
extern template struct OptionalAccess<std::optional<Timestamp>>;
extern template struct OptionalAccess<std::optional<Duration>>;

}  // namespace tern::codec::proto
