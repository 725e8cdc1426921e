// Which fields of a message have been read, and their defaults for the others.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <utility>
#include <variant>

#include "tern/codec/kinds.h"

namespace tern::codec {

// Fields by their place in visit_fields.
template <std::size_t Count>
class FieldSet {
 public:
  void add(std::size_t at) noexcept { words_[at / 64] |= std::uint64_t{1} << (at % 64); }
  bool has(std::size_t at) const noexcept { return (words_[at / 64] >> (at % 64) & 1) != 0; }
  bool full() const noexcept {
    for (std::size_t i = 0; i + 1 < kWords; ++i) {
      if (words_[i] != ~std::uint64_t{0}) return false;
    }
    return words_[kWords - 1] == kLast;
  }

 private:
  static constexpr std::size_t kWords = Count == 0 ? 1 : (Count + 63) / 64;
  static constexpr std::uint64_t kLast = Count == 0        ? 0
                                         : Count % 64 == 0 ? ~std::uint64_t{0}
                                                           : (std::uint64_t{1} << (Count % 64)) - 1;
  std::array<std::uint64_t, kWords> words_{};
};

// Empties optionals and unions; says whether something else is missing.
template <std::size_t Count>
struct ResetOptionals {
  const FieldSet<Count>& seen;
  std::size_t at = 0;
  bool others = false;

  template <typename T>
  bool operator()(const Field&, T& member) {
    if (!seen.has(at++)) {
      if constexpr (Optional<T>) {
        member.reset();
      } else {
        others = true;
      }
    }
    return true;
  }
  template <std::size_t Index, typename Variant>
  bool operator()(const UnionField<Index>&, Variant& variant) {
    if (!seen.has(at++) && variant.index() == Index) variant.template emplace<0>();
    return true;
  }
};

template <std::size_t Count>
struct CollectMembers {
  std::array<void*, Count> members;
  std::size_t at = 0;

  template <typename Tag, typename T>
  bool operator()(const Tag&, T& member) {
    members[at++] = &member;
    return true;
  }
};

// Lists and maps change places with those of the new message, which then ends with theirs.
template <typename T>
[[gnu::noinline, gnu::cold]] void move_value(void* from, T& to) {
  if constexpr (List<T> || Map<T>) {
    to.swap(*static_cast<T*>(from));
  } else {
    to = std::move(*static_cast<T*>(from));
  }
}

template <std::size_t Count>
struct MoveMissing {
  const FieldSet<Count>& seen;
  std::array<void*, Count>& from;
  std::size_t at = 0;

  template <typename T>
  bool operator()(const Field&, T& member) {
    if constexpr (!Optional<T>) {
      if (!seen.has(at)) move_value(from[at], member);
    }
    ++at;
    return true;
  }
  template <std::size_t Index, typename Variant>
  bool operator()(const UnionField<Index>&, Variant&) {
    ++at;
    return true;
  }
};

// For a value on the heap of which only the address is known.
template <typename T>
void* create_value() {
  return new T();
}
template <typename T>
void destroy_value(void* value) noexcept {
  delete static_cast<T*>(value);
}

// Gives each field of `message` that is not in `seen` the value it has in a new message.
template <Message T>
[[gnu::noinline, gnu::cold]] void reset_absent(T& message, const FieldSet<kFieldCount<T>>& seen) {
  ResetOptionals<kFieldCount<T>> optionals{seen};
  T::visit_fields(message, optionals);
  if (!optionals.others) return;
  const std::unique_ptr<void, void (*)(void*)> fresh(create_value<T>(), &destroy_value<T>);
  CollectMembers<kFieldCount<T>> collect{};
  T::visit_fields(*static_cast<T*>(fresh.get()), collect);
  MoveMissing<kFieldCount<T>> move{seen, collect.members};
  T::visit_fields(message, move);
}

}  // namespace tern::codec
