// The values that every codec is given: one small struct, and a list of 1,000 of them.
#pragma once

#include <array>
#include <cstdint>
#include <cstdio>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "tern/field.h"

namespace bench {

struct Rec {
  static constexpr std::string_view kTypeName = "bench.Rec";
  static constexpr std::array<tern::Field, 4> kFields{
      {{1, "id"}, {2, "name"}, {3, "score"}, {4, "tags"}}};

  std::int64_t id = 0;
  std::string name;  // 14 bytes: inside libstdc++'s small string
  double score = 0;
  std::vector<std::int32_t> tags;

  Rec() = default;

  template <typename Self, typename Visitor>
  static constexpr bool visit_fields(Self& self, Visitor& visit) {
    return visit(kFields[0], self.id) && visit(kFields[1], self.name) &&
           visit(kFields[2], self.score) && visit(kFields[3], self.tags);
  }
  bool operator==(const Rec&) const = default;
};

struct RecList {
  static constexpr std::string_view kTypeName = "bench.RecList";
  static constexpr std::array<tern::Field, 1> kFields{{{1, "items"}}};

  std::vector<Rec> items;

  RecList() = default;

  template <typename Self, typename Visitor>
  static constexpr bool visit_fields(Self& self, Visitor& visit) {
    return visit(kFields[0], self.items);
  }
  bool operator==(const RecList&) const = default;
};

inline Rec make(int i) {
  std::array<char, 32> name{};
  std::snprintf(name.data(), name.size(), "user-name-%04d", i % 10000);
  Rec rec;
  rec.id = 1234567890123 + std::int64_t{i} * 7919;
  rec.name = name.data();
  rec.score = 98.6 + i * 0.25;
  rec.tags = {1, 22, 333, 4444, 55555, 666666, 7777777, 88888888};
  return rec;
}

template <typename T>
const T& value();
template <>
inline const Rec& value<Rec>() {
  static const Rec rec = make(42);
  return rec;
}
template <>
inline const RecList& value<RecList>() {
  static const RecList list = [] {
    RecList made;
    for (int i = 0; i < 1000; ++i) made.items.push_back(make(i));
    return made;
  }();
  return list;
}

}  // namespace bench
