// Messages of everything.rpc.
// Written by rpcgen 0.1.0: do not edit it, change everything.rpc instead.
#pragma once

#include "tern/version.h"
#if TERN_CODEGEN_VERSION != 4
#error \
    "everything.rpc.h: rpcgen 0.1.0 wrote this for codegen version 4 of Tern; run the rpcgen of this runtime"
#endif

#include <array>
#include <chrono>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <iosfwd>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "tern/codegen/union.h"
#include "tern/field.h"
#include "tern/status.h"

#include "common.rpc.h"

// Users of what is deprecated here are warned; this file is not.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"

/// Every construct of the language.
///
/// Generators, codecs and schemas are tested with it, so it only grows.
namespace tests::everything {

/// A doc comment in the other form.
inline constexpr bool kFlag = true;
inline constexpr std::int32_t kSmallest = -2147483648;
inline constexpr std::int64_t kSmallest64 = INT64_MIN;
inline constexpr std::uint32_t kMask = 4294967295u;
inline constexpr std::uint64_t kLargest = 18446744073709551615u;
inline constexpr float kHalf = 0.5f;
inline constexpr double kAvogadro = 6.02214076e+23;
inline constexpr std::string_view kGreeting = "Grüß \"Gott\"\n";

struct Wife;
struct Entry;

/// The three lights, and two that are none.
enum class Color : std::int32_t {
  Red = 0,
  Green = 1,
  Blue [[deprecated]] = 2,
  Ultraviolet = 2147483647,
  Infrared = -2147483648,
};

/// A value's name; "" for a number that has none here: a newer peer may send those.
constexpr std::string_view enum_name(Color value) noexcept {
  switch (value) {
    case Color::Red:
      return "Red";
    case Color::Green:
      return "Green";
    case Color::Blue:
      return "Blue";
    case Color::Ultraviolet:
      return "Ultraviolet";
    case Color::Infrared:
      return "Infrared";
  }
  return "";
}

/// Finds the value of that name. False, with `value` as it was, if there is none.
constexpr bool enum_value(std::string_view name, Color& value) noexcept {
  for (Color each : {Color::Red, Color::Green, Color::Blue, Color::Ultraviolet, Color::Infrared}) {
    if (enum_name(each) == name) {
      value = each;
      return true;
    }
  }
  return false;
}

/// A scale without a zero and with words that C++ keeps.
enum class [[deprecated]] Scale : std::int32_t {
  int_ = 1,
  double_ = 2,
  default_ = 3,
};

/// A value's name; "" for a number that has none here: a newer peer may send those.
constexpr std::string_view enum_name(Scale value) noexcept {
  switch (value) {
    case Scale::int_:
      return "int";
    case Scale::double_:
      return "double";
    case Scale::default_:
      return "default";
  }
  return "";
}

/// Finds the value of that name. False, with `value` as it was, if there is none.
constexpr bool enum_value(std::string_view name, Scale& value) noexcept {
  for (Scale each : {Scale::int_, Scale::double_, Scale::default_}) {
    if (enum_name(each) == name) {
      value = each;
      return true;
    }
  }
  return false;
}

/// One field of every scalar type.
struct Scalars {
  bool flag = false;
  std::int32_t i32 = 0;
  std::int64_t i64 = 0;
  std::uint32_t u32 = 0;
  std::uint64_t u64 = 0;
  float f32 = 0;
  double f64 = 0;
  std::string text;
  std::vector<std::byte> blob;
  tern::Timestamp at{};
  tern::Duration lasts{};
  Color color = Color::Red;

  Scalars() = default;
  constexpr Scalars(bool flag_, std::int32_t i32_, std::int64_t i64_, std::uint32_t u32_,
                    std::uint64_t u64_, float f32_, double f64_, std::string text_,
                    std::vector<std::byte> blob_, tern::Timestamp at_, tern::Duration lasts_,
                    Color color_)
      : flag(flag_),
        i32(i32_),
        i64(i64_),
        u32(u32_),
        u64(u64_),
        f32(f32_),
        f64(f64_),
        text(std::move(text_)),
        blob(std::move(blob_)),
        at(at_),
        lasts(lasts_),
        color(color_) {}
  bool operator==(const Scalars&) const = default;
  friend std::ostream& operator<<(std::ostream&, const Scalars&);

  static constexpr std::string_view kTypeName = "tests.everything.Scalars";
  static constexpr std::array<tern::Field, 12> kFields{{
      {1, "flag"},
      {2, "i32"},
      {3, "i64"},
      {4, "u32"},
      {5, "u64"},
      {6, "f32"},
      {7, "f64"},
      {8, "text"},
      {9, "blob"},
      {10, "at"},
      {11, "lasts"},
      {12, "color"},
  }};
  template <typename Self, typename Visitor>
  static constexpr bool visit_fields(Self& self, Visitor& visit) {
    return visit(kFields[0], self.flag) && visit(kFields[1], self.i32) &&
           visit(kFields[2], self.i64) && visit(kFields[3], self.u32) &&
           visit(kFields[4], self.u64) && visit(kFields[5], self.f32) &&
           visit(kFields[6], self.f64) && visit(kFields[7], self.text) &&
           visit(kFields[8], self.blob) && visit(kFields[9], self.at) &&
           visit(kFields[10], self.lasts) && visit(kFields[11], self.color);
  }
};

/// Each of them, or nothing.
struct Optionals {
  std::optional<bool> flag;
  std::optional<std::int32_t> i32;
  std::optional<std::int64_t> i64;
  std::optional<std::uint32_t> u32;
  std::optional<std::uint64_t> u64;
  std::optional<float> f32;
  std::optional<double> f64;
  std::optional<std::string> text;
  std::optional<std::vector<std::byte>> blob;
  std::optional<tern::Timestamp> at;
  std::optional<tern::Duration> lasts;
  std::optional<Color> color;
  std::optional<Scalars> scalars;
  std::optional<std::vector<std::int64_t>> numbers;
  std::optional<std::map<std::string, std::string>> names;

  Optionals() = default;
  Optionals(std::optional<bool> flag_, std::optional<std::int32_t> i32_,
            std::optional<std::int64_t> i64_, std::optional<std::uint32_t> u32_,
            std::optional<std::uint64_t> u64_, std::optional<float> f32_,
            std::optional<double> f64_, std::optional<std::string> text_,
            std::optional<std::vector<std::byte>> blob_, std::optional<tern::Timestamp> at_,
            std::optional<tern::Duration> lasts_, std::optional<Color> color_,
            std::optional<Scalars> scalars_, std::optional<std::vector<std::int64_t>> numbers_,
            std::optional<std::map<std::string, std::string>> names_)
      : flag(flag_),
        i32(i32_),
        i64(i64_),
        u32(u32_),
        u64(u64_),
        f32(f32_),
        f64(f64_),
        text(std::move(text_)),
        blob(std::move(blob_)),
        at(at_),
        lasts(lasts_),
        color(color_),
        scalars(std::move(scalars_)),
        numbers(std::move(numbers_)),
        names(std::move(names_)) {}
  bool operator==(const Optionals&) const = default;
  friend std::ostream& operator<<(std::ostream&, const Optionals&);

