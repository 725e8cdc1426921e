// Messages as rpcgen writes them, by hand, so that the codecs can be tested without it.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "tern/field.h"

namespace sample {

enum class Color : std::int32_t { kRed = 0, kGreen = 1, kBlue = -7 };

inline std::string_view enum_name(Color value) {
  switch (value) {
    case Color::kRed:
      return "Red";
    case Color::kGreen:
      return "Green";
    case Color::kBlue:
      return "Blue";
  }
  return "";
}
inline bool enum_value(std::string_view name, Color& out) {
  for (const Color value : {Color::kRed, Color::kGreen, Color::kBlue}) {
    if (enum_name(value) == name) {
      out = value;
      return true;
    }
  }
  return false;
}

struct Args {
  static constexpr std::string_view kTypeName = "arith.Args";
  static constexpr std::array<tern::Field, 2> kFields{{{1, "A"}, {2, "B"}}};

  std::int64_t A = 0;
  std::int64_t B = 0;

  Args() = default;
  Args(std::int64_t A_in, std::int64_t B_in) : A(A_in), B(B_in) {}

  template <typename Self, typename Visitor>
  static constexpr bool visit_fields(Self& self, Visitor& visit) {
    return visit(kFields[0], self.A) && visit(kFields[1], self.B);
  }
  bool operator==(const Args&) const = default;
};

struct Empty {
  static constexpr std::string_view kTypeName = "sample.Empty";
  static constexpr std::array<tern::Field, 0> kFields{};

  Empty() = default;

  template <typename Self, typename Visitor>
  static constexpr bool visit_fields(Self&, Visitor&) {
    return true;
  }
  bool operator==(const Empty&) const = default;
};

struct Point {
  static constexpr std::string_view kTypeName = "sample.Point";
  static constexpr std::array<tern::Field, 2> kFields{{{1, "x"}, {2, "y"}}};

  std::int32_t x = 0;
  std::int32_t y = 0;

  Point() = default;
  Point(std::int32_t x_in, std::int32_t y_in) : x(x_in), y(y_in) {}

  template <typename Self, typename Visitor>
  static constexpr bool visit_fields(Self& self, Visitor& visit) {
    return visit(kFields[0], self.x) && visit(kFields[1], self.y);
  }
  bool operator==(const Point&) const = default;
};

struct Circle {
  static constexpr std::string_view kTypeName = "sample.Circle";
  static constexpr std::array<tern::Field, 2> kFields{{{1, "center"}, {2, "radius", false, true}}};

  Point center;
  double radius = 1;

  Circle() = default;
  Circle(Point center_in, double radius_in) : center(center_in), radius(radius_in) {}

  template <typename Self, typename Visitor>
  static constexpr bool visit_fields(Self& self, Visitor& visit) {
    return visit(kFields[0], self.center) && visit(kFields[1], self.radius);
  }
  bool operator==(const Circle&) const = default;
};

// One field of each scalar, with defaults on some.
struct Scalars {
  static constexpr std::string_view kTypeName = "sample.Scalars";
  static constexpr std::array<tern::Field, 12> kFields{{{1, "flag", false, true},
                                                        {2, "small", false, true},
                                                        {3, "big"},
                                                        {4, "usmall"},
                                                        {5, "ubig"},
                                                        {6, "single"},
                                                        {7, "real", false, true},
                                                        {8, "text", false, true},
                                                        {9, "raw"},
                                                        {10, "when"},
                                                        {11, "took"},
                                                        {12, "Colour", true, true}}};

  bool flag = true;
  std::int32_t small = -5;
  std::int64_t big = 0;
  std::uint32_t usmall = 0;
  std::uint64_t ubig = 0;
  float single = 0;
  double real = 0.5;
  std::string text = "none";
  std::vector<std::byte> raw;
  tern::Timestamp when{};
  tern::Duration took{};
  Color color = Color::kGreen;

  Scalars() = default;

  template <typename Self, typename Visitor>
  static constexpr bool visit_fields(Self& self, Visitor& visit) {
    return visit(kFields[0], self.flag) && visit(kFields[1], self.small) &&
           visit(kFields[2], self.big) && visit(kFields[3], self.usmall) &&
           visit(kFields[4], self.ubig) && visit(kFields[5], self.single) &&
           visit(kFields[6], self.real) && visit(kFields[7], self.text) &&
           visit(kFields[8], self.raw) && visit(kFields[9], self.when) &&
           visit(kFields[10], self.took) && visit(kFields[11], self.color);
  }
  bool operator==(const Scalars&) const = default;
};

// Lists and maps of everything.
struct Containers {
  static constexpr std::string_view kTypeName = "sample.Containers";
  static constexpr std::array<tern::Field, 14> kFields{{{1, "flags"},
                                                        {2, "smalls"},
                                                        {3, "bigs"},
                                                        {4, "reals"},
                                                        {5, "texts"},
                                                        {6, "raws"},
                                                        {7, "times"},
                                                        {8, "colors"},
                                                        {9, "points"},
                                                        {10, "nested"},
                                                        {11, "weights"},
                                                        {12, "names"},
                                                        {13, "by_flag"},
                                                        {14, "groups"}}};

