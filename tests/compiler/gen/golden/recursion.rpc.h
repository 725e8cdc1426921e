// Messages of recursion.rpc.
// Written by rpcgen 0.1.0: do not edit it, change recursion.rpc instead.
#pragma once

#include "tern/version.h"
#if TERN_CODEGEN_VERSION != 4
#error \
    "recursion.rpc.h: rpcgen 0.1.0 wrote this for codegen version 4 of Tern; run the rpcgen of this runtime"
#endif

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <iosfwd>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "tern/codegen/union.h"
#include "tern/field.h"
#include "tern/unknown_fields.h"

/// Messages that contain themselves, each in another way.
namespace recursion {

struct File;
struct Expression;
struct Pair;

/// Through a list, a map, an optional and a union's list.
struct Tree {
  using Rest = std::variant<std::monostate, std::vector<Tree>, std::int32_t>;
  enum class RestCase : std::size_t { kNone, kForest, kCount };

  std::string label;
  std::vector<Tree> children;
  std::map<std::string, Tree> named;
  tern::Boxed<Tree> parent;
  Rest rest;

  Tree() = default;
  Tree(std::string label_, std::vector<Tree> children_, std::map<std::string, Tree> named_,
       tern::Boxed<Tree> parent_, Rest rest_)
      : label(std::move(label_)),
        children(std::move(children_)),
        named(std::move(named_)),
        parent(std::move(parent_)),
        rest(std::move(rest_)) {}
  bool operator==(const Tree&) const;
  friend std::ostream& operator<<(std::ostream&, const Tree&);

  /// Which member of `rest` is set.
  RestCase rest_case() const noexcept { return static_cast<RestCase>(rest.index()); }
  const std::vector<Tree>* forest() const noexcept { return std::get_if<1>(&rest); }
  std::vector<Tree>* forest() noexcept { return std::get_if<1>(&rest); }
  std::vector<Tree>& set_forest(std::vector<Tree> value) {
    return rest.emplace<1>(std::move(value));
  }
  const std::int32_t* count() const noexcept { return std::get_if<2>(&rest); }
  std::int32_t* count() noexcept { return std::get_if<2>(&rest); }
  std::int32_t& set_count(std::int32_t value) { return rest.emplace<2>(value); }
  /// Calls `visitor` with the member of `rest` that is set, or with std::monostate.
  template <typename Visitor>
  decltype(auto) visit_rest(Visitor&& visitor) const {
    return tern::visit_union(std::forward<Visitor>(visitor), rest);
  }
  template <typename Visitor>
  decltype(auto) visit_rest(Visitor&& visitor) {
    return tern::visit_union(std::forward<Visitor>(visitor), rest);
  }

  static constexpr std::string_view kTypeName = "recursion.Tree";
  static constexpr std::array<tern::Field, 6> kFields{{
      {1, "label"},
      {2, "children"},
      {3, "named"},
      {4, "parent"},
      {5, "forest"},
      {6, "count"},
  }};
  template <typename Self, typename Visitor>
  static constexpr bool visit_fields(Self& self, Visitor& visit) {
    return visit(kFields[0], self.label) && visit(kFields[1], self.children) &&
           visit(kFields[2], self.named) && visit(kFields[3], self.parent) &&
           visit(tern::UnionField<1>{kFields[4]}, self.rest) &&
           visit(tern::UnionField<2>{kFields[5]}, self.rest);
  }
};

struct Chain {
  std::int32_t link = 0;
  tern::Boxed<Chain> next;

  Chain() = default;
  Chain(std::int32_t link_, tern::Boxed<Chain> next_) : link(link_), next(std::move(next_)) {}
  bool operator==(const Chain&) const;
  friend std::ostream& operator<<(std::ostream&, const Chain&);