  static constexpr std::string_view kTypeName = "tests.everything.Optionals";
  static constexpr std::array<tern::Field, 15> kFields{{
      {1, "flag"},
      {2, "i32"},
      {3, "i64"},
      {4, "u32"},
      {5, "u64"},
      {6, "f32"},
      {7, "f64"},
      {8, "text"},
      {9, "blob"},
      {10, "at"},
      {11, "lasts"},
      {12, "color"},
      {13, "scalars"},
      {14, "numbers"},
      {15, "names"},
  }};
  template <typename Self, typename Visitor>
  static constexpr bool visit_fields(Self& self, Visitor& visit) {
    return visit(kFields[0], self.flag) && visit(kFields[1], self.i32) &&
           visit(kFields[2], self.i64) && visit(kFields[3], self.u32) &&
           visit(kFields[4], self.u64) && visit(kFields[5], self.f32) &&
           visit(kFields[6], self.f64) && visit(kFields[7], self.text) &&
           visit(kFields[8], self.blob) && visit(kFields[9], self.at) &&
           visit(kFields[10], self.lasts) && visit(kFields[11], self.color) &&
           visit(kFields[12], self.scalars) && visit(kFields[13], self.numbers) &&
           visit(kFields[14], self.names);
  }
};

struct Lists {
  std::vector<bool> flags;
  std::vector<std::int32_t> i32s;
  std::vector<std::int64_t> i64s;
  std::vector<std::uint32_t> u32s;
  std::vector<std::uint64_t> u64s;
  std::vector<float> f32s;
  std::vector<double> f64s;
  std::vector<std::string> texts;
  std::vector<std::vector<std::byte>> blobs;
  std::vector<tern::Timestamp> times;
  std::vector<tern::Duration> spans;
  std::vector<Color> colors;
  std::vector<Scalars> structs;
  std::vector<std::vector<std::int32_t>> matrix;
  std::vector<std::vector<std::vector<std::string>>> cube;
  std::vector<std::map<std::string, std::int32_t>> tables;

  Lists() = default;
  Lists(std::vector<bool> flags_, std::vector<std::int32_t> i32s_, std::vector<std::int64_t> i64s_,
        std::vector<std::uint32_t> u32s_, std::vector<std::uint64_t> u64s_,
        std::vector<float> f32s_, std::vector<double> f64s_, std::vector<std::string> texts_,
        std::vector<std::vector<std::byte>> blobs_, std::vector<tern::Timestamp> times_,
        std::vector<tern::Duration> spans_, std::vector<Color> colors_,
        std::vector<Scalars> structs_, std::vector<std::vector<std::int32_t>> matrix_,
        std::vector<std::vector<std::vector<std::string>>> cube_,
        std::vector<std::map<std::string, std::int32_t>> tables_)
      : flags(std::move(flags_)),
        i32s(std::move(i32s_)),
        i64s(std::move(i64s_)),
        u32s(std::move(u32s_)),
        u64s(std::move(u64s_)),
        f32s(std::move(f32s_)),
        f64s(std::move(f64s_)),
        texts(std::move(texts_)),
        blobs(std::move(blobs_)),
        times(std::move(times_)),
        spans(std::move(spans_)),
        colors(std::move(colors_)),
        structs(std::move(structs_)),
        matrix(std::move(matrix_)),
        cube(std::move(cube_)),
        tables(std::move(tables_)) {}
  bool operator==(const Lists&) const = default;
  friend std::ostream& operator<<(std::ostream&, const Lists&);

  static constexpr std::string_view kTypeName = "tests.everything.Lists";
  static constexpr std::array<tern::Field, 16> kFields{{
      {1, "flags"},
      {2, "i32s"},
      {3, "i64s"},
      {4, "u32s"},
      {5, "u64s"},
      {6, "f32s"},
      {7, "f64s"},
      {8, "texts"},
      {9, "blobs"},
      {10, "times"},
      {11, "spans"},
      {12, "colors"},
      {13, "structs"},
      {14, "matrix"},
      {15, "cube"},
      {16, "tables"},
  }};
  template <typename Self, typename Visitor>
  static constexpr bool visit_fields(Self& self, Visitor& visit) {
    return visit(kFields[0], self.flags) && visit(kFields[1], self.i32s) &&
           visit(kFields[2], self.i64s) && visit(kFields[3], self.u32s) &&
           visit(kFields[4], self.u64s) && visit(kFields[5], self.f32s) &&
           visit(kFields[6], self.f64s) && visit(kFields[7], self.texts) &&
           visit(kFields[8], self.blobs) && visit(kFields[9], self.times) &&
           visit(kFields[10], self.spans) && visit(kFields[11], self.colors) &&
           visit(kFields[12], self.structs) && visit(kFields[13], self.matrix) &&
           visit(kFields[14], self.cube) && visit(kFields[15], self.tables);
  }
};

struct Maps {
  std::map<bool, std::string> by_bool;
  std::map<std::int32_t, std::string> by_i32;
  std::map<std::int64_t, std::string> by_i64;
  std::map<std::uint32_t, std::string> by_u32;
  std::map<std::uint64_t, std::string> by_u64;
  std::map<std::string, double> by_string;
  std::map<std::string, std::vector<std::byte>> blobs;
  std::map<std::string, Color> colors;
  std::map<std::string, Scalars> structs;
  std::map<std::string, std::vector<std::int64_t>> lists;
  std::map<std::int32_t, std::map<std::string, std::vector<Color>>> deep;
  std::map<std::string, tern::Timestamp> times;

  Maps() = default;
  Maps(std::map<bool, std::string> by_bool_, std::map<std::int32_t, std::string> by_i32_,
       std::map<std::int64_t, std::string> by_i64_, std::map<std::uint32_t, std::string> by_u32_,
       std::map<std::uint64_t, std::string> by_u64_, std::map<std::string, double> by_string_,
       std::map<std::string, std::vector<std::byte>> blobs_, std::map<std::string, Color> colors_,
       std::map<std::string, Scalars> structs_,
       std::map<std::string, std::vector<std::int64_t>> lists_,
       std::map<std::int32_t, std::map<std::string, std::vector<Color>>> deep_,
       std::map<std::string, tern::Timestamp> times_)
      : by_bool(std::move(by_bool_)),
        by_i32(std::move(by_i32_)),
        by_i64(std::move(by_i64_)),
        by_u32(std::move(by_u32_)),
        by_u64(std::move(by_u64_)),
        by_string(std::move(by_string_)),
        blobs(std::move(blobs_)),
        colors(std::move(colors_)),
        structs(std::move(structs_)),
        lists(std::move(lists_)),
        deep(std::move(deep_)),
        times(std::move(times_)) {}
  bool operator==(const Maps&) const = default;
  friend std::ostream& operator<<(std::ostream&, const Maps&);

  static constexpr std::string_view kTypeName = "tests.everything.Maps";
  static constexpr std::array<tern::Field, 12> kFields{{
      {1, "by_bool"},
      {2, "by_i32"},
      {3, "by_i64"},
      {4, "by_u32"},
      {5, "by_u64"},
      {6, "by_string"},
      {7, "blobs"},
      {8, "colors"},
      {9, "structs"},
      {10, "lists"},
      {11, "deep"},
      {12, "times"},
  }};
  template <typename Self, typename Visitor>
  static constexpr bool visit_fields(Self& self, Visitor& visit) {
    return visit(kFields[0], self.by_bool) && visit(kFields[1], self.by_i32) &&
           visit(kFields[2], self.by_i64) && visit(kFields[3], self.by_u32) &&
           visit(kFields[4], self.by_u64) && visit(kFields[5], self.by_string) &&
           visit(kFields[6], self.blobs) && visit(kFields[7], self.colors) &&
           visit(kFields[8], self.structs) && visit(kFields[9], self.lists) &&
           visit(kFields[10], self.deep) && visit(kFields[11], self.times);
  }
};

/// Integers in the forms that protobuf has besides.
struct Forms {
  using Either = std::variant<std::monostate, std::int32_t, std::uint64_t, std::int64_t>;
  enum class EitherCase : std::size_t { kNone, kZigzag, kWhole, kPlain };

