// Messages of everything.rpc.
// Written by rpcgen 0.1.0: do not edit it, change everything.rpc instead.
#include "everything.rpc.h"

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "tern/codegen/hash.h"
#include "tern/codegen/type_ops_of.h"
#include "tern/print.h"

// Users of what is deprecated here are warned; this file is not.
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"

namespace tests::everything {

std::ostream& operator<<(std::ostream& out, const Scalars& message) {
  return tern::print(out, tern::type_ops<Scalars>(), &message);
}

std::ostream& operator<<(std::ostream& out, const Optionals& message) {
  return tern::print(out, tern::type_ops<Optionals>(), &message);
}

std::ostream& operator<<(std::ostream& out, const Lists& message) {
  return tern::print(out, tern::type_ops<Lists>(), &message);
}

std::ostream& operator<<(std::ostream& out, const Maps& message) {
  return tern::print(out, tern::type_ops<Maps>(), &message);
}

std::ostream& operator<<(std::ostream& out, const Forms& message) {
  return tern::print(out, tern::type_ops<Forms>(), &message);
}

std::ostream& operator<<(std::ostream& out, const Defaults& message) {
  return tern::print(out, tern::type_ops<Defaults>(), &message);
}

std::ostream& operator<<(std::ostream& out, const Renamed& message) {
  return tern::print(out, tern::type_ops<Renamed>(), &message);
}

std::ostream& operator<<(std::ostream& out, const Part& message) {
  return tern::print(out, tern::type_ops<Part>(), &message);
}

std::ostream& operator<<(std::ostream& out, const Key& message) {
  return tern::print(out, tern::type_ops<Key>(), &message);
}

std::ostream& operator<<(std::ostream& out, const Switch& message) {
  return tern::print(out, tern::type_ops<Switch>(), &message);
}

std::ostream& operator<<(std::ostream& out, const Count& message) {
  return tern::print(out, tern::type_ops<Count>(), &message);
}

std::ostream& operator<<(std::ostream& out, const Ratio& message) {
  return tern::print(out, tern::type_ops<Ratio>(), &message);
}

std::ostream& operator<<(std::ostream& out, const Keywords& message) {
  return tern::print(out, tern::type_ops<Keywords>(), &message);
}

std::ostream& operator<<(std::ostream& out, const Reserved& message) {
  return tern::print(out, tern::type_ops<Reserved>(), &message);
}

std::ostream& operator<<(std::ostream& out, const Empty& message) {
  return tern::print(out, tern::type_ops<Empty>(), &message);
}

std::ostream& operator<<(std::ostream& out, const Circle& message) {
  return tern::print(out, tern::type_ops<Circle>(), &message);
}

std::ostream& operator<<(std::ostream& out, const Square& message) {
  return tern::print(out, tern::type_ops<Square>(), &message);
}

std::ostream& operator<<(std::ostream& out, const Shape& message) {
  return tern::print(out, tern::type_ops<Shape>(), &message);
}

bool Tree::operator==(const Tree& other) const {
  return label == other.label && left == other.left && right == other.right &&
         children == other.children && named == other.named && grouped == other.grouped;
}

std::ostream& operator<<(std::ostream& out, const Tree& message) {
  return tern::print(out, tern::type_ops<Tree>(), &message);
}

Husband::Husband() = default;
Husband::Husband(std::string name_, tern::Boxed<Wife> wife_)
    : name(std::move(name_)), wife(std::move(wife_)) {}
Husband::Husband(const Husband&) = default;
Husband::Husband(Husband&&) noexcept = default;
Husband& Husband::operator=(const Husband&) = default;
Husband& Husband::operator=(Husband&&) noexcept = default;
Husband::~Husband() = default;

bool Husband::operator==(const Husband& other) const {
  return name == other.name && wife == other.wife;
}

std::ostream& operator<<(std::ostream& out, const Husband& message) {
  return tern::print(out, tern::type_ops<Husband>(), &message);
}

bool Wife::operator==(const Wife& other) const {
  return name == other.name && husband == other.husband;
}

std::ostream& operator<<(std::ostream& out, const Wife& message) {
  return tern::print(out, tern::type_ops<Wife>(), &message);
}

Folder::Folder() = default;
Folder::Folder(std::string name_, std::vector<Entry> entries_)
    : name(std::move(name_)), entries(std::move(entries_)) {}
Folder::Folder(const Folder&) = default;
Folder::Folder(Folder&&) noexcept = default;
Folder& Folder::operator=(const Folder&) = default;
Folder& Folder::operator=(Folder&&) noexcept = default;
Folder::~Folder() = default;

bool Folder::operator==(const Folder& other) const {
  return name == other.name && entries == other.entries;
}

std::ostream& operator<<(std::ostream& out, const Folder& message) {
  return tern::print(out, tern::type_ops<Folder>(), &message);
}

bool Entry::operator==(const Entry& other) const {
  return content == other.content && link == other.link;
}

std::ostream& operator<<(std::ostream& out, const Entry& message) {
  return tern::print(out, tern::type_ops<Entry>(), &message);
}

std::ostream& operator<<(std::ostream& out, const Later& message) {
  return tern::print(out, tern::type_ops<Later>(), &message);
}

std::ostream& operator<<(std::ostream& out, const Forward& message) {
  return tern::print(out, tern::type_ops<Forward>(), &message);
}

std::ostream& operator<<(std::ostream& out, const Old& message) {
  return tern::print(out, tern::type_ops<Old>(), &message);
}

std::ostream& operator<<(std::ostream& out, const Broken& message) {
  return tern::print(out, tern::type_ops<Broken>(), &message);
}

tern::Status Broken::to_status() const {
  return tern::Status::with_detail(kCode, std::string(kMessage), tern::type_ops<Broken>(),
                                   std::make_shared<const Broken>(*this));
}

std::ostream& operator<<(std::ostream& out, const Silent& message) {
  return tern::print(out, tern::type_ops<Silent>(), &message);
}

tern::Status Silent::to_status() const {
  return tern::Status::with_detail(kCode, std::string(kMessage), tern::type_ops<Silent>(),
                                   std::make_shared<const Silent>(*this));
}

std::ostream& operator<<(std::ostream& out, const Retired& message) {
  return tern::print(out, tern::type_ops<Retired>(), &message);
}

tern::Status Retired::to_status() const {
  return tern::Status::with_detail(kCode, std::string(kMessage), tern::type_ops<Retired>(),
                                   std::make_shared<const Retired>(*this));
}

}  // namespace tests::everything