  static constexpr std::string_view kTypeName = "recursion.Chain";
  static constexpr std::array<tern::Field, 2> kFields{{{1, "link"}, {2, "next"}}};
  template <typename Self, typename Visitor>
  static constexpr bool visit_fields(Self& self, Visitor& visit) {
    return visit(kFields[0], self.link) && visit(kFields[1], self.next);
  }
};

/// Through each other; Folder names File before File is defined.
struct Folder {
  using Either = std::variant<std::monostate, std::vector<File>, std::int32_t>;
  enum class EitherCase : std::size_t { kNone, kMany, kOther };

  std::vector<File> files;
  std::map<std::string, File> by_name;
  tern::Boxed<File> first;
  Either either;

  Folder();
  Folder(std::vector<File> files_, std::map<std::string, File> by_name_, tern::Boxed<File> first_,
         Either either_);
  Folder(const Folder&);
  Folder(Folder&&) noexcept;
  Folder& operator=(const Folder&);
  Folder& operator=(Folder&&) noexcept;
  ~Folder();
  bool operator==(const Folder&) const;
  friend std::ostream& operator<<(std::ostream&, const Folder&);

  /// Which member of `either` is set.
  EitherCase either_case() const noexcept { return static_cast<EitherCase>(either.index()); }
  const std::vector<File>* many() const noexcept { return std::get_if<1>(&either); }
  std::vector<File>* many() noexcept { return std::get_if<1>(&either); }
  std::vector<File>& set_many(std::vector<File> value);
  const std::int32_t* other() const noexcept { return std::get_if<2>(&either); }
  std::int32_t* other() noexcept { return std::get_if<2>(&either); }
  std::int32_t& set_other(std::int32_t value);
  /// Calls `visitor` with the member of `either` that is set, or with std::monostate.
  template <typename Visitor>
  decltype(auto) visit_either(Visitor&& visitor) const {
    return tern::visit_union(std::forward<Visitor>(visitor), either);
  }
  template <typename Visitor>
  decltype(auto) visit_either(Visitor&& visitor) {
    return tern::visit_union(std::forward<Visitor>(visitor), either);
  }

  static constexpr std::string_view kTypeName = "recursion.Folder";
  static constexpr std::array<tern::Field, 5> kFields{{
      {1, "files"},
      {2, "by_name"},
      {3, "first"},
      {4, "many"},
      {5, "other"},
  }};
  template <typename Self, typename Visitor>
  static constexpr bool visit_fields(Self& self, Visitor& visit) {
    return visit(kFields[0], self.files) && visit(kFields[1], self.by_name) &&
           visit(kFields[2], self.first) && visit(tern::UnionField<1>{kFields[3]}, self.either) &&
           visit(tern::UnionField<2>{kFields[4]}, self.either);
  }
};

struct File {
  std::string name;
  Folder folder;
  tern::Boxed<Folder> backup;

  File() = default;
  File(std::string name_, Folder folder_, tern::Boxed<Folder> backup_)
      : name(std::move(name_)), folder(std::move(folder_)), backup(std::move(backup_)) {}
  bool operator==(const File&) const;
  friend std::ostream& operator<<(std::ostream&, const File&);

  static constexpr std::string_view kTypeName = "recursion.File";
  static constexpr std::array<tern::Field, 3> kFields{{{1, "name"}, {2, "folder"}, {3, "backup"}}};
  template <typename Self, typename Visitor>
  static constexpr bool visit_fields(Self& self, Visitor& visit) {
    return visit(kFields[0], self.name) && visit(kFields[1], self.folder) &&
           visit(kFields[2], self.backup);
  }
};

struct Sum {
  std::vector<Expression> terms;

  Sum();
  Sum(std::vector<Expression> terms_);
  Sum(const Sum&);
  Sum(Sum&&) noexcept;
  Sum& operator=(const Sum&);
  Sum& operator=(Sum&&) noexcept;
  ~Sum();
  bool operator==(const Sum&) const;
  friend std::ostream& operator<<(std::ostream&, const Sum&);