  std::int32_t sint32 = 0;
  std::int64_t sint64 = 0;
  std::uint32_t fixed32 = 0;
  std::uint64_t fixed64 = 0;
  std::int32_t sfixed32 = 0;
  std::int64_t sfixed64 = 0;
  std::optional<std::int64_t> perhaps;
  std::vector<std::int32_t> sint32s;
  std::vector<std::int64_t> sint64s;
  std::vector<std::uint32_t> fixed32s;
  std::vector<std::uint64_t> fixed64s;
  std::vector<std::int32_t> sfixed32s;
  std::vector<std::int64_t> sfixed64s;
  std::map<std::int32_t, std::int32_t> by_sint32;
  std::map<std::int64_t, std::int64_t> by_sint64;
  std::map<std::uint32_t, std::uint32_t> by_fixed32;
  std::map<std::uint64_t, std::string> by_fixed64;
  std::map<std::int32_t, std::int64_t> by_sfixed32;
  std::map<std::string, std::vector<std::int64_t>> lists;
  std::vector<std::vector<std::uint32_t>> nested;
  Either either;

  Forms() = default;
  Forms(std::int32_t sint32_, std::int64_t sint64_, std::uint32_t fixed32_, std::uint64_t fixed64_,
        std::int32_t sfixed32_, std::int64_t sfixed64_, std::optional<std::int64_t> perhaps_,
        std::vector<std::int32_t> sint32s_, std::vector<std::int64_t> sint64s_,
        std::vector<std::uint32_t> fixed32s_, std::vector<std::uint64_t> fixed64s_,
        std::vector<std::int32_t> sfixed32s_, std::vector<std::int64_t> sfixed64s_,
        std::map<std::int32_t, std::int32_t> by_sint32_,
        std::map<std::int64_t, std::int64_t> by_sint64_,
        std::map<std::uint32_t, std::uint32_t> by_fixed32_,
        std::map<std::uint64_t, std::string> by_fixed64_,
        std::map<std::int32_t, std::int64_t> by_sfixed32_,
        std::map<std::string, std::vector<std::int64_t>> lists_,
        std::vector<std::vector<std::uint32_t>> nested_, Either either_)
      : sint32(sint32_),
        sint64(sint64_),
        fixed32(fixed32_),
        fixed64(fixed64_),
        sfixed32(sfixed32_),
        sfixed64(sfixed64_),
        perhaps(perhaps_),
        sint32s(std::move(sint32s_)),
        sint64s(std::move(sint64s_)),
        fixed32s(std::move(fixed32s_)),
        fixed64s(std::move(fixed64s_)),
        sfixed32s(std::move(sfixed32s_)),
        sfixed64s(std::move(sfixed64s_)),
        by_sint32(std::move(by_sint32_)),
        by_sint64(std::move(by_sint64_)),
        by_fixed32(std::move(by_fixed32_)),
        by_fixed64(std::move(by_fixed64_)),
        by_sfixed32(std::move(by_sfixed32_)),
        lists(std::move(lists_)),
        nested(std::move(nested_)),
        either(std::move(either_)) {}
  bool operator==(const Forms&) const = default;
  friend std::ostream& operator<<(std::ostream&, const Forms&);

  /// Which member of `either` is set.
  EitherCase either_case() const noexcept { return static_cast<EitherCase>(either.index()); }
  const std::int32_t* zigzag() const noexcept { return std::get_if<1>(&either); }
  std::int32_t* zigzag() noexcept { return std::get_if<1>(&either); }
  std::int32_t& set_zigzag(std::int32_t value) { return either.emplace<1>(value); }
  const std::uint64_t* whole() const noexcept { return std::get_if<2>(&either); }
  std::uint64_t* whole() noexcept { return std::get_if<2>(&either); }
  std::uint64_t& set_whole(std::uint64_t value) { return either.emplace<2>(value); }
  const std::int64_t* plain() const noexcept { return std::get_if<3>(&either); }
  std::int64_t* plain() noexcept { return std::get_if<3>(&either); }
  std::int64_t& set_plain(std::int64_t value) { return either.emplace<3>(value); }
  /// Calls `visitor` with the member of `either` that is set, or with std::monostate.
  template <typename Visitor>
  decltype(auto) visit_either(Visitor&& visitor) const {
    return tern::visit_union(std::forward<Visitor>(visitor), either);
  }
  template <typename Visitor>
  decltype(auto) visit_either(Visitor&& visitor) {
    return tern::visit_union(std::forward<Visitor>(visitor), either);
  }

  static constexpr std::string_view kTypeName = "tests.everything.Forms";
  static constexpr std::array<tern::Field, 23> kFields{{
      {1, "sint32", false, false, tern::ProtoForm::kZigzag},
      {2, "sint64", false, false, tern::ProtoForm::kZigzag},
      {3, "fixed32", false, false, tern::ProtoForm::kFixed},
      {4, "fixed64", false, false, tern::ProtoForm::kFixed},
      {5, "sfixed32", false, false, tern::ProtoForm::kFixed},
      {6, "sfixed64", false, false, tern::ProtoForm::kFixed},
      {7, "perhaps", false, false, tern::ProtoForm::kZigzag},
      {8, "sint32s", false, false, tern::ProtoForm::kZigzag},
      {9, "sint64s", false, false, tern::ProtoForm::kZigzag},
      {10, "fixed32s", false, false, tern::ProtoForm::kFixed},
      {11, "fixed64s", false, false, tern::ProtoForm::kFixed},
      {12, "sfixed32s", false, false, tern::ProtoForm::kFixed},
      {13, "sfixed64s", false, false, tern::ProtoForm::kFixed},
      {14, "by_sint32", false, false, tern::ProtoForm::kZigzag, tern::ProtoForm::kZigzag},
      {15, "by_sint64", false, false, tern::ProtoForm::kFixed, tern::ProtoForm::kZigzag},
      {16, "by_fixed32", false, false, tern::ProtoForm::kFixed, tern::ProtoForm::kFixed},
      {17, "by_fixed64", false, false, tern::ProtoForm::kVarint, tern::ProtoForm::kFixed},
      {18, "by_sfixed32", false, false, tern::ProtoForm::kVarint, tern::ProtoForm::kFixed},
      {19, "lists", false, false, tern::ProtoForm::kZigzag},
      {20, "nested", false, false, tern::ProtoForm::kFixed},
      {21, "zigzag", false, false, tern::ProtoForm::kZigzag},
      {22, "whole", false, false, tern::ProtoForm::kFixed},
      {23, "plain"},
  }};
  template <typename Self, typename Visitor>
  static constexpr bool visit_fields(Self& self, Visitor& visit) {
    return visit(kFields[0], self.sint32) && visit(kFields[1], self.sint64) &&
           visit(kFields[2], self.fixed32) && visit(kFields[3], self.fixed64) &&
           visit(kFields[4], self.sfixed32) && visit(kFields[5], self.sfixed64) &&
           visit(kFields[6], self.perhaps) && visit(kFields[7], self.sint32s) &&
           visit(kFields[8], self.sint64s) && visit(kFields[9], self.fixed32s) &&
           visit(kFields[10], self.fixed64s) && visit(kFields[11], self.sfixed32s) &&
           visit(kFields[12], self.sfixed64s) && visit(kFields[13], self.by_sint32) &&
           visit(kFields[14], self.by_sint64) && visit(kFields[15], self.by_fixed32) &&
           visit(kFields[16], self.by_fixed64) && visit(kFields[17], self.by_sfixed32) &&
           visit(kFields[18], self.lists) && visit(kFields[19], self.nested) &&
           visit(tern::UnionField<1>{kFields[20]}, self.either) &&
           visit(tern::UnionField<2>{kFields[21]}, self.either) &&
           visit(tern::UnionField<3>{kFields[22]}, self.either);
  }
};

/// What a field holds until somebody sets it.
struct Defaults {
  bool flag = true;
  std::int32_t i32 = -7;
  std::int64_t i64 = INT64_MIN;
  std::uint32_t u32 = 4294967295u;
  std::uint64_t u64 = 18446744073709551615u;
  float f32 = 1.5f;
  double f64 = 1e+100;
  std::string text = "a \"quoted\"\tword\\";
  tern::Duration lasts = std::chrono::milliseconds(500);
  tern::Duration back = std::chrono::seconds(-90);
  Color color = Color::Green;
  Color qualified = Color::Ultraviolet;
  std::int32_t tags = 8;
  double whole = 3.0;
  ::tests::common::Severity severity = ::tests::common::Severity::Critical;

