// Messages of recursion.rpc.
// Written by rpcgen 0.1.0: do not edit it, change recursion.rpc instead.
#include "recursion.rpc.h"

#include "tern/codegen/hash.h"
#include "tern/codegen/type_ops_of.h"
#include "tern/print.h"

namespace recursion {

bool Tree::operator==(const Tree& other) const {
  return label == other.label && children == other.children && named == other.named &&
         parent == other.parent && rest == other.rest;
}

std::ostream& operator<<(std::ostream& out, const Tree& message) {
  return tern::print(out, tern::type_ops<Tree>(), &message);
}

bool Chain::operator==(const Chain& other) const {
  return link == other.link && next == other.next;
}

std::ostream& operator<<(std::ostream& out, const Chain& message) {
  return tern::print(out, tern::type_ops<Chain>(), &message);
}

Folder::Folder() = default;
Folder::Folder(std::vector<File> files_, std::map<std::string, File> by_name_,
               tern::Boxed<File> first_, Either either_)
    : files(std::move(files_)),
      by_name(std::move(by_name_)),
      first(std::move(first_)),
      either(std::move(either_)) {}
Folder::Folder(const Folder&) = default;
Folder::Folder(Folder&&) noexcept = default;
Folder& Folder::operator=(const Folder&) = default;
Folder& Folder::operator=(Folder&&) noexcept = default;
Folder::~Folder() = default;

bool Folder::operator==(const Folder& other_message) const {
  return files == other_message.files && by_name == other_message.by_name &&
         first == other_message.first && either == other_message.either;
}

std::vector<File>& Folder::set_many(std::vector<File> value) {
  return either.emplace<1>(std::move(value));
}

std::int32_t& Folder::set_other(std::int32_t value) {
  return either.emplace<2>(value);
}

std::ostream& operator<<(std::ostream& out, const Folder& message) {
  return tern::print(out, tern::type_ops<Folder>(), &message);
}

bool File::operator==(const File& other) const {
  return name == other.name && folder == other.folder && backup == other.backup;
}

std::ostream& operator<<(std::ostream& out, const File& message) {
  return tern::print(out, tern::type_ops<File>(), &message);
}

Sum::Sum() = default;
Sum::Sum(std::vector<Expression> terms_) : terms(std::move(terms_)) {}
Sum::Sum(const Sum&) = default;
Sum::Sum(Sum&&) noexcept = default;
Sum& Sum::operator=(const Sum&) = default;
Sum& Sum::operator=(Sum&&) noexcept = default;
Sum::~Sum() = default;

bool Sum::operator==(const Sum& other) const {
  return terms == other.terms;
}

std::ostream& operator<<(std::ostream& out, const Sum& message) {
  return tern::print(out, tern::type_ops<Sum>(), &message);
}

Negation::Negation() = default;
Negation::Negation(tern::Boxed<Expression> operand_) : operand(std::move(operand_)) {}
Negation::Negation(const Negation&) = default;
Negation::Negation(Negation&&) noexcept = default;
Negation& Negation::operator=(const Negation&) = default;
Negation& Negation::operator=(Negation&&) noexcept = default;
Negation::~Negation() = default;

bool Negation::operator==(const Negation& other) const {
  return operand == other.operand;
}

std::ostream& operator<<(std::ostream& out, const Negation& message) {
  return tern::print(out, tern::type_ops<Negation>(), &message);
}

bool Expression::operator==(const Expression& other) const {
  return node == other.node;
}

std::ostream& operator<<(std::ostream& out, const Expression& message) {
  return tern::print(out, tern::type_ops<Expression>(), &message);
}

Term::Term() = default;
Term::Term(Kind kind_, std::string note_) : kind(std::move(kind_)), note(std::move(note_)) {}
Term::Term(const Term&) = default;
Term::Term(Term&&) noexcept = default;
Term& Term::operator=(const Term&) = default;
Term& Term::operator=(Term&&) noexcept = default;
Term::~Term() = default;

bool Term::operator==(const Term& other) const {
  return kind == other.kind && note == other.note;
}

Term& Term::set_negated(Term value) {
  return *kind.emplace<1>(std::move(value));
}

std::int64_t& Term::set_literal(std::int64_t value) {
  return kind.emplace<2>(value);
}

Pair& Term::set_sum(Pair value) {
  return *kind.emplace<3>(std::move(value));
}

std::vector<Term>& Term::set_call(std::vector<Term> value) {
  return kind.emplace<4>(std::move(value));
}

std::ostream& operator<<(std::ostream& out, const Term& message) {
  return tern::print(out, tern::type_ops<Term>(), &message);
}

bool Pair::operator==(const Pair& other) const {
  return left == other.left && right == other.right;
}

std::ostream& operator<<(std::ostream& out, const Pair& message) {
  return tern::print(out, tern::type_ops<Pair>(), &message);
}

bool Path::operator==(const Path& other) const {
  return step == other.step && next == other.next && either == other.either &&
         others == other.others;
}

std::strong_ordering Path::operator<=>(const Path& other) const {
  std::strong_ordering order = step <=> other.step;
  if (order != 0) return order;
  order = next <=> other.next;
  if (order != 0) return order;
  order = either <=> other.either;
  if (order != 0) return order;
  return others <=> other.others;
}

std::ostream& operator<<(std::ostream& out, const Path& message) {
  return tern::print(out, tern::type_ops<Path>(), &message);
}

bool Relayed::operator==(const Relayed& other) const {
  return id == other.id && inner == other.inner && more == other.more &&
         unknown_fields == other.unknown_fields;
}

std::strong_ordering Relayed::operator<=>(const Relayed& other) const {
  std::strong_ordering order = id <=> other.id;
  if (order != 0) return order;
  order = inner <=> other.inner;
  if (order != 0) return order;
  order = more <=> other.more;
  if (order != 0) return order;
  return unknown_fields <=> other.unknown_fields;
}

std::ostream& operator<<(std::ostream& out, const Relayed& message) {
  return tern::print(out, tern::type_ops<Relayed>(), &message);
}

bool Newer::operator==(const Newer& other) const {
  return id == other.id && inner == other.inner && more == other.more && note == other.note &&
         counts == other.counts && numbers == other.numbers;
}

std::ostream& operator<<(std::ostream& out, const Newer& message) {
  return tern::print(out, tern::type_ops<Newer>(), &message);
}

}  // namespace recursion

