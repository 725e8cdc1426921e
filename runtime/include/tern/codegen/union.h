// The vocabulary of messages with unions: members that lie on the heap, and how to call a function
// with the member that is set.
#pragma once

#include <compare>
#include <cstddef>
#include <memory>
#include <type_traits>
#include <utility>
#include <variant>

#include "tern/version.h"

namespace tern {

// A T on the heap, for a member of a union that leads back to the union's own message. It is a
// value: a copy copies the T, and two are equal if their values are. After a move it has no T; it
// may be destroyed, assigned to and compared then, and as a member of a union it counts as not set.
//
// Copying, comparing and destroying recurse, a level of stack for each level of the value. A value
// that was decoded is no deeper than Limits::depth. The depth of a value that the program builds is
// the program's own responsibility: a chain of a million overflows the stack when it is destroyed.
template <typename T>
class Indirect {
 public:
  Indirect() : value_(std::make_unique<T>()) {}
  explicit Indirect(const T& value) : value_(std::make_unique<T>(value)) {}
  explicit Indirect(T&& value) : value_(std::make_unique<T>(std::move(value))) {}
  Indirect(const Indirect& other)
      : value_(other.value_ ? std::make_unique<T>(*other.value_) : nullptr) {}
  Indirect(Indirect&&) noexcept = default;
  Indirect& operator=(const Indirect& other) {
    if (this != &other) *this = Indirect(other);
    return *this;
  }
  Indirect& operator=(Indirect&&) noexcept = default;
  ~Indirect() = default;

  // Null if the value was moved away.
  T* get() noexcept { return value_.get(); }
  const T* get() const noexcept { return value_.get(); }
  T& operator*() { return *value_; }
  const T& operator*() const { return *value_; }
  T* operator->() { return value_.get(); }
  const T* operator->() const { return value_.get(); }

  friend bool operator==(const Indirect& a, const Indirect& b) {
    return a.value_ && b.value_ ? *a.value_ == *b.value_ : !a.value_ && !b.value_;
  }
  friend std::strong_ordering operator<=>(const Indirect& a, const Indirect& b) {
    return a.value_ && b.value_ ? *a.value_ <=> *b.value_ : !!a.value_ <=> !!b.value_;
  }

 private:
  std::unique_ptr<T> value_;
};

template <typename T>
inline constexpr bool kIsIndirect = false;
template <typename T>
inline constexpr bool kIsIndirect<Indirect<T>> = true;

// As std::get_if, of an alternative that is an Indirect: its value, or null.
template <std::size_t Index, typename... Members>
auto* indirect_if(std::variant<Members...>* variant) noexcept {
  auto* member = std::get_if<Index>(variant);
  return member == nullptr ? nullptr : member->get();
}
template <std::size_t Index, typename... Members>
const auto* indirect_if(const std::variant<Members...>* variant) noexcept {
  const auto* member = std::get_if<Index>(variant);
  return member == nullptr ? nullptr : member->get();
}

// std::visit of a union's variant that sees the values of Indirect members, and std::monostate
// where no member is set. All calls have to have the same result type.
template <typename Visitor, typename Variant>
decltype(auto) visit_union(Visitor&& visitor, Variant& variant) {
  return std::visit(
      [&visitor](auto& member) -> decltype(auto) {
        if constexpr (kIsIndirect<std::remove_cvref_t<decltype(member)>>) {
          std::monostate none;
          if (member.get() == nullptr) return std::forward<Visitor>(visitor)(none);
          return std::forward<Visitor>(visitor)(*member);
        } else {
          return std::forward<Visitor>(visitor)(member);
        }
      },
      variant);
}

}  // namespace tern