  Defaults() = default;
  constexpr Defaults(bool flag_, std::int32_t i32_, std::int64_t i64_, std::uint32_t u32_,
                     std::uint64_t u64_, float f32_, double f64_, std::string text_,
                     tern::Duration lasts_, tern::Duration back_, Color color_, Color qualified_,
                     std::int32_t tags_, double whole_, ::tests::common::Severity severity_)
      : flag(flag_),
        i32(i32_),
        i64(i64_),
        u32(u32_),
        u64(u64_),
        f32(f32_),
        f64(f64_),
        text(std::move(text_)),
        lasts(lasts_),
        back(back_),
        color(color_),
        qualified(qualified_),
        tags(tags_),
        whole(whole_),
        severity(severity_) {}
  bool operator==(const Defaults&) const = default;
  friend std::ostream& operator<<(std::ostream&, const Defaults&);

  static constexpr std::string_view kTypeName = "tests.everything.Defaults";
  static constexpr std::array<tern::Field, 15> kFields{{
      {1, "flag", false, true},
      {2, "i32", false, true},
      {3, "i64", false, true},
      {4, "u32", false, true},
      {5, "u64", false, true},
      {6, "f32", false, true},
      {7, "f64", false, true},
      {8, "text", false, true},
      {9, "lasts", false, true},
      {10, "back", false, true},
      {11, "color", false, true},
      {12, "qualified", false, true},
      {13, "tags", false, true},
      {14, "whole", false, true},
      {15, "severity", false, true},
  }};
  template <typename Self, typename Visitor>
  static constexpr bool visit_fields(Self& self, Visitor& visit) {
    return visit(kFields[0], self.flag) && visit(kFields[1], self.i32) &&
           visit(kFields[2], self.i64) && visit(kFields[3], self.u32) &&
           visit(kFields[4], self.u64) && visit(kFields[5], self.f32) &&
           visit(kFields[6], self.f64) && visit(kFields[7], self.text) &&
           visit(kFields[8], self.lasts) && visit(kFields[9], self.back) &&
           visit(kFields[10], self.color) && visit(kFields[11], self.qualified) &&
           visit(kFields[12], self.tags) && visit(kFields[13], self.whole) &&
           visit(kFields[14], self.severity);
  }
};

/// Names that differ in JSON and gob, and one that is not used any more.
struct Renamed {
  std::string user_name;
  std::int32_t id = 0;
  std::string odd;
  [[deprecated]] std::string old;
  std::string fresh;

  Renamed() = default;
  constexpr Renamed(std::string user_name_, std::int32_t id_, std::string odd_, std::string old_,
                    std::string fresh_)
      : user_name(std::move(user_name_)),
        id(id_),
        odd(std::move(odd_)),
        old(std::move(old_)),
        fresh(std::move(fresh_)) {}
  bool operator==(const Renamed&) const = default;
  friend std::ostream& operator<<(std::ostream&, const Renamed&);

  static constexpr std::string_view kTypeName = "tests.everything.Renamed";
  static constexpr std::array<tern::Field, 5> kFields{{
      {1, "UserName", true},
      {2, "ID", true},
      {3, "with \"quotes\" and 😀", true},
      {4, "old"},
      {5, "given", true},
  }};
  template <typename Self, typename Visitor>
  static constexpr bool visit_fields(Self& self, Visitor& visit) {
    return visit(kFields[0], self.user_name) && visit(kFields[1], self.id) &&
           visit(kFields[2], self.odd) && visit(kFields[3], self.old) &&
           visit(kFields[4], self.fresh);
  }
};

struct Part {
  std::int32_t number = 0;

  Part() = default;
  template <tern::FitsIn<std::int32_t> Number>
  constexpr Part(Number number_) : number(number_) {}
  bool operator==(const Part&) const = default;
  std::strong_ordering operator<=>(const Part&) const = default;
  friend std::ostream& operator<<(std::ostream&, const Part&);

  static constexpr std::string_view kTypeName = "tests.everything.Part";
  static constexpr std::array<tern::Field, 1> kFields{{{1, "number"}}};
  template <typename Self, typename Visitor>
  static constexpr bool visit_fields(Self& self, Visitor& visit) {
    return visit(kFields[0], self.number);
  }
};

/// What can be a key: it has a hash and an order.
struct Key {
  using Body = std::variant<std::monostate, Part, std::string>;
  enum class BodyCase : std::size_t { kNone, kPart, kText };

  std::string name;
  std::int64_t id = 0;
  std::optional<bool> flag;
  Color color = Color::Red;
  tern::Timestamp at{};
  tern::Duration lasts{};
  std::vector<std::byte> blob;
  std::vector<Part> parts;
  std::map<std::int32_t, std::string> names;
  Body body;
  std::vector<bool> bits;

  Key() = default;
  Key(std::string name_, std::int64_t id_, std::optional<bool> flag_, Color color_,
      tern::Timestamp at_, tern::Duration lasts_, std::vector<std::byte> blob_,
      std::vector<Part> parts_, std::map<std::int32_t, std::string> names_, Body body_,
      std::vector<bool> bits_)
      : name(std::move(name_)),
        id(id_),
        flag(flag_),
        color(color_),
        at(at_),
        lasts(lasts_),
        blob(std::move(blob_)),
        parts(std::move(parts_)),
        names(std::move(names_)),
        body(std::move(body_)),
        bits(std::move(bits_)) {}
  bool operator==(const Key&) const = default;
  std::strong_ordering operator<=>(const Key&) const = default;
  friend std::ostream& operator<<(std::ostream&, const Key&);

