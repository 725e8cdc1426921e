// One message at two times: fields were taken away, added, and made of other kinds.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "sample_messages.h"
#include "tern/field.h"

namespace old_version {

struct Event {
  static constexpr std::string_view kTypeName = "sample.Event";
  static constexpr std::array<tern::Field, 5> kFields{
      {{1, "id"}, {2, "name"}, {3, "level", false, true}, {4, "path"}, {6, "kept", false, true}}};

  std::int64_t id = 0;
  std::string name;
  std::int32_t level = 3;
  std::vector<sample::Point> path;
  std::string kept = "kept";

  Event() = default;

  template <typename Self, typename Visitor>
  static constexpr bool visit_fields(Self& self, Visitor& visit) {
    return visit(kFields[0], self.id) && visit(kFields[1], self.name) &&
           visit(kFields[2], self.level) && visit(kFields[3], self.path) &&
           visit(kFields[4], self.kept);
  }
  bool operator==(const Event&) const = default;
};

struct Named {
  static constexpr std::string_view kTypeName = "sample.Named";
  static constexpr std::array<tern::Field, 1> kFields{{{1, "old"}}};

  std::string old;

  Named() = default;

  template <typename Self, typename Visitor>
  static constexpr bool visit_fields(Self& self, Visitor& visit) {
    return visit(kFields[0], self.old);
  }
  bool operator==(const Named&) const = default;
};

}  // namespace old_version

namespace new_version {

struct Detail {
  static constexpr std::string_view kTypeName = "sample.Detail";
  static constexpr std::array<tern::Field, 2> kFields{{{1, "text", false, true}, {2, "points"}}};

  std::string text = "nothing";
  std::vector<sample::Point> points;

  Detail() = default;

  template <typename Self, typename Visitor>
  static constexpr bool visit_fields(Self& self, Visitor& visit) {
    return visit(kFields[0], self.text) && visit(kFields[1], self.points);
  }
  bool operator==(const Detail&) const = default;
};

struct Event {
  static constexpr std::string_view kTypeName = "sample.Event";
  static constexpr std::array<tern::Field, 10> kFields{{{1, "id"},
                                                        {2, "name"},
                                                        {5, "extra"},
                                                        {6, "kept", false, true},
                                                        {7, "circle"},
                                                        {8, "label"},
                                                        {9, "detail"},
                                                        {10, "details"},
                                                        {11, "by_name"},
                                                        {12, "count", false, true}}};

  std::string kept = "kept";  // declared in another order than numbered
  std::string name;
  std::int64_t id = 0;
  std::optional<std::int64_t> extra;
  std::variant<std::monostate, sample::Circle, std::string> body;
  Detail detail;
  std::vector<Detail> details;
  std::map<std::string, Detail> by_name;
  std::uint32_t count = 77;

  Event() = default;

  template <typename Self, typename Visitor>
  static constexpr bool visit_fields(Self& self, Visitor& visit) {
    return visit(kFields[0], self.id) && visit(kFields[1], self.name) &&
           visit(kFields[2], self.extra) && visit(kFields[3], self.kept) &&
           visit(tern::UnionField<1>{kFields[4]}, self.body) &&
           visit(tern::UnionField<2>{kFields[5]}, self.body) && visit(kFields[6], self.detail) &&
           visit(kFields[7], self.details) && visit(kFields[8], self.by_name) &&
           visit(kFields[9], self.count);
  }
  bool operator==(const Event&) const = default;
};

// string fresh = 1 [name = "old"];
struct Named {
  static constexpr std::string_view kTypeName = "sample.Named";
  static constexpr std::array<tern::Field, 1> kFields{{{1, "old", true}}};

  std::string fresh;

  Named() = default;

  template <typename Self, typename Visitor>
  static constexpr bool visit_fields(Self& self, Visitor& visit) {
    return visit(kFields[0], self.fresh);
  }
  bool operator==(const Named&) const = default;
};

}  // namespace new_version

namespace other_version {

// Two fields that have become something else, which the language forbids.
struct Event {
  static constexpr std::string_view kTypeName = "sample.Event";
  static constexpr std::array<tern::Field, 2> kFields{{{1, "id"}, {2, "name"}}};

  std::string id;
  std::int64_t name = 0;

  Event() = default;

  template <typename Self, typename Visitor>
  static constexpr bool visit_fields(Self& self, Visitor& visit) {
    return visit(kFields[0], self.id) && visit(kFields[1], self.name);
  }
  bool operator==(const Event&) const = default;
};

}  // namespace other_version
