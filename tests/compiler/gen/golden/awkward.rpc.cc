// Messages of awkward.rpc.
// Written by rpcgen 0.1.0: do not edit it, change awkward.rpc instead.
#include "awkward.rpc.h"

#include <vector>

#include "tern/codec/type_ops_of.h"

namespace awkward::namespace_ {

std::string_view enum_name(Color value) noexcept {
  switch (value) {
    case Color::Red:
      return "Red";
    case Color::default_:
      return "default";
  }
  return "";
}

bool enum_value(std::string_view name, Color& value) noexcept {
  for (Color each : {Color::Red, Color::default_}) {
    if (enum_name(each) == name) {
      value = each;
      return true;
    }
  }
  return false;
}

std::string_view enum_name(::awkward::namespace_::name value) noexcept {
  switch (value) {
    case ::awkward::namespace_::name::each:
      return "each";
    case ::awkward::namespace_::name::value:
      return "value";
  }
  return "";
}

bool enum_value(std::string_view name, ::awkward::namespace_::name& value) noexcept {
  for (::awkward::namespace_::name each :
       {::awkward::namespace_::name::each, ::awkward::namespace_::name::value}) {
    if (enum_name(each) == name) {
      value = each;
      return true;
    }
  }
  return false;
}

}  // namespace awkward::namespace_

// The codecs. Only this file includes their templates.
template const tern::TypeOps& tern::type_ops<awkward::namespace_::Point>() noexcept;
template const tern::TypeOps& tern::type_ops<awkward::namespace_::Members>() noexcept;
template const tern::TypeOps& tern::type_ops<awkward::namespace_::Empty>() noexcept;
template const tern::TypeOps& tern::type_ops<awkward::namespace_::argument>() noexcept;
template const tern::TypeOps& tern::type_ops<awkward::namespace_::context>() noexcept;
template const tern::TypeOps& tern::type_ops<awkward::namespace_::call>() noexcept;
#ifndef TERN_TYPE_OPS_awkward_c_cnamespace_u_c_cColor
#define TERN_TYPE_OPS_awkward_c_cnamespace_u_c_cColor
template const tern::TypeOps& tern::type_ops<awkward::namespace_::Color>() noexcept;
#endif
#ifndef TERN_TYPE_OPS_std_c_cvector_lawkward_c_cnamespace_u_c_cEmpty_g
#define TERN_TYPE_OPS_std_c_cvector_lawkward_c_cnamespace_u_c_cEmpty_g
template const tern::TypeOps& tern::type_ops<std::vector<awkward::namespace_::Empty>>() noexcept;
#endif