  /// Which member of `body` is set.
  BodyCase body_case() const noexcept { return static_cast<BodyCase>(body.index()); }
  const Part* part() const noexcept { return std::get_if<1>(&body); }
  Part* part() noexcept { return std::get_if<1>(&body); }
  Part& set_part(Part value) { return body.emplace<1>(std::move(value)); }
  const std::string* text() const noexcept { return std::get_if<2>(&body); }
  std::string* text() noexcept { return std::get_if<2>(&body); }
  std::string& set_text(std::string value) { return body.emplace<2>(std::move(value)); }
  /// Calls `visitor` with the member of `body` that is set, or with std::monostate.
  template <typename Visitor>
  decltype(auto) visit_body(Visitor&& visitor) const {
    return tern::visit_union(std::forward<Visitor>(visitor), body);
  }
  template <typename Visitor>
  decltype(auto) visit_body(Visitor&& visitor) {
    return tern::visit_union(std::forward<Visitor>(visitor), body);
  }

  static constexpr std::string_view kTypeName = "tests.everything.Key";
  static constexpr std::array<tern::Field, 12> kFields{{
      {1, "name"},
      {2, "id"},
      {3, "flag"},
      {4, "color"},
      {5, "at"},
      {6, "lasts"},
      {7, "blob"},
      {8, "parts"},
      {9, "names"},
      {10, "part"},
      {11, "text"},
      {12, "bits"},
  }};
  template <typename Self, typename Visitor>
  static constexpr bool visit_fields(Self& self, Visitor& visit) {
    return visit(kFields[0], self.name) && visit(kFields[1], self.id) &&
           visit(kFields[2], self.flag) && visit(kFields[3], self.color) &&
           visit(kFields[4], self.at) && visit(kFields[5], self.lasts) &&
           visit(kFields[6], self.blob) && visit(kFields[7], self.parts) &&
           visit(kFields[8], self.names) && visit(tern::UnionField<1>{kFields[9]}, self.body) &&
           visit(tern::UnionField<2>{kFields[10]}, self.body) && visit(kFields[11], self.bits);
  }
};

/// One number each.
struct Switch {
  bool on = false;

  Switch() = default;
  template <tern::FitsIn<bool> Number>
  constexpr Switch(Number on_) : on(on_) {}
  bool operator==(const Switch&) const = default;
  friend std::ostream& operator<<(std::ostream&, const Switch&);

  static constexpr std::string_view kTypeName = "tests.everything.Switch";
  static constexpr std::array<tern::Field, 1> kFields{{{1, "on"}}};
  template <typename Self, typename Visitor>
  static constexpr bool visit_fields(Self& self, Visitor& visit) {
    return visit(kFields[0], self.on);
  }
};

struct Count {
  std::int64_t value = 0;

  Count() = default;
  template <tern::FitsIn<std::int64_t> Number>
  constexpr Count(Number value_) : value(value_) {}
  bool operator==(const Count&) const = default;
  friend std::ostream& operator<<(std::ostream&, const Count&);

  static constexpr std::string_view kTypeName = "tests.everything.Count";
  static constexpr std::array<tern::Field, 1> kFields{{{1, "value"}}};
  template <typename Self, typename Visitor>
  static constexpr bool visit_fields(Self& self, Visitor& visit) {
    return visit(kFields[0], self.value);
  }
};

struct Ratio {
  float value = 0;

  Ratio() = default;
  template <tern::FitsIn<float> Number>
  constexpr Ratio(Number value_) : value(value_) {}
  bool operator==(const Ratio&) const = default;
  friend std::ostream& operator<<(std::ostream&, const Ratio&);

  static constexpr std::string_view kTypeName = "tests.everything.Ratio";
  static constexpr std::array<tern::Field, 1> kFields{{{1, "value"}}};
  template <typename Self, typename Visitor>
  static constexpr bool visit_fields(Self& self, Visitor& visit) {
    return visit(kFields[0], self.value);
  }
};

/// Names that C++ keeps to itself, and names of the language.
struct Keywords {
  using Union = std::variant<std::monostate, std::string, std::int64_t>;
  enum class UnionCase : std::size_t { kNone, kSwitch, kCase };

  std::int32_t class_ = 0;
  std::string namespace_;
  bool int_ = false;
  std::vector<std::int32_t> operator_;
  std::optional<std::string> default_;
  std::string and_;
  std::string package;
  std::string import;
  std::string const_;
  std::string enum_;
  std::string struct_;
  std::string error;
  std::string service;
  std::string optional;
  std::string reserved;
  std::string stream;
  std::string throws;
  std::string list;
  std::string map;
  std::string to;
  std::string string;
  std::int32_t int32 = 0;
  ::tests::everything::Color Color = ::tests::everything::Color::Red;
  Union union_;

  Keywords() = default;
  constexpr Keywords(
      std::int32_t class_value, std::string namespace_value, bool int_value,
      std::vector<std::int32_t> operator_value, std::optional<std::string> default_value,
      std::string and_value, std::string package_, std::string import_, std::string const_value,
      std::string enum_value, std::string struct_value, std::string error_, std::string service_,
      std::string optional_, std::string reserved_, std::string stream_, std::string throws_,
      std::string list_, std::string map_, std::string to_, std::string string_,
      std::int32_t int32_, ::tests::everything::Color Color_, Union union_value)
      : class_(class_value),
        namespace_(std::move(namespace_value)),
        int_(int_value),
        operator_(std::move(operator_value)),
        default_(std::move(default_value)),
        and_(std::move(and_value)),
        package(std::move(package_)),
        import(std::move(import_)),
        const_(std::move(const_value)),
        enum_(std::move(enum_value)),
        struct_(std::move(struct_value)),
        error(std::move(error_)),
        service(std::move(service_)),
        optional(std::move(optional_)),
        reserved(std::move(reserved_)),
        stream(std::move(stream_)),
        throws(std::move(throws_)),
        list(std::move(list_)),
        map(std::move(map_)),
        to(std::move(to_)),
        string(std::move(string_)),
        int32(int32_),
        Color(Color_),
        union_(std::move(union_value)) {}
  bool operator==(const Keywords&) const = default;
  friend std::ostream& operator<<(std::ostream&, const Keywords&);

  /// Which member of `union_` is set.
  UnionCase union_case() const noexcept { return static_cast<UnionCase>(union_.index()); }
  const std::string* switch_() const noexcept { return std::get_if<1>(&union_); }
  std::string* switch_() noexcept { return std::get_if<1>(&union_); }
  std::string& set_switch(std::string value) { return union_.emplace<1>(std::move(value)); }
  const std::int64_t* case_() const noexcept { return std::get_if<2>(&union_); }
  std::int64_t* case_() noexcept { return std::get_if<2>(&union_); }
  std::int64_t& set_case(std::int64_t value) { return union_.emplace<2>(value); }
  /// Calls `visitor` with the member of `union_` that is set, or with std::monostate.
  template <typename Visitor>
  decltype(auto) visit_union(Visitor&& visitor) const {
    return tern::visit_union(std::forward<Visitor>(visitor), union_);
  }
  template <typename Visitor>
  decltype(auto) visit_union(Visitor&& visitor) {
    return tern::visit_union(std::forward<Visitor>(visitor), union_);
  }

