// What the walk of a value says of a failure, and what its two directions have in common.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <type_traits>

#include "tern/codegen/kinds.h"
#include "tern/walk.h"

namespace tern::codec {

// Failures, out of line since they are rare. Always false.
[[gnu::cold]] bool failed_at(WalkFailure& failure, const Field& field);
[[gnu::cold]] bool failed_at(WalkFailure& failure, std::size_t index);
[[gnu::cold]] bool failed_at_key(WalkFailure& failure, std::string_view key);
[[gnu::cold]] bool failed_at_key(WalkFailure& failure, std::int64_t key);
[[gnu::cold]] bool failed_at_key(WalkFailure& failure, std::uint64_t key);
[[gnu::cold]] bool does_not_fit(ValueReader& in, std::int64_t value, std::string_view type);
[[gnu::cold]] bool does_not_fit(ValueReader& in, std::uint64_t value, std::string_view type);
[[gnu::cold]] bool no_enumerator(ValueReader& in, std::string_view name);

template <typename Key>
[[gnu::cold]] bool failed_at_any_key(WalkFailure& failure, const Key& key) {
  if constexpr (std::is_same_v<Key, std::string>) {
    return failed_at_key(failure, std::string_view(key));
  } else if constexpr (std::is_unsigned_v<Key>) {
    return failed_at_key(failure, static_cast<std::uint64_t>(key));
  } else {
    return failed_at_key(failure, static_cast<std::int64_t>(key));
  }
}

// The lists that a writer and a reader take whole.
template <typename T>
concept NumberList = List<T> && std::is_arithmetic_v<typename T::value_type> &&
    !std::is_same_v<typename T::value_type, bool>;

}  // namespace tern::codec