std::size_t std::hash<tests::everything::Part>::operator()(
    const tests::everything::Part& message) const noexcept {
  return tern::hash_value(tern::type_ops<tests::everything::Part>(), &message);
}

std::size_t std::hash<tests::everything::Key>::operator()(
    const tests::everything::Key& message) const noexcept {
  return tern::hash_value(tern::type_ops<tests::everything::Key>(), &message);
}

// The codecs. Only this file includes their templates.
template const tern::TypeOps& tern::type_ops<tests::everything::Scalars>() noexcept;
template const tern::TypeOps& tern::type_ops<tests::everything::Optionals>() noexcept;
template const tern::TypeOps& tern::type_ops<tests::everything::Lists>() noexcept;
template const tern::TypeOps& tern::type_ops<tests::everything::Maps>() noexcept;
template const tern::TypeOps& tern::type_ops<tests::everything::Forms>() noexcept;
template const tern::TypeOps& tern::type_ops<tests::everything::Defaults>() noexcept;
template const tern::TypeOps& tern::type_ops<tests::everything::Renamed>() noexcept;
template const tern::TypeOps& tern::type_ops<tests::everything::Part>() noexcept;
template const tern::TypeOps& tern::type_ops<tests::everything::Key>() noexcept;
template const tern::TypeOps& tern::type_ops<tests::everything::Switch>() noexcept;
template const tern::TypeOps& tern::type_ops<tests::everything::Count>() noexcept;
template const tern::TypeOps& tern::type_ops<tests::everything::Ratio>() noexcept;
template const tern::TypeOps& tern::type_ops<tests::everything::Keywords>() noexcept;
template const tern::TypeOps& tern::type_ops<tests::everything::Reserved>() noexcept;
template const tern::TypeOps& tern::type_ops<tests::everything::Empty>() noexcept;
template const tern::TypeOps& tern::type_ops<tests::everything::Circle>() noexcept;
template const tern::TypeOps& tern::type_ops<tests::everything::Square>() noexcept;
template const tern::TypeOps& tern::type_ops<tests::everything::Shape>() noexcept;
template const tern::TypeOps& tern::type_ops<tests::everything::Tree>() noexcept;
template const tern::TypeOps& tern::type_ops<tests::everything::Husband>() noexcept;
template const tern::TypeOps& tern::type_ops<tests::everything::Wife>() noexcept;
template const tern::TypeOps& tern::type_ops<tests::everything::Folder>() noexcept;
template const tern::TypeOps& tern::type_ops<tests::everything::Entry>() noexcept;
template const tern::TypeOps& tern::type_ops<tests::everything::Later>() noexcept;
template const tern::TypeOps& tern::type_ops<tests::everything::Forward>() noexcept;
template const tern::TypeOps& tern::type_ops<tests::everything::Old>() noexcept;
template const tern::TypeOps& tern::type_ops<tests::everything::Broken>() noexcept;
template const tern::TypeOps& tern::type_ops<tests::everything::Silent>() noexcept;
template const tern::TypeOps& tern::type_ops<tests::everything::Retired>() noexcept;
#ifndef TERN_TYPE_OPS_tests_c_ceverything_c_cColor
#define TERN_TYPE_OPS_tests_c_ceverything_c_cColor
template const tern::TypeOps& tern::type_ops<tests::everything::Color>() noexcept;
#endif
#ifndef TERN_TYPE_OPS_std_c_cvector_lstd_c_cint64_ut_g
#define TERN_TYPE_OPS_std_c_cvector_lstd_c_cint64_ut_g
template const tern::TypeOps& tern::type_ops<std::vector<std::int64_t>>() noexcept;
#endif
#ifndef TERN_TYPE_OPS_std_c_cmap_lstd_c_cstring_astd_c_cint32_ut_g
#define TERN_TYPE_OPS_std_c_cmap_lstd_c_cstring_astd_c_cint32_ut_g
template const tern::TypeOps& tern::type_ops<std::map<std::string, std::int32_t>>() noexcept;
#endif
#ifndef TERN_TYPE_OPS_std_c_cmap_lstd_c_cint32_ut_astd_c_cvector_lstd_c_cstring_g_g
#define TERN_TYPE_OPS_std_c_cmap_lstd_c_cint32_ut_astd_c_cvector_lstd_c_cstring_g_g
template const tern::TypeOps&
tern::type_ops<std::map<std::int32_t, std::vector<std::string>>>() noexcept;
#endif
#ifndef TERN_TYPE_OPS_std_c_cvector_lstd_c_cstring_g
#define TERN_TYPE_OPS_std_c_cvector_lstd_c_cstring_g
template const tern::TypeOps& tern::type_ops<std::vector<std::string>>() noexcept;
#endif
