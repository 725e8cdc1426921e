// Which fields of a message have been read, and their defaults for the others.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <utility>
#include <variant>

#include "tern/codegen/kinds.h"

namespace tern::codec {

// Fields by their place in visit_fields: a bit each, in words that lie elsewhere.
class FieldSet {
 public:
  explicit FieldSet(std::uint64_t* words) : words_(words) {}

  void add(std::size_t at) noexcept { words_[at / 64] |= std::uint64_t{1} << (at % 64); }
  bool has(std::size_t at) const noexcept { return (words_[at / 64] >> (at % 64) & 1) != 0; }

 private:
  std::uint64_t* words_;
};

template <std::size_t Count>
class FieldWords {
 public:
  FieldSet set() noexcept { return FieldSet(words_.data()); }
  // Whether all fields are in the set.
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

// Lists and maps change places with those of the new message, which then ends with theirs.
template <typename T>
[[gnu::noinline, gnu::cold]] void move_value(void* from, T& to) {
  if constexpr (List<T> || Map<T>) {
    to.swap(*static_cast<T*>(from));
  } else {
    to = std::move(*static_cast<T*>(from));
  }
}

// For a value on the heap of which only the address is known.
template <typename T>
void* create_value() {
  return new T();
}
template <typename T>
void destroy_value(void* value) noexcept {
  delete static_cast<T*>(value);
}

// Gives each member that is not in `seen` the value it has in a new message. That is made when it
// is needed: not for optionals and unions, which are emptied. It knows the message by its address
// only, so that there is one of this for all.
class ResetAbsent {
 public:
  using Fresh = std::unique_ptr<void, void (*)(void*)>;

  ResetAbsent(FieldSet seen, const void* message, void* (*create)(), void (*destroy)(void*))
      : seen_(seen), message_(message), create_(create), fresh_(nullptr, destroy) {}

  template <typename T>
  [[gnu::cold]] bool operator()(const Field&, T& member) {
    if (!seen_.has(at_++)) {
      if constexpr (Optional<T>) {
        member.reset();
      } else {
        move_value(fresh_member(&member), member);
      }
    }
    return true;
  }
  template <std::size_t Index, typename Variant>
  [[gnu::cold]] bool operator()(const UnionField<Index>&, Variant& variant) {
    if (!seen_.has(at_++) && variant.index() == Index) variant.template emplace<0>();
    return true;
  }

 private:
  // The new message's member where the message's lies at `member`.
  void* fresh_member(const void* member) {
    if (fresh_ == nullptr) fresh_.reset(create_());
    return static_cast<std::byte*>(fresh_.get()) +
           (static_cast<const std::byte*>(member) - static_cast<const std::byte*>(message_));
  }

  FieldSet seen_;
  const void* message_;
  void* (*create_)();
  Fresh fresh_;
  std::size_t at_ = 0;
};

template <Message T>
[[gnu::noinline, gnu::cold]] void reset_absent(T& message, FieldSet seen) {
  ResetAbsent reset(seen, &message, &create_value<T>, &destroy_value<T>);
  T::visit_fields(message, reset);
}

}  // namespace tern::codec