  static constexpr std::string_view kTypeName = "recursion.Sum";
  static constexpr std::array<tern::Field, 1> kFields{{{1, "terms"}}};
  template <typename Self, typename Visitor>
  static constexpr bool visit_fields(Self& self, Visitor& visit) {
    return visit(kFields[0], self.terms);
  }
};

struct Negation {
  tern::Boxed<Expression> operand;

  Negation();
  Negation(tern::Boxed<Expression> operand_);
  Negation(const Negation&);
  Negation(Negation&&) noexcept;
  Negation& operator=(const Negation&);
  Negation& operator=(Negation&&) noexcept;
  ~Negation();
  bool operator==(const Negation&) const;
  friend std::ostream& operator<<(std::ostream&, const Negation&);

  static constexpr std::string_view kTypeName = "recursion.Negation";
  static constexpr std::array<tern::Field, 1> kFields{{{1, "operand"}}};
  template <typename Self, typename Visitor>
  static constexpr bool visit_fields(Self& self, Visitor& visit) {
    return visit(kFields[0], self.operand);
  }
};

/// A calculation: a union that leads back to itself.
struct Expression {
  using Node = std::variant<std::monostate, double, Sum, Negation>;
  enum class NodeCase : std::size_t { kNone, kNumber, kSum, kNegation };

  Node node;

  Expression() = default;
  Expression(Node node_) : node(std::move(node_)) {}
  bool operator==(const Expression&) const;
  friend std::ostream& operator<<(std::ostream&, const Expression&);

  /// Which member of `node` is set.
  NodeCase node_case() const noexcept { return static_cast<NodeCase>(node.index()); }
  const double* number() const noexcept { return std::get_if<1>(&node); }
  double* number() noexcept { return std::get_if<1>(&node); }
  double& set_number(double value) { return node.emplace<1>(value); }
  const Sum* sum() const noexcept { return std::get_if<2>(&node); }
  Sum* sum() noexcept { return std::get_if<2>(&node); }
  Sum& set_sum(Sum value) { return node.emplace<2>(std::move(value)); }
  const Negation* negation() const noexcept { return std::get_if<3>(&node); }
  Negation* negation() noexcept { return std::get_if<3>(&node); }
  Negation& set_negation(Negation value) { return node.emplace<3>(std::move(value)); }
  /// Calls `visitor` with the member of `node` that is set, or with std::monostate.
  template <typename Visitor>
  decltype(auto) visit_node(Visitor&& visitor) const {
    return tern::visit_union(std::forward<Visitor>(visitor), node);
  }
  template <typename Visitor>
  decltype(auto) visit_node(Visitor&& visitor) {
    return tern::visit_union(std::forward<Visitor>(visitor), node);
  }

  static constexpr std::string_view kTypeName = "recursion.Expression";
  static constexpr std::array<tern::Field, 3> kFields{{{1, "number"}, {2, "sum"}, {3, "negation"}}};
  template <typename Self, typename Visitor>
  static constexpr bool visit_fields(Self& self, Visitor& visit) {
    return visit(tern::UnionField<1>{kFields[0]}, self.node) &&
           visit(tern::UnionField<2>{kFields[1]}, self.node) &&
           visit(tern::UnionField<3>{kFields[2]}, self.node);
  }
};

/// A union that holds its own struct, and one that does so through another struct.
struct Term {
  using Kind = std::variant<std::monostate, tern::Indirect<Term>, std::int64_t,
                            tern::Indirect<Pair>, std::vector<Term>>;
  enum class KindCase : std::size_t { kNone, kNegated, kLiteral, kSum, kCall };

  Kind kind;
  std::string note;

  Term();
  Term(Kind kind_, std::string note_);
  Term(const Term&);
  Term(Term&&) noexcept;
  Term& operator=(const Term&);
  Term& operator=(Term&&) noexcept;
  ~Term();
  bool operator==(const Term&) const;
  friend std::ostream& operator<<(std::ostream&, const Term&);

