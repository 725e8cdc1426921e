// Messages of everything.rpc.
// Written by rpcgen 0.1.0: do not edit it, change everything.rpc instead.
#include "everything.rpc.h"

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "tern/codec/type_ops_of.h"

// Users of what is deprecated here are warned; this file is not.
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"

namespace tests::everything {

std::string_view enum_name(Color value) noexcept {
  switch (value) {
    case Color::Red:
      return "Red";
    case Color::Green:
      return "Green";
    case Color::Blue:
      return "Blue";
    case Color::Ultraviolet:
      return "Ultraviolet";
    case Color::Infrared:
      return "Infrared";
  }
  return "";
}

bool enum_value(std::string_view name, Color& value) noexcept {
  for (Color each : {Color::Red, Color::Green, Color::Blue, Color::Ultraviolet, Color::Infrared}) {
    if (enum_name(each) == name) {
      value = each;
      return true;
    }
  }
  return false;
}

std::string_view enum_name(Scale value) noexcept {
  switch (value) {
    case Scale::int_:
      return "int";
    case Scale::double_:
      return "double";
    case Scale::default_:
      return "default";
  }
  return "";
}

bool enum_value(std::string_view name, Scale& value) noexcept {
  for (Scale each : {Scale::int_, Scale::double_, Scale::default_}) {
    if (enum_name(each) == name) {
      value = each;
      return true;
    }
  }
  return false;
}

bool Tree::operator==(const Tree& other) const {
  return label == other.label && left == other.left && right == other.right &&
         children == other.children && named == other.named && grouped == other.grouped;
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

bool Wife::operator==(const Wife& other) const {
  return name == other.name && husband == other.husband;
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

bool Entry::operator==(const Entry& other) const {
  return content == other.content && link == other.link;
}

tern::Status Broken::to_status() const {
  return tern::Status::with_detail(kCode, std::string(kMessage), tern::type_ops<Broken>(),
                                   std::make_shared<const Broken>(*this));
}

tern::Status Silent::to_status() const {
  return tern::Status::with_detail(kCode, std::string(kMessage), tern::type_ops<Silent>(),
                                   std::make_shared<const Silent>(*this));
}

tern::Status Retired::to_status() const {
  return tern::Status::with_detail(kCode, std::string(kMessage), tern::type_ops<Retired>(),
                                   std::make_shared<const Retired>(*this));
}

}  // namespace tests::everything

// The codecs. Only this file includes their templates.
template const tern::TypeOps& tern::type_ops<tests::everything::Scalars>() noexcept;
template const tern::TypeOps& tern::type_ops<tests::everything::Optionals>() noexcept;
template const tern::TypeOps& tern::type_ops<tests::everything::Lists>() noexcept;
template const tern::TypeOps& tern::type_ops<tests::everything::Maps>() noexcept;
template const tern::TypeOps& tern::type_ops<tests::everything::Defaults>() noexcept;
template const tern::TypeOps& tern::type_ops<tests::everything::Renamed>() noexcept;
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