  std::vector<bool> flags;
  std::vector<std::int32_t> smalls;
  std::vector<std::uint64_t> bigs;
  std::vector<double> reals;
  std::vector<std::string> texts;
  std::vector<std::vector<std::byte>> raws;
  std::vector<tern::Timestamp> times;
  std::vector<Color> colors;
  std::vector<Point> points;
  std::vector<std::vector<std::int64_t>> nested;
  std::map<std::string, double> weights;
  std::map<std::int32_t, std::string> names;
  std::map<bool, Color> by_flag;
  std::map<std::uint64_t, std::map<std::string, std::vector<Point>>> groups;

  Containers() = default;

  template <typename Self, typename Visitor>
  static constexpr bool visit_fields(Self& self, Visitor& visit) {
    return visit(kFields[0], self.flags) && visit(kFields[1], self.smalls) &&
           visit(kFields[2], self.bigs) && visit(kFields[3], self.reals) &&
           visit(kFields[4], self.texts) && visit(kFields[5], self.raws) &&
           visit(kFields[6], self.times) && visit(kFields[7], self.colors) &&
           visit(kFields[8], self.points) && visit(kFields[9], self.nested) &&
           visit(kFields[10], self.weights) && visit(kFields[11], self.names) &&
           visit(kFields[12], self.by_flag) && visit(kFields[13], self.groups);
  }
  bool operator==(const Containers&) const = default;
};

// Optionals of each class, two unions whose members' numbers interleave, a gap in the numbers.
struct Choices {
  static constexpr std::string_view kTypeName = "sample.Choices";
  static constexpr std::array<tern::Field, 11> kFields{{{1, "note"},
                                                        {2, "count"},
                                                        {3, "total"},
                                                        {4, "flag"},
                                                        {6, "circle"},
                                                        {7, "square"},
                                                        {8, "id"},
                                                        {9, "number"},
                                                        {10, "label"},
                                                        {11, "tags"},
                                                        {20, "other"}}};

  std::optional<std::string> note;
  std::optional<std::int32_t> count;
  std::optional<std::uint64_t> total;
  std::optional<bool> flag;
  std::variant<std::monostate, Circle, double, std::string> body;
  std::int64_t id = 0;
  std::variant<std::monostate, std::int32_t, Circle> more;
  std::optional<std::vector<std::string>> tags;

  Choices() = default;

  template <typename Self, typename Visitor>
  static constexpr bool visit_fields(Self& self, Visitor& visit) {
    return visit(kFields[0], self.note) && visit(kFields[1], self.count) &&
           visit(kFields[2], self.total) && visit(kFields[3], self.flag) &&
           visit(tern::UnionField<1>{kFields[4]}, self.body) &&
           visit(tern::UnionField<2>{kFields[5]}, self.body) && visit(kFields[6], self.id) &&
           visit(tern::UnionField<1>{kFields[7]}, self.more) &&
           visit(tern::UnionField<3>{kFields[8]}, self.body) && visit(kFields[9], self.tags) &&
           visit(tern::UnionField<2>{kFields[10]}, self.more);
  }
  bool operator==(const Choices&) const = default;
};

// Contains itself in each way that is allowed.
struct Tree {
  static constexpr std::string_view kTypeName = "sample.Tree";
  static constexpr std::array<tern::Field, 4> kFields{
      {{1, "value"}, {2, "next"}, {3, "children"}, {4, "named"}}};

  std::int32_t value = 0;
  tern::Boxed<Tree> next;
  std::vector<Tree> children;
  std::map<std::string, Tree> named;

  Tree() = default;

  template <typename Self, typename Visitor>
  static constexpr bool visit_fields(Self& self, Visitor& visit) {
    return visit(kFields[0], self.value) && visit(kFields[1], self.next) &&
           visit(kFields[2], self.children) && visit(kFields[3], self.named);
  }
  bool operator==(const Tree&) const = default;
};

// The numbers at both ends.
struct Sparse {
  static constexpr std::string_view kTypeName = "sample.Sparse";
  static constexpr std::array<tern::Field, 3> kFields{{{4, "four"}, {5, "five"}, {1000, "last"}}};

  std::int32_t four = 0;
  std::string five;
  std::optional<std::int64_t> last;

  Sparse() = default;

  template <typename Self, typename Visitor>
  static constexpr bool visit_fields(Self& self, Visitor& visit) {
    return visit(kFields[0], self.four) && visit(kFields[1], self.five) &&
           visit(kFields[2], self.last);
  }
  bool operator==(const Sparse&) const = default;
};

}  // namespace sample