  /// Which member of `kind` is set.
  KindCase kind_case() const noexcept { return static_cast<KindCase>(kind.index()); }
  const Term* negated() const noexcept { return tern::indirect_if<1>(&kind); }
  Term* negated() noexcept { return tern::indirect_if<1>(&kind); }
  Term& set_negated(Term value);
  const std::int64_t* literal() const noexcept { return std::get_if<2>(&kind); }
  std::int64_t* literal() noexcept { return std::get_if<2>(&kind); }
  std::int64_t& set_literal(std::int64_t value);
  const Pair* sum() const noexcept { return tern::indirect_if<3>(&kind); }
  Pair* sum() noexcept { return tern::indirect_if<3>(&kind); }
  Pair& set_sum(Pair value);
  const std::vector<Term>* call() const noexcept { return std::get_if<4>(&kind); }
  std::vector<Term>* call() noexcept { return std::get_if<4>(&kind); }
  std::vector<Term>& set_call(std::vector<Term> value);
  /// Calls `visitor` with the member of `kind` that is set, or with std::monostate.
  template <typename Visitor>
  decltype(auto) visit_kind(Visitor&& visitor) const {
    return tern::visit_union(std::forward<Visitor>(visitor), kind);
  }
  template <typename Visitor>
  decltype(auto) visit_kind(Visitor&& visitor) {
    return tern::visit_union(std::forward<Visitor>(visitor), kind);
  }

  static constexpr std::string_view kTypeName = "recursion.Term";
  static constexpr std::array<tern::Field, 5> kFields{{
      {1, "negated"},
      {2, "literal"},
      {3, "sum"},
      {4, "call"},
      {5, "note"},
  }};
  template <typename Self, typename Visitor>
  static constexpr bool visit_fields(Self& self, Visitor& visit) {
    return visit(tern::UnionField<1>{kFields[0]}, self.kind) &&
           visit(tern::UnionField<2>{kFields[1]}, self.kind) &&
           visit(tern::UnionField<3>{kFields[2]}, self.kind) &&
           visit(tern::UnionField<4>{kFields[3]}, self.kind) && visit(kFields[4], self.note);
  }
};

struct Pair {
  Term left;
  Term right;

  Pair() = default;
  Pair(Term left_, Term right_) : left(std::move(left_)), right(std::move(right_)) {}
  bool operator==(const Pair&) const;
  friend std::ostream& operator<<(std::ostream&, const Pair&);

  static constexpr std::string_view kTypeName = "recursion.Pair";
  static constexpr std::array<tern::Field, 2> kFields{{{1, "left"}, {2, "right"}}};
  template <typename Self, typename Visitor>
  static constexpr bool visit_fields(Self& self, Visitor& visit) {
    return visit(kFields[0], self.left) && visit(kFields[1], self.right);
  }
};

/// What can be a key though it contains itself.
struct Path {
  using Either = std::variant<std::monostate, tern::Indirect<Path>, std::int32_t>;
  enum class EitherCase : std::size_t { kNone, kLeft, kNumber };

  std::string step;
  tern::Boxed<Path> next;
  Either either;
  std::vector<Path> others;

  Path() = default;
  Path(std::string step_, tern::Boxed<Path> next_, Either either_, std::vector<Path> others_)
      : step(std::move(step_)),
        next(std::move(next_)),
        either(std::move(either_)),
        others(std::move(others_)) {}
  bool operator==(const Path&) const;
  std::strong_ordering operator<=>(const Path&) const;
  friend std::ostream& operator<<(std::ostream&, const Path&);

  /// Which member of `either` is set.
  EitherCase either_case() const noexcept { return static_cast<EitherCase>(either.index()); }
  const Path* left() const noexcept { return tern::indirect_if<1>(&either); }
  Path* left() noexcept { return tern::indirect_if<1>(&either); }
  Path& set_left(Path value) { return *either.emplace<1>(std::move(value)); }
  const std::int32_t* number() const noexcept { return std::get_if<2>(&either); }
  std::int32_t* number() noexcept { return std::get_if<2>(&either); }
  std::int32_t& set_number(std::int32_t value) { return either.emplace<2>(value); }
  /// Calls `visitor` with the member of `either` that is set, or with std::monostate.
  template <typename Visitor>
  decltype(auto) visit_either(Visitor&& visitor) const {
    return tern::visit_union(std::forward<Visitor>(visitor), either);
  }
  template <typename Visitor>
  decltype(auto) visit_either(Visitor&& visitor) {
    return tern::visit_union(std::forward<Visitor>(visitor), either);
  }