  static constexpr std::string_view kTypeName = "tests.everything.Keywords";
  static constexpr std::array<tern::Field, 25> kFields{{
      {1, "class"},
      {2, "namespace"},
      {3, "int_"},
      {4, "operator"},
      {5, "default"},
      {6, "and"},
      {7, "package"},
      {8, "import"},
      {9, "const"},
      {10, "enum"},
      {11, "struct"},
      {12, "error"},
      {13, "service"},
      {14, "optional"},
      {15, "reserved"},
      {16, "stream"},
      {17, "throws"},
      {18, "list"},
      {19, "map"},
      {20, "to"},
      {21, "string"},
      {22, "int32"},
      {23, "Color"},
      {24, "switch"},
      {25, "case"},
  }};
  template <typename Self, typename Visitor>
  static constexpr bool visit_fields(Self& self, Visitor& visit) {
    return visit(kFields[0], self.class_) && visit(kFields[1], self.namespace_) &&
           visit(kFields[2], self.int_) && visit(kFields[3], self.operator_) &&
           visit(kFields[4], self.default_) && visit(kFields[5], self.and_) &&
           visit(kFields[6], self.package) && visit(kFields[7], self.import) &&
           visit(kFields[8], self.const_) && visit(kFields[9], self.enum_) &&
           visit(kFields[10], self.struct_) && visit(kFields[11], self.error) &&
           visit(kFields[12], self.service) && visit(kFields[13], self.optional) &&
           visit(kFields[14], self.reserved) && visit(kFields[15], self.stream) &&
           visit(kFields[16], self.throws) && visit(kFields[17], self.list) &&
           visit(kFields[18], self.map) && visit(kFields[19], self.to) &&
           visit(kFields[20], self.string) && visit(kFields[21], self.int32) &&
           visit(kFields[22], self.Color) && visit(tern::UnionField<1>{kFields[23]}, self.union_) &&
           visit(tern::UnionField<2>{kFields[24]}, self.union_);
  }
};

/// Numbers out of order, with gaps, and some that nobody may use again.
struct Reserved {
  std::string first;
  std::string middle;
  std::string last;

  Reserved() = default;
  constexpr Reserved(std::string first_, std::string middle_, std::string last_)
      : first(std::move(first_)), middle(std::move(middle_)), last(std::move(last_)) {}
  bool operator==(const Reserved&) const = default;
  friend std::ostream& operator<<(std::ostream&, const Reserved&);

  static constexpr std::string_view kTypeName = "tests.everything.Reserved";
  static constexpr std::array<tern::Field, 3> kFields{{
      {1, "first"},
      {500, "middle"},
      {1000, "last"},
  }};
  template <typename Self, typename Visitor>
  static constexpr bool visit_fields(Self& self, Visitor& visit) {
    return visit(kFields[0], self.first) && visit(kFields[1], self.middle) &&
           visit(kFields[2], self.last);
  }
};

struct Empty {
  Empty() = default;
  bool operator==(const Empty&) const = default;
  friend std::ostream& operator<<(std::ostream&, const Empty&);

  static constexpr std::string_view kTypeName = "tests.everything.Empty";
  static constexpr std::array<tern::Field, 0> kFields{};
  template <typename Self, typename Visitor>
  static constexpr bool visit_fields(Self&, Visitor&) {
    return true;
  }
};

struct Circle {
  double radius = 0;

  Circle() = default;
  template <tern::FitsIn<double> Number>
  constexpr Circle(Number radius_) : radius(radius_) {}
  bool operator==(const Circle&) const = default;
  friend std::ostream& operator<<(std::ostream&, const Circle&);

  static constexpr std::string_view kTypeName = "tests.everything.Circle";
  static constexpr std::array<tern::Field, 1> kFields{{{1, "radius"}}};
  template <typename Self, typename Visitor>
  static constexpr bool visit_fields(Self& self, Visitor& visit) {
    return visit(kFields[0], self.radius);
  }
};

struct Square {
  double side = 0;

  Square() = default;
  template <tern::FitsIn<double> Number>
  constexpr Square(Number side_) : side(side_) {}
  bool operator==(const Square&) const = default;
  friend std::ostream& operator<<(std::ostream&, const Square&);

  static constexpr std::string_view kTypeName = "tests.everything.Square";
  static constexpr std::array<tern::Field, 1> kFields{{{1, "side"}}};
  template <typename Self, typename Visitor>
  static constexpr bool visit_fields(Self& self, Visitor& visit) {
    return visit(kFields[0], self.side);
  }
};

/// One of several things, or nothing.
struct Shape {
  using Body = std::variant<std::monostate, Circle, Square, std::vector<::tests::common::Point>,
                            std::string, std::int32_t>;
  enum class BodyCase : std::size_t { kNone, kCircle, kSquare, kPolygon, kPath, kSides };

  using LabelText = std::variant<std::monostate, std::string, Color,
                                 std::map<std::string, std::string>, Color, std::vector<std::byte>>;
  enum class LabelTextCase : std::size_t { kNone, kPlain, kColored, kTranslated, kAlsoColored,
                                           kRaw };

  std::string name;
  /// What it looks like.
  Body body;
  Color fill = Color::Red;
  LabelText label_text;

  Shape() = default;
  Shape(std::string name_, Body body_, Color fill_, LabelText label_text_)
      : name(std::move(name_)),
        body(std::move(body_)),
        fill(fill_),
        label_text(std::move(label_text_)) {}
  bool operator==(const Shape&) const = default;
  friend std::ostream& operator<<(std::ostream&, const Shape&);

  /// Which member of `body` is set.
  BodyCase body_case() const noexcept { return static_cast<BodyCase>(body.index()); }
  const Circle* circle() const noexcept { return std::get_if<1>(&body); }
  Circle* circle() noexcept { return std::get_if<1>(&body); }
  Circle& set_circle(Circle value) { return body.emplace<1>(std::move(value)); }
  const Square* square() const noexcept { return std::get_if<2>(&body); }
  Square* square() noexcept { return std::get_if<2>(&body); }
  Square& set_square(Square value) { return body.emplace<2>(std::move(value)); }
  /// Corners.
  const std::vector<::tests::common::Point>* polygon() const noexcept {
    return std::get_if<3>(&body);
  }
  std::vector<::tests::common::Point>* polygon() noexcept { return std::get_if<3>(&body); }
  std::vector<::tests::common::Point>& set_polygon(std::vector<::tests::common::Point> value) {
    return body.emplace<3>(std::move(value));
  }
  const std::string* path() const noexcept { return std::get_if<4>(&body); }
  std::string* path() noexcept { return std::get_if<4>(&body); }
  std::string& set_path(std::string value) { return body.emplace<4>(std::move(value)); }
  const std::int32_t* sides() const noexcept { return std::get_if<5>(&body); }
  std::int32_t* sides() noexcept { return std::get_if<5>(&body); }
  std::int32_t& set_sides(std::int32_t value) { return body.emplace<5>(value); }
  /// Calls `visitor` with the member of `body` that is set, or with std::monostate.
  template <typename Visitor>
  decltype(auto) visit_body(Visitor&& visitor) const {
    return tern::visit_union(std::forward<Visitor>(visitor), body);
  }
  template <typename Visitor>
  decltype(auto) visit_body(Visitor&& visitor) {
    return tern::visit_union(std::forward<Visitor>(visitor), body);
  }

