// Messages of common.rpc.
// Written by rpcgen 0.1.0: do not edit it, change common.rpc instead.
#pragma once

#include "tern/version.h"
#if TERN_CODEGEN_VERSION != 4
#error \
    "common.rpc.h: rpcgen 0.1.0 wrote this for codegen version 4 of Tern; run the rpcgen of this runtime"
#endif

#include <array>
#include <cstdint>
#include <initializer_list>
#include <iosfwd>
#include <string>
#include <string_view>
#include <utility>

#include "tern/field.h"
#include "tern/status.h"

/// What several packages share.
namespace tests::common {

inline constexpr std::int32_t kMaxTags = 8;

/// How bad it is.
enum class Severity : std::int32_t {
  Debug = 0,
  Info = 1,
  Warning = 2,
  /// Somebody has to look.
  Critical = 10,
};

/// A value's name; "" for a number that has none here: a newer peer may send those.
constexpr std::string_view enum_name(Severity value) noexcept {
  switch (value) {
    case Severity::Debug:
      return "Debug";
    case Severity::Info:
      return "Info";
    case Severity::Warning:
      return "Warning";
    case Severity::Critical:
      return "Critical";
  }
  return "";
}

/// Finds the value of that name. False, with `value` as it was, if there is none.
constexpr bool enum_value(std::string_view name, Severity& value) noexcept {
  for (Severity each : {Severity::Debug, Severity::Info, Severity::Warning, Severity::Critical}) {
    if (enum_name(each) == name) {
      value = each;
      return true;
    }
  }
  return false;
}

/// A point in the plane.
struct Point {
  double x = 0;
  double y = 0;

  Point() = default;
  constexpr Point(double x_, double y_) : x(x_), y(y_) {}
  bool operator==(const Point&) const = default;
  friend std::ostream& operator<<(std::ostream&, const Point&);

  static constexpr std::string_view kTypeName = "tests.common.Point";
  static constexpr std::array<tern::Field, 2> kFields{{{1, "x"}, {2, "y"}}};
  template <typename Self, typename Visitor>
  static constexpr bool visit_fields(Self& self, Visitor& visit) {
    return visit(kFields[0], self.x) && visit(kFields[1], self.y);
  }
};

/// Nothing of that name is there.
struct NotFound {
  std::string name;

  NotFound() = default;
  constexpr NotFound(std::string name_) : name(std::move(name_)) {}
  bool operator==(const NotFound&) const = default;
  friend std::ostream& operator<<(std::ostream&, const NotFound&);

  /// The failure that a call ends with: kCode, kMessage and this value.
  tern::Status to_status() const;

  static constexpr tern::Code kCode = tern::Code::kNotFound;
  static constexpr std::string_view kMessage = "not found";

  static constexpr std::string_view kTypeName = "tests.common.NotFound";
  static constexpr std::array<tern::Field, 1> kFields{{{1, "name"}}};
  template <typename Self, typename Visitor>
  static constexpr bool visit_fields(Self& self, Visitor& visit) {
    return visit(kFields[0], self.name);
  }
};

}  // namespace tests::common
