// Messages of awkward.rpc.
// Written by rpcgen 0.1.0: do not edit it, change awkward.rpc instead.
#pragma once

#include "tern/version.h"
#if TERN_CODEGEN_VERSION != 4
#error \
    "awkward.rpc.h: rpcgen 0.1.0 wrote this for codegen version 4 of Tern; run the rpcgen of this runtime"
#endif

#include <array>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <iosfwd>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

#include "tern/codegen/union.h"
#include "tern/field.h"

#include "common.rpc.h"

/// Names that mean something else in C++, or to the generated code.
namespace awkward::namespace_ {

inline constexpr std::int32_t kCallsMethods = 1;

enum class Color : std::int32_t {
  Red = 0,
  default_ = 1,
};

/// A value's name; "" for a number that has none here: a newer peer may send those.
constexpr std::string_view enum_name(Color value) noexcept {
  switch (value) {
    case Color::Red:
      return "Red";
    case Color::default_:
      return "default";
  }
  return "";
}

/// Finds the value of that name. False, with `value` as it was, if there is none.
constexpr bool enum_value(std::string_view name, Color& value) noexcept {
  for (Color each : {Color::Red, Color::default_}) {
    if (enum_name(each) == name) {
      value = each;
      return true;
    }
  }
  return false;
}

enum class name : std::int32_t {
  each = 0,
  value = 1,
};

/// A value's name; "" for a number that has none here: a newer peer may send those.
constexpr std::string_view enum_name(::awkward::namespace_::name value) noexcept {
  switch (value) {
    case ::awkward::namespace_::name::each:
      return "each";
    case ::awkward::namespace_::name::value:
      return "value";
  }
  return "";
}

/// Finds the value of that name. False, with `value` as it was, if there is none.
constexpr bool enum_value(std::string_view name, ::awkward::namespace_::name& value) noexcept {
  for (::awkward::namespace_::name each :
       {::awkward::namespace_::name::each, ::awkward::namespace_::name::value}) {
    if (enum_name(each) == name) {
      value = each;
      return true;
    }
  }
  return false;
}

struct Point {
  std::int32_t Color = 0;
  ::tests::common::Point Point_;

  Point() = default;
  constexpr Point(std::int32_t Color_, ::tests::common::Point Point_value)
      : Color(Color_), Point_(std::move(Point_value)) {}
  bool operator==(const Point&) const = default;
  friend std::ostream& operator<<(std::ostream&, const Point&);

  static constexpr std::string_view kTypeName = "awkward.namespace.Point";
  static constexpr std::array<tern::Field, 2> kFields{{{1, "Color"}, {2, "Point_"}}};
  template <typename Self, typename Visitor>
  static constexpr bool visit_fields(Self& self, Visitor& visit) {
    return visit(kFields[0], self.Color) && visit(kFields[1], self.Point_);
  }
};

/// Members called like their own types, and like what the generated functions use.
struct Members {
  using Body = std::variant<std::monostate, ::awkward::namespace_::Point, std::int32_t>;
  enum class BodyCase : std::size_t { kNone, kOperator, kNew };

  ::awkward::namespace_::Color Color = ::awkward::namespace_::Color::Red;
  ::awkward::namespace_::Point Point;
  ::awkward::namespace_::name name = ::awkward::namespace_::name::value;
  std::int32_t class_ = 0;
  std::int32_t class_value = 0;
  std::int32_t value = 0;
  std::int32_t other = 0;
  std::string self;
  std::string visit;
  std::int32_t std = 0;
  std::int32_t tern = 0;
  std::int32_t options = 0;
  Body body;

  Members() = default;
  constexpr Members(::awkward::namespace_::Color Color_, ::awkward::namespace_::Point Point_,
                    ::awkward::namespace_::name name_, std::int32_t class_valuevalue,
                    std::int32_t class_value_, std::int32_t value_, std::int32_t other_,
                    std::string self_, std::string visit_, std::int32_t std_, std::int32_t tern_,
                    std::int32_t options_, Body body_)
      : Color(Color_),
        Point(std::move(Point_)),
        name(name_),
        class_(class_valuevalue),
        class_value(class_value_),
        value(value_),
        other(other_),
        self(std::move(self_)),
        visit(std::move(visit_)),
        std(std_),
        tern(tern_),
        options(options_),
        body(std::move(body_)) {}
  bool operator==(const Members&) const = default;
  friend std::ostream& operator<<(std::ostream&, const Members&);