std::size_t std::hash<recursion::Path>::operator()(const recursion::Path& message) const noexcept {
  return tern::hash_value(tern::type_ops<recursion::Path>(), &message);
}

std::size_t std::hash<recursion::Relayed>::operator()(
    const recursion::Relayed& message) const noexcept {
  return tern::hash_value(tern::type_ops<recursion::Relayed>(), &message);
}

// The codecs. Only this file includes their templates.
template const tern::TypeOps& tern::type_ops<recursion::Tree>() noexcept;
template const tern::TypeOps& tern::type_ops<recursion::Chain>() noexcept;
template const tern::TypeOps& tern::type_ops<recursion::Folder>() noexcept;
template const tern::TypeOps& tern::type_ops<recursion::File>() noexcept;
template const tern::TypeOps& tern::type_ops<recursion::Sum>() noexcept;
template const tern::TypeOps& tern::type_ops<recursion::Negation>() noexcept;
template const tern::TypeOps& tern::type_ops<recursion::Expression>() noexcept;
template const tern::TypeOps& tern::type_ops<recursion::Term>() noexcept;
template const tern::TypeOps& tern::type_ops<recursion::Pair>() noexcept;
template const tern::TypeOps& tern::type_ops<recursion::Path>() noexcept;
template const tern::TypeOps& tern::type_ops<recursion::Relayed>() noexcept;
template const tern::TypeOps& tern::type_ops<recursion::Newer>() noexcept;