  /// Which member of `label_text` is set.
  LabelTextCase label_text_case() const noexcept {
    return static_cast<LabelTextCase>(label_text.index());
  }
  const std::string* plain() const noexcept { return std::get_if<1>(&label_text); }
  std::string* plain() noexcept { return std::get_if<1>(&label_text); }
  std::string& set_plain(std::string value) { return label_text.emplace<1>(std::move(value)); }
  [[deprecated]] const Color* colored() const noexcept { return std::get_if<2>(&label_text); }
  [[deprecated]] Color* colored() noexcept { return std::get_if<2>(&label_text); }
  [[deprecated]] Color& set_colored(Color value) { return label_text.emplace<2>(value); }
  const std::map<std::string, std::string>* translated() const noexcept {
    return std::get_if<3>(&label_text);
  }
  std::map<std::string, std::string>* translated() noexcept { return std::get_if<3>(&label_text); }
  std::map<std::string, std::string>& set_translated(std::map<std::string, std::string> value) {
    return label_text.emplace<3>(std::move(value));
  }
  const Color* also_colored() const noexcept { return std::get_if<4>(&label_text); }
  Color* also_colored() noexcept { return std::get_if<4>(&label_text); }
  Color& set_also_colored(Color value) { return label_text.emplace<4>(value); }
  const std::vector<std::byte>* raw() const noexcept { return std::get_if<5>(&label_text); }
  std::vector<std::byte>* raw() noexcept { return std::get_if<5>(&label_text); }
  std::vector<std::byte>& set_raw(std::vector<std::byte> value) {
    return label_text.emplace<5>(std::move(value));
  }
  /// Calls `visitor` with the member of `label_text` that is set, or with std::monostate.
  template <typename Visitor>
  decltype(auto) visit_label_text(Visitor&& visitor) const {
    return tern::visit_union(std::forward<Visitor>(visitor), label_text);
  }
  template <typename Visitor>
  decltype(auto) visit_label_text(Visitor&& visitor) {
    return tern::visit_union(std::forward<Visitor>(visitor), label_text);
  }

  static constexpr std::string_view kTypeName = "tests.everything.Shape";
  static constexpr std::array<tern::Field, 12> kFields{{
      {1, "name"},
      {2, "circle"},
      {3, "square"},
      {4, "Fill", true},
      {5, "plain"},
      {6, "polygon"},
      {7, "path"},
      {8, "sides"},
      {9, "colored"},
      {10, "translated"},
      {11, "also_colored"},
      {12, "raw"},
  }};
  template <typename Self, typename Visitor>
  static constexpr bool visit_fields(Self& self, Visitor& visit) {
    return visit(kFields[0], self.name) && visit(tern::UnionField<1>{kFields[1]}, self.body) &&
           visit(tern::UnionField<2>{kFields[2]}, self.body) && visit(kFields[3], self.fill) &&
           visit(tern::UnionField<1>{kFields[4]}, self.label_text) &&
           visit(tern::UnionField<3>{kFields[5]}, self.body) &&
           visit(tern::UnionField<4>{kFields[6]}, self.body) &&
           visit(tern::UnionField<5>{kFields[7]}, self.body) &&
           visit(tern::UnionField<2>{kFields[8]}, self.label_text) &&
           visit(tern::UnionField<3>{kFields[9]}, self.label_text) &&
           visit(tern::UnionField<4>{kFields[10]}, self.label_text) &&
           visit(tern::UnionField<5>{kFields[11]}, self.label_text);
  }
};

/// Contains itself in every way that there is.
struct Tree {
  std::string label;
  tern::Boxed<Tree> left;
  tern::Boxed<Tree> right;
  std::vector<Tree> children;
  std::map<std::string, Tree> named;
  std::map<std::int32_t, std::vector<Tree>> grouped;

  Tree() = default;
  Tree(std::string label_, tern::Boxed<Tree> left_, tern::Boxed<Tree> right_,
       std::vector<Tree> children_, std::map<std::string, Tree> named_,
       std::map<std::int32_t, std::vector<Tree>> grouped_)
      : label(std::move(label_)),
        left(std::move(left_)),
        right(std::move(right_)),
        children(std::move(children_)),
        named(std::move(named_)),
        grouped(std::move(grouped_)) {}
  bool operator==(const Tree&) const;
  friend std::ostream& operator<<(std::ostream&, const Tree&);

  static constexpr std::string_view kTypeName = "tests.everything.Tree";
  static constexpr std::array<tern::Field, 6> kFields{{
      {1, "label"},
      {2, "left"},
      {3, "right"},
      {4, "children"},
      {5, "named"},
      {6, "grouped"},
  }};
  template <typename Self, typename Visitor>
  static constexpr bool visit_fields(Self& self, Visitor& visit) {
    return visit(kFields[0], self.label) && visit(kFields[1], self.left) &&
           visit(kFields[2], self.right) && visit(kFields[3], self.children) &&
           visit(kFields[4], self.named) && visit(kFields[5], self.grouped);
  }
};

struct Husband {
  std::string name;
  tern::Boxed<Wife> wife;

  Husband();
  Husband(std::string name_, tern::Boxed<Wife> wife_);
  Husband(const Husband&);
  Husband(Husband&&) noexcept;
  Husband& operator=(const Husband&);
  Husband& operator=(Husband&&) noexcept;
  ~Husband();
  bool operator==(const Husband&) const;
  friend std::ostream& operator<<(std::ostream&, const Husband&);

  static constexpr std::string_view kTypeName = "tests.everything.Husband";
  static constexpr std::array<tern::Field, 2> kFields{{{1, "name"}, {2, "wife"}}};
  template <typename Self, typename Visitor>
  static constexpr bool visit_fields(Self& self, Visitor& visit) {
    return visit(kFields[0], self.name) && visit(kFields[1], self.wife);
  }
};

struct Wife {
  std::string name;
  tern::Boxed<Husband> husband;

  Wife() = default;
  Wife(std::string name_, tern::Boxed<Husband> husband_)
      : name(std::move(name_)), husband(std::move(husband_)) {}
  bool operator==(const Wife&) const;
  friend std::ostream& operator<<(std::ostream&, const Wife&);

  static constexpr std::string_view kTypeName = "tests.everything.Wife";
  static constexpr std::array<tern::Field, 2> kFields{{{1, "name"}, {2, "husband"}}};
  template <typename Self, typename Visitor>
  static constexpr bool visit_fields(Self& self, Visitor& visit) {
    return visit(kFields[0], self.name) && visit(kFields[1], self.husband);
  }
};

/// The two contain each other through a list and a value.
struct Folder {
  std::string name;
  std::vector<Entry> entries;

  Folder();
  Folder(std::string name_, std::vector<Entry> entries_);
  Folder(const Folder&);
  Folder(Folder&&) noexcept;
  Folder& operator=(const Folder&);
  Folder& operator=(Folder&&) noexcept;
  ~Folder();
  bool operator==(const Folder&) const;
  friend std::ostream& operator<<(std::ostream&, const Folder&);

  static constexpr std::string_view kTypeName = "tests.everything.Folder";
  static constexpr std::array<tern::Field, 2> kFields{{{1, "name"}, {2, "entries"}}};
  template <typename Self, typename Visitor>
  static constexpr bool visit_fields(Self& self, Visitor& visit) {
    return visit(kFields[0], self.name) && visit(kFields[1], self.entries);
  }
};

struct Entry {
  using Content = std::variant<std::monostate, Folder, std::vector<std::byte>>;
  enum class ContentCase : std::size_t { kNone, kFolder, kFile };