  static constexpr std::string_view kTypeName = "recursion.Path";
  static constexpr std::array<tern::Field, 5> kFields{{
      {1, "step"},
      {2, "next"},
      {3, "left"},
      {4, "number"},
      {5, "others"},
  }};
  template <typename Self, typename Visitor>
  static constexpr bool visit_fields(Self& self, Visitor& visit) {
    return visit(kFields[0], self.step) && visit(kFields[1], self.next) &&
           visit(tern::UnionField<1>{kFields[2]}, self.either) &&
           visit(tern::UnionField<2>{kFields[3]}, self.either) && visit(kFields[4], self.others);
  }
};

/// What passes on fields that newer programs have.
struct Relayed {
  std::int32_t id = 0;
  tern::Boxed<Relayed> inner;
  std::vector<Relayed> more;
  /// What came in protobuf and is no field of this struct. It is written again.
  tern::UnknownFields unknown_fields;

  Relayed() = default;
  Relayed(std::int32_t id_, tern::Boxed<Relayed> inner_, std::vector<Relayed> more_)
      : id(id_), inner(std::move(inner_)), more(std::move(more_)) {}
  bool operator==(const Relayed&) const;
  std::strong_ordering operator<=>(const Relayed&) const;
  friend std::ostream& operator<<(std::ostream&, const Relayed&);

  static constexpr std::string_view kTypeName = "recursion.Relayed";
  static constexpr std::array<tern::Field, 3> kFields{{{1, "id"}, {2, "inner"}, {3, "more"}}};
  template <typename Self, typename Visitor>
  static constexpr bool visit_fields(Self& self, Visitor& visit) {
    return visit(kFields[0], self.id) && visit(kFields[1], self.inner) &&
           visit(kFields[2], self.more);
  }
};

/// What such a program has made of it.
struct Newer {
  std::int32_t id = 0;
  tern::Boxed<Newer> inner;
  std::vector<Newer> more;
  std::string note;
  std::map<std::string, std::int64_t> counts;
  std::vector<double> numbers;

  Newer() = default;
  Newer(std::int32_t id_, tern::Boxed<Newer> inner_, std::vector<Newer> more_, std::string note_,
        std::map<std::string, std::int64_t> counts_, std::vector<double> numbers_)
      : id(id_),
        inner(std::move(inner_)),
        more(std::move(more_)),
        note(std::move(note_)),
        counts(std::move(counts_)),
        numbers(std::move(numbers_)) {}
  bool operator==(const Newer&) const;
  friend std::ostream& operator<<(std::ostream&, const Newer&);

  static constexpr std::string_view kTypeName = "recursion.Newer";
  static constexpr std::array<tern::Field, 6> kFields{{
      {1, "id"},
      {2, "inner"},
      {3, "more"},
      {4, "note"},
      {5, "counts"},
      {600, "numbers"},
  }};
  template <typename Self, typename Visitor>
  static constexpr bool visit_fields(Self& self, Visitor& visit) {
    return visit(kFields[0], self.id) && visit(kFields[1], self.inner) &&
           visit(kFields[2], self.more) && visit(kFields[3], self.note) &&
           visit(kFields[4], self.counts) && visit(kFields[5], self.numbers);
  }
};

}  // namespace recursion

template <>
struct std::hash<recursion::Path> {
  std::size_t operator()(const recursion::Path& message) const noexcept;
};

template <>
struct std::hash<recursion::Relayed> {
  std::size_t operator()(const recursion::Relayed& message) const noexcept;
};
