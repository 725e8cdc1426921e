// The vocabulary of generated messages: fields, boxes for recursion, time.
#pragma once

#include <array>
#include <chrono>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <string_view>
#include <type_traits>
#include <utility>

#include "tern/version.h"

namespace tern {

// Nanoseconds since 1970-01-01T00:00:00Z, leap seconds not counted.
using Timestamp = std::chrono::time_point<std::chrono::system_clock, std::chrono::nanoseconds>;
using Duration = std::chrono::nanoseconds;

// How an integer is written in protobuf, given by [proto = …]. Other codecs do not look at it.
enum class ProtoForm : std::uint8_t {
  kVarint,  // int32, uint64 …: small numbers are short, negative ones ten bytes
  kZigzag,  // sint32, sint64: small numbers are short, whatever their sign
  kFixed    // fixed32, sfixed64 …: always four or eight bytes
};

// A field as visit_fields hands it to a codec, beside the member itself.
struct Field {
  std::uint16_t number;                  // 1 to 1000, unique in the message
  std::string_view name;                 // in JSON, gob and every codec that goes by name
  bool renamed = false;                  // the name was given by [name = "…"]
  bool has_default = false;              // another one than zero, given by [default = …]
  ProtoForm proto = ProtoForm::kVarint;  // of the integer, or those in a list, or a map's values
  ProtoForm proto_key = ProtoForm::kVarint;  // of a map's keys
};

// A member of a union: visited with the whole variant, of which it is alternative `Index`.
// Alternative 0 is std::monostate: no member is set. An alternative can be a tern::Indirect of the
// member's type (tern/codegen/union.h).
template <std::size_t Index>
struct UnionField {
  Field field;
};

// Numbers, but no characters.
template <typename T>
concept Number =
    std::is_arithmetic_v<T> && !std::is_same_v<T, char> && !std::is_same_v<T, wchar_t> &&
    !std::is_same_v<T, char8_t> && !std::is_same_v<T, char16_t> && !std::is_same_v<T, char32_t>;

// Whether To has every value of From. A message of one number has a constructor that takes these:
// `Count(7)` for an int64, and not `Count(2.5)`, `Count('x')` or `Flag("abc")`.
template <typename From, typename To>
concept FitsIn = std::is_same_v<From, To> ||
    (Number<From> && !std::is_same_v<From, bool> && !std::is_same_v<To, bool> &&
     std::numeric_limits<From>::digits <= std::numeric_limits<To>::digits &&
     (std::is_signed_v<To> || !std::is_signed_v<From>)&&(std::is_integral_v<From> ||
                                                         !std::is_integral_v<To>));

// The argument of a method without one, and the reply of a method without a result.
struct Nothing {
  static constexpr std::string_view kTypeName = "nothing";
  static constexpr std::array<Field, 0> kFields{};
  Nothing() = default;
  template <typename Self, typename Visitor>
  static constexpr bool visit_fields(Self&, Visitor&) {
    return true;
  }
  bool operator==(const Nothing&) const { return true; }
};

// An optional T on the heap, for a message that contains itself. Copies copy the value; two boxes
// are equal if both are empty or their values are equal.
template <typename T>
class Boxed {
 public:
  Boxed() noexcept = default;
  Boxed(T value) : value_(std::make_unique<T>(std::move(value))) {}  // NOLINT
  Boxed(const Boxed& other) : value_(other.value_ ? std::make_unique<T>(*other.value_) : nullptr) {}
  Boxed(Boxed&&) noexcept = default;
  Boxed& operator=(const Boxed& other) {
    if (this != &other) *this = Boxed(other);
    return *this;
  }
  Boxed& operator=(Boxed&&) noexcept = default;
  ~Boxed() = default;

  bool has_value() const noexcept { return value_ != nullptr; }
  explicit operator bool() const noexcept { return has_value(); }
  T& operator*() { return *value_; }
  const T& operator*() const { return *value_; }
  T* operator->() { return value_.get(); }
  const T* operator->() const { return value_.get(); }

  T& emplace() {
    value_ = std::make_unique<T>();
    return *value_;
  }
  void reset() noexcept { value_.reset(); }

  friend bool operator==(const Boxed& a, const Boxed& b) {
    return a.value_ && b.value_ ? *a.value_ == *b.value_ : !a.value_ && !b.value_;
  }
  // An empty one comes first. Of a T that is [ordered] in the IDL.
  friend std::strong_ordering operator<=>(const Boxed& a, const Boxed& b) {
    return a.value_ && b.value_ ? *a.value_ <=> *b.value_ : !!a.value_ <=> !!b.value_;
  }

 private:
  std::unique_ptr<T> value_;
};

}  // namespace tern