  Content content;
  std::optional<Folder> link;

  Entry() = default;
  Entry(Content content_, std::optional<Folder> link_)
      : content(std::move(content_)), link(std::move(link_)) {}
  bool operator==(const Entry&) const;
  friend std::ostream& operator<<(std::ostream&, const Entry&);

  /// Which member of `content` is set.
  ContentCase content_case() const noexcept { return static_cast<ContentCase>(content.index()); }
  const Folder* folder() const noexcept { return std::get_if<1>(&content); }
  Folder* folder() noexcept { return std::get_if<1>(&content); }
  Folder& set_folder(Folder value) { return content.emplace<1>(std::move(value)); }
  const std::vector<std::byte>* file() const noexcept { return std::get_if<2>(&content); }
  std::vector<std::byte>* file() noexcept { return std::get_if<2>(&content); }
  std::vector<std::byte>& set_file(std::vector<std::byte> value) {
    return content.emplace<2>(std::move(value));
  }
  /// Calls `visitor` with the member of `content` that is set, or with std::monostate.
  template <typename Visitor>
  decltype(auto) visit_content(Visitor&& visitor) const {
    return tern::visit_union(std::forward<Visitor>(visitor), content);
  }
  template <typename Visitor>
  decltype(auto) visit_content(Visitor&& visitor) {
    return tern::visit_union(std::forward<Visitor>(visitor), content);
  }

  static constexpr std::string_view kTypeName = "tests.everything.Entry";
  static constexpr std::array<tern::Field, 3> kFields{{{1, "folder"}, {2, "file"}, {3, "link"}}};
  template <typename Self, typename Visitor>
  static constexpr bool visit_fields(Self& self, Visitor& visit) {
    return visit(tern::UnionField<1>{kFields[0]}, self.content) &&
           visit(tern::UnionField<2>{kFields[1]}, self.content) && visit(kFields[2], self.link);
  }
};

struct Later {
  std::int32_t number = 0;

  Later() = default;
  template <tern::FitsIn<std::int32_t> Number>
  constexpr Later(Number number_) : number(number_) {}
  bool operator==(const Later&) const = default;
  friend std::ostream& operator<<(std::ostream&, const Later&);

  static constexpr std::string_view kTypeName = "tests.everything.Later";
  static constexpr std::array<tern::Field, 1> kFields{{{1, "number"}}};
  template <typename Self, typename Visitor>
  static constexpr bool visit_fields(Self& self, Visitor& visit) {
    return visit(kFields[0], self.number);
  }
};

/// Uses what is declared below it, and what another package declares.
struct Forward {
  Later later;
  std::vector<Later> more;
  ::tests::common::Point origin;
  ::tests::common::Severity severity = ::tests::common::Severity::Debug;

  Forward() = default;
  constexpr Forward(Later later_, std::vector<Later> more_, ::tests::common::Point origin_,
                    ::tests::common::Severity severity_)
      : later(std::move(later_)),
        more(std::move(more_)),
        origin(std::move(origin_)),
        severity(severity_) {}
  bool operator==(const Forward&) const = default;
  friend std::ostream& operator<<(std::ostream&, const Forward&);

  static constexpr std::string_view kTypeName = "tests.everything.Forward";
  static constexpr std::array<tern::Field, 4> kFields{{
      {1, "later"},
      {2, "more"},
      {3, "origin"},
      {4, "severity"},
  }};
  template <typename Self, typename Visitor>
  static constexpr bool visit_fields(Self& self, Visitor& visit) {
    return visit(kFields[0], self.later) && visit(kFields[1], self.more) &&
           visit(kFields[2], self.origin) && visit(kFields[3], self.severity);
  }
};

struct [[deprecated]] Old {
  Scale scale = Scale::int_;

  Old() = default;
  constexpr Old(Scale scale_) : scale(scale_) {}
  bool operator==(const Old&) const = default;
  friend std::ostream& operator<<(std::ostream&, const Old&);

  static constexpr std::string_view kTypeName = "tests.everything.Old";
  static constexpr std::array<tern::Field, 1> kFields{{{1, "scale", false, true}}};
  template <typename Self, typename Visitor>
  static constexpr bool visit_fields(Self& self, Visitor& visit) {
    return visit(kFields[0], self.scale);
  }
};

/// It went wrong in a way that the caller can tell apart.
struct Broken {
  std::string part;
  std::vector<std::int32_t> codes;
  std::optional<Scalars> state;

  Broken() = default;
  constexpr Broken(std::string part_, std::vector<std::int32_t> codes_,
                   std::optional<Scalars> state_)
      : part(std::move(part_)), codes(std::move(codes_)), state(std::move(state_)) {}
  bool operator==(const Broken&) const = default;
  friend std::ostream& operator<<(std::ostream&, const Broken&);

  /// The failure that a call ends with: kCode, kMessage and this value.
  tern::Status to_status() const;

  static constexpr tern::Code kCode = tern::Code::kDataLoss;
  static constexpr std::string_view kMessage = "it is broken";

  static constexpr std::string_view kTypeName = "tests.everything.Broken";
  static constexpr std::array<tern::Field, 3> kFields{{{1, "part"}, {2, "codes"}, {3, "state"}}};
  template <typename Self, typename Visitor>
  static constexpr bool visit_fields(Self& self, Visitor& visit) {
    return visit(kFields[0], self.part) && visit(kFields[1], self.codes) &&
           visit(kFields[2], self.state);
  }
};

/// Says nothing but its name.
struct Silent {
  Silent() = default;
  bool operator==(const Silent&) const = default;
  friend std::ostream& operator<<(std::ostream&, const Silent&);

  /// The failure that a call ends with: kCode, kMessage and this value.
  tern::Status to_status() const;

  static constexpr tern::Code kCode = tern::Code::kUnknown;
  static constexpr std::string_view kMessage = "tests.everything.Silent";

  static constexpr std::string_view kTypeName = "tests.everything.Silent";
  static constexpr std::array<tern::Field, 0> kFields{};
  template <typename Self, typename Visitor>
  static constexpr bool visit_fields(Self&, Visitor&) {
    return true;
  }
};

struct [[deprecated]] Retired {
  /// When it was.
  tern::Timestamp since{};

  Retired() = default;
  constexpr Retired(tern::Timestamp since_) : since(since_) {}
  bool operator==(const Retired&) const = default;
  friend std::ostream& operator<<(std::ostream&, const Retired&);

  /// The failure that a call ends with: kCode, kMessage and this value.
  tern::Status to_status() const;

  static constexpr tern::Code kCode = tern::Code::kUnavailable;
  static constexpr std::string_view kMessage = "tests.everything.Retired";

  static constexpr std::string_view kTypeName = "tests.everything.Retired";
  static constexpr std::array<tern::Field, 1> kFields{{{1, "since"}}};
  template <typename Self, typename Visitor>
  static constexpr bool visit_fields(Self& self, Visitor& visit) {
    return visit(kFields[0], self.since);
  }
};

}  // namespace tests::everything

template <>
struct std::hash<tests::everything::Part> {
  std::size_t operator()(const tests::everything::Part& message) const noexcept;
};

template <>
struct std::hash<tests::everything::Key> {
  std::size_t operator()(const tests::everything::Key& message) const noexcept;
};

#pragma GCC diagnostic pop