  /// Which member of `body` is set.
  BodyCase body_case() const noexcept { return static_cast<BodyCase>(body.index()); }
  const ::awkward::namespace_::Point* operator_() const noexcept { return std::get_if<1>(&body); }
  ::awkward::namespace_::Point* operator_() noexcept { return std::get_if<1>(&body); }
  ::awkward::namespace_::Point& set_operator(::awkward::namespace_::Point value_to_set) {
    return body.emplace<1>(std::move(value_to_set));
  }
  const std::int32_t* new_() const noexcept { return std::get_if<2>(&body); }
  std::int32_t* new_() noexcept { return std::get_if<2>(&body); }
  std::int32_t& set_new(std::int32_t value_to_set) { return body.emplace<2>(value_to_set); }
  /// Calls `visitor` with the member of `body` that is set, or with std::monostate.
  template <typename Visitor>
  decltype(auto) visit_body(Visitor&& visitor) const {
    return tern::visit_union(std::forward<Visitor>(visitor), body);
  }
  template <typename Visitor>
  decltype(auto) visit_body(Visitor&& visitor) {
    return tern::visit_union(std::forward<Visitor>(visitor), body);
  }

  static constexpr std::string_view kTypeName = "awkward.namespace.Members";
  static constexpr std::array<tern::Field, 14> kFields{{
      {1, "Color"},
      {2, "Point"},
      {3, "name", false, true},
      {4, "class"},
      {5, "class_value"},
      {6, "value"},
      {7, "other"},
      {8, "self"},
      {9, "visit"},
      {10, "std"},
      {11, "tern"},
      {12, "options"},
      {13, "operator"},
      {14, "new"},
  }};
  template <typename Self, typename Visitor>
  static constexpr bool visit_fields(Self& self, Visitor& visit) {
    return visit(kFields[0], self.Color) && visit(kFields[1], self.Point) &&
           visit(kFields[2], self.name) && visit(kFields[3], self.class_) &&
           visit(kFields[4], self.class_value) && visit(kFields[5], self.value) &&
           visit(kFields[6], self.other) && visit(kFields[7], self.self) &&
           visit(kFields[8], self.visit) && visit(kFields[9], self.std) &&
           visit(kFields[10], self.tern) && visit(kFields[11], self.options) &&
           visit(tern::UnionField<1>{kFields[12]}, self.body) &&
           visit(tern::UnionField<2>{kFields[13]}, self.body);
  }
};

struct Empty {
  Empty() = default;
  bool operator==(const Empty&) const = default;
  friend std::ostream& operator<<(std::ostream&, const Empty&);

  static constexpr std::string_view kTypeName = "awkward.namespace.Empty";
  static constexpr std::array<tern::Field, 0> kFields{};
  template <typename Self, typename Visitor>
  static constexpr bool visit_fields(Self&, Visitor&) {
    return true;
  }
};

struct argument {
  std::int32_t value = 0;

  argument() = default;
  template <tern::FitsIn<std::int32_t> Number>
  constexpr argument(Number value_) : value(value_) {}
  bool operator==(const argument&) const = default;
  friend std::ostream& operator<<(std::ostream&, const argument&);

  static constexpr std::string_view kTypeName = "awkward.namespace.argument";
  static constexpr std::array<tern::Field, 1> kFields{{{1, "value"}}};
  template <typename Self, typename Visitor>
  static constexpr bool visit_fields(Self& self, Visitor& visit) {
    return visit(kFields[0], self.value);
  }
};

struct context {
  std::int32_t x = 0;

  context() = default;
  template <tern::FitsIn<std::int32_t> Number>
  constexpr context(Number x_) : x(x_) {}
  bool operator==(const context&) const = default;
  friend std::ostream& operator<<(std::ostream&, const context&);

  static constexpr std::string_view kTypeName = "awkward.namespace.context";
  static constexpr std::array<tern::Field, 1> kFields{{{1, "x"}}};
  template <typename Self, typename Visitor>
  static constexpr bool visit_fields(Self& self, Visitor& visit) {
    return visit(kFields[0], self.x);
  }
};

struct call {
  std::int32_t x = 0;

  call() = default;
  template <tern::FitsIn<std::int32_t> Number>
  constexpr call(Number x_) : x(x_) {}
  bool operator==(const call&) const = default;
  friend std::ostream& operator<<(std::ostream&, const call&);

  static constexpr std::string_view kTypeName = "awkward.namespace.call";
  static constexpr std::array<tern::Field, 1> kFields{{{1, "x"}}};
  template <typename Self, typename Visitor>
  static constexpr bool visit_fields(Self& self, Visitor& visit) {
    return visit(kFields[0], self.x);
  }
};

}  // namespace awkward::namespace_
