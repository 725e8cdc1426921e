// Messages of recursion.rpc.
// Written by rpcgen 0.1.0: do not edit it, change recursion.rpc instead.
#include "recursion.rpc.h"

#include "tern/codec/type_ops_of.h"

namespace recursion {

bool Tree::operator==(const Tree& other) const {
  return label == other.label && children == other.children && named == other.named &&
         parent == other.parent && rest == other.rest;
}

bool Chain::operator==(const Chain& other) const {
  return link == other.link && next == other.next;
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

bool File::operator==(const File& other) const {
  return name == other.name && folder == other.folder && backup == other.backup;
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

bool Expression::operator==(const Expression& other) const {
  return node == other.node;
}

}  // namespace recursion

// The codecs. Only this file includes their templates.
template const tern::TypeOps& tern::type_ops<recursion::Tree>() noexcept;
template const tern::TypeOps& tern::type_ops<recursion::Chain>() noexcept;
template const tern::TypeOps& tern::type_ops<recursion::Folder>() noexcept;
template const tern::TypeOps& tern::type_ops<recursion::File>() noexcept;
template const tern::TypeOps& tern::type_ops<recursion::Sum>() noexcept;
template const tern::TypeOps& tern::type_ops<recursion::Negation>() noexcept;
template const tern::TypeOps& tern::type_ops<recursion::Expression>() noexcept;
