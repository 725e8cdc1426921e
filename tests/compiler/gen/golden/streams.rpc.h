// Messages of streams.rpc.
// Written by rpcgen 0.1.0: do not edit it, change streams.rpc instead.
#pragma once

#include "tern/version.h"
#if TERN_CODEGEN_VERSION != 4
#error \
    "streams.rpc.h: rpcgen 0.1.0 wrote this for codegen version 4 of Tern; run the rpcgen of this runtime"
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

// Users of what is deprecated here are warned; this file is not.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"

/// Every kind of stream.
namespace tests::streams {

enum class Color : std::int32_t {
  Red = 0,
};

/// A value's name; "" for a number that has none here: a newer peer may send those.
constexpr std::string_view enum_name(Color value) noexcept {
  switch (value) {
    case Color::Red:
      return "Red";
  }
  return "";
}

/// Finds the value of that name. False, with `value` as it was, if there is none.
constexpr bool enum_value(std::string_view name, Color& value) noexcept {
  for (Color each : {Color::Red}) {
    if (enum_name(each) == name) {
      value = each;
      return true;
    }
  }
  return false;
}

struct WatchRequest {
  std::string key;
  std::int64_t revision = 0;

  WatchRequest() = default;
  constexpr WatchRequest(std::string key_, std::int64_t revision_)
      : key(std::move(key_)), revision(revision_) {}
  bool operator==(const WatchRequest&) const = default;
  friend std::ostream& operator<<(std::ostream&, const WatchRequest&);

  static constexpr std::string_view kTypeName = "tests.streams.WatchRequest";
  static constexpr std::array<tern::Field, 2> kFields{{{1, "key"}, {2, "revision"}}};
  template <typename Self, typename Visitor>
  static constexpr bool visit_fields(Self& self, Visitor& visit) {
    return visit(kFields[0], self.key) && visit(kFields[1], self.revision);
  }
};

struct Change {
  std::string key;
  std::string value;
  std::int64_t revision = 0;

  Change() = default;
  constexpr Change(std::string key_, std::string value_, std::int64_t revision_)
      : key(std::move(key_)), value(std::move(value_)), revision(revision_) {}
  bool operator==(const Change&) const = default;
  friend std::ostream& operator<<(std::ostream&, const Change&);

  static constexpr std::string_view kTypeName = "tests.streams.Change";
  static constexpr std::array<tern::Field, 3> kFields{{{1, "key"}, {2, "value"}, {3, "rev", true}}};
  template <typename Self, typename Visitor>
  static constexpr bool visit_fields(Self& self, Visitor& visit) {
    return visit(kFields[0], self.key) && visit(kFields[1], self.value) &&
           visit(kFields[2], self.revision);
  }
};

/// A position that has another name in C++.
struct Entry {
  std::int64_t class_ = 0;

  Entry() = default;
  template <tern::FitsIn<std::int64_t> Number>
  constexpr Entry(Number class_value) : class_(class_value) {}
  bool operator==(const Entry&) const = default;
  friend std::ostream& operator<<(std::ostream&, const Entry&);

  static constexpr std::string_view kTypeName = "tests.streams.Entry";
  static constexpr std::array<tern::Field, 1> kFields{{{1, "class"}}};
  template <typename Self, typename Visitor>
  static constexpr bool visit_fields(Self& self, Visitor& visit) {
    return visit(kFields[0], self.class_);
  }
};

struct Summary {
  std::int64_t messages = 0;

  Summary() = default;
  template <tern::FitsIn<std::int64_t> Number>
  constexpr Summary(Number messages_) : messages(messages_) {}
  bool operator==(const Summary&) const = default;
  friend std::ostream& operator<<(std::ostream&, const Summary&);

  static constexpr std::string_view kTypeName = "tests.streams.Summary";
  static constexpr std::array<tern::Field, 1> kFields{{{1, "messages"}}};
  template <typename Self, typename Visitor>
  static constexpr bool visit_fields(Self& self, Visitor& visit) {
    return visit(kFields[0], self.messages);
  }
};

struct Gone {
  std::string key;

  Gone() = default;
  constexpr Gone(std::string key_) : key(std::move(key_)) {}
  bool operator==(const Gone&) const = default;
  friend std::ostream& operator<<(std::ostream&, const Gone&);

  /// The failure that a call ends with: kCode, kMessage and this value.
  tern::Status to_status() const;

  static constexpr tern::Code kCode = tern::Code::kNotFound;
  static constexpr std::string_view kMessage = "the key is gone";

  static constexpr std::string_view kTypeName = "tests.streams.Gone";
  static constexpr std::array<tern::Field, 1> kFields{{{1, "key"}}};
  template <typename Self, typename Visitor>
  static constexpr bool visit_fields(Self& self, Visitor& visit) {
    return visit(kFields[0], self.key);
  }
};

struct Full {
  Full() = default;
  bool operator==(const Full&) const = default;
  friend std::ostream& operator<<(std::ostream&, const Full&);

  /// The failure that a call ends with: kCode, kMessage and this value.
  tern::Status to_status() const;

  static constexpr tern::Code kCode = tern::Code::kUnknown;
  static constexpr std::string_view kMessage = "tests.streams.Full";

  static constexpr std::string_view kTypeName = "tests.streams.Full";
  static constexpr std::array<tern::Field, 0> kFields{};
  template <typename Self, typename Visitor>
  static constexpr bool visit_fields(Self&, Visitor&) {
    return true;
  }
};

}  // namespace tests::streams

#pragma GCC diagnostic pop
