// Messages of recursion.rpc.
// Written by rpcgen 0.1.0: do not edit it, change recursion.rpc instead.
#pragma once

#include "tern/version.h"
#if TERN_CODEGEN_VERSION != 1
#error \
    "recursion.rpc.h: rpcgen 0.1.0 wrote this for codegen version 1 of Tern; run the rpcgen of this runtime"
#endif

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "tern/field.h"

/// Messages that contain themselves, each in another way.
namespace recursion {

struct File;
struct Expression;

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

  /// Which member of `rest` is set.
  RestCase rest_case() const noexcept { return static_cast<RestCase>(rest.index()); }
  const std::vector<Tree>* forest() const noexcept { return std::get_if<1>(&rest); }
  std::vector<Tree>& set_forest(std::vector<Tree> value) {
    return rest.emplace<1>(std::move(value));
  }
  const std::int32_t* count() const noexcept { return std::get_if<2>(&rest); }
  std::int32_t& set_count(std::int32_t value) { return rest.emplace<2>(value); }

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

  /// Which member of `either` is set.
  EitherCase either_case() const noexcept { return static_cast<EitherCase>(either.index()); }
  const std::vector<File>* many() const noexcept { return std::get_if<1>(&either); }
  std::vector<File>& set_many(std::vector<File> value);
  const std::int32_t* other() const noexcept { return std::get_if<2>(&either); }
  std::int32_t& set_other(std::int32_t value);

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

  /// Which member of `node` is set.
  NodeCase node_case() const noexcept { return static_cast<NodeCase>(node.index()); }
  const double* number() const noexcept { return std::get_if<1>(&node); }
  double& set_number(double value) { return node.emplace<1>(value); }
  const Sum* sum() const noexcept { return std::get_if<2>(&node); }
  Sum& set_sum(Sum value) { return node.emplace<2>(std::move(value)); }
  const Negation* negation() const noexcept { return std::get_if<3>(&node); }
  Negation& set_negation(Negation value) { return node.emplace<3>(std::move(value)); }

  static constexpr std::string_view kTypeName = "recursion.Expression";
  static constexpr std::array<tern::Field, 3> kFields{{{1, "number"}, {2, "sum"}, {3, "negation"}}};
  template <typename Self, typename Visitor>
  static constexpr bool visit_fields(Self& self, Visitor& visit) {
    return visit(tern::UnionField<1>{kFields[0]}, self.node) &&
           visit(tern::UnionField<2>{kFields[1]}, self.node) &&
           visit(tern::UnionField<3>{kFields[2]}, self.node);
  }
};

}  // namespace recursion
