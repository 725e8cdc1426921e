// The Go types of data/gob_vectors.jsonl, as messages.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "tern/field.h"

namespace sample::go {

// Its type has no name in Go: nothing stands behind the package.
struct Inner {
  static constexpr std::string_view kTypeName = "main.";
  static constexpr std::array<tern::Field, 3> kFields{{{1, "X"}, {2, "Y"}, {3, "Label"}}};

  double x = 0;
  double y = 0;
  std::string label;

  Inner() = default;
  Inner(double x_in, double y_in, std::string_view label_in) : x(x_in), y(y_in), label(label_in) {}

  template <typename Self, typename Visitor>
  static constexpr bool visit_fields(Self& self, Visitor& visit) {
    return visit(kFields[0], self.x) && visit(kFields[1], self.y) && visit(kFields[2], self.label);
  }
  bool operator==(const Inner&) const = default;
};

struct Tree {
  static constexpr std::string_view kTypeName = "main.Tree";
  static constexpr std::array<tern::Field, 2> kFields{{{1, "value"}, {2, "children"}}};

  std::int64_t value = 0;
  std::vector<Tree> children;

  Tree() = default;
  explicit Tree(std::int64_t value_in, std::vector<Tree> children_in = {})
      : value(value_in), children(std::move(children_in)) {}

  template <typename Self, typename Visitor>
  static constexpr bool visit_fields(Self& self, Visitor& visit) {
    return visit(kFields[0], self.value) && visit(kFields[1], self.children);
  }
  bool operator==(const Tree&) const = default;
};

struct Request {
  static constexpr std::string_view kTypeName = "rpc.Request";
  static constexpr std::array<tern::Field, 2> kFields{{{1, "ServiceMethod"}, {2, "Seq"}}};

  std::string method;
  std::uint64_t seq = 0;

  Request() = default;
  Request(std::string_view method_in, std::uint64_t seq_in) : method(method_in), seq(seq_in) {}

  template <typename Self, typename Visitor>
  static constexpr bool visit_fields(Self& self, Visitor& visit) {
    return visit(kFields[0], self.method) && visit(kFields[1], self.seq);
  }
  bool operator==(const Request&) const = default;
};

struct Response {
  static constexpr std::string_view kTypeName = "rpc.Response";
  static constexpr std::array<tern::Field, 3> kFields{
      {{1, "ServiceMethod"}, {2, "Seq"}, {3, "Error"}}};

  std::string method;
  std::uint64_t seq = 0;
  std::string error;

  Response() = default;
  Response(std::string_view method_in, std::uint64_t seq_in, std::string_view error_in)
      : method(method_in), seq(seq_in), error(error_in) {}

  template <typename Self, typename Visitor>
  static constexpr bool visit_fields(Self& self, Visitor& visit) {
    return visit(kFields[0], self.method) && visit(kFields[1], self.seq) &&
           visit(kFields[2], self.error);
  }
  bool operator==(const Response&) const = default;
};

// Two numbers under other names, in a type without one.
struct Numbers {
  static constexpr std::string_view kTypeName = "main.";
  static constexpr std::array<tern::Field, 2> kFields{{{1, "num1"}, {2, "num2"}}};

  std::int64_t num1 = 0;
  std::int64_t num2 = 0;

  Numbers() = default;
  Numbers(std::int64_t num1_in, std::int64_t num2_in) : num1(num1_in), num2(num2_in) {}

  template <typename Self, typename Visitor>
  static constexpr bool visit_fields(Self& self, Visitor& visit) {
    return visit(kFields[0], self.num1) && visit(kFields[1], self.num2);
  }
  bool operator==(const Numbers&) const = default;
};

// Bytes where sample::Args has numbers, and the other way about in the second field.
struct Misfit {
  static constexpr std::string_view kTypeName = "main.Misfit";
  static constexpr std::array<tern::Field, 2> kFields{{{1, "A"}, {2, "b"}}};

  std::string a = "default";
  std::uint32_t b = 77;

  Misfit() = default;

  template <typename Self, typename Visitor>
  static constexpr bool visit_fields(Self& self, Visitor& visit) {
    return visit(kFields[0], self.a) && visit(kFields[1], self.b);
  }
  bool operator==(const Misfit&) const = default;
};

// struct{ A [4]int16; B time.Time }
struct Two {
  static constexpr std::string_view kTypeName = "main.Two";
  static constexpr std::array<tern::Field, 2> kFields{{{1, "a"}, {2, "b"}}};

  std::vector<std::int32_t> a;
  tern::Timestamp b{};

  Two() = default;

  template <typename Self, typename Visitor>
  static constexpr bool visit_fields(Self& self, Visitor& visit) {
    return visit(kFields[0], self.a) && visit(kFields[1], self.b);
  }
  bool operator==(const Two&) const = default;
};

}  // namespace sample::go
