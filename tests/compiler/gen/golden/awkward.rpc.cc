// Messages of awkward.rpc.
// Written by rpcgen 0.1.0: do not edit it, change awkward.rpc instead.
#include "awkward.rpc.h"

#include <vector>

#include "tern/codegen/type_ops_of.h"
#include "tern/print.h"

namespace awkward::namespace_ {

std::ostream& operator<<(std::ostream& out, const Point& message) {
  return tern::print(out, tern::type_ops<Point>(), &message);
}

std::ostream& operator<<(std::ostream& out, const Members& message) {
  return tern::print(out, tern::type_ops<Members>(), &message);
}

std::ostream& operator<<(std::ostream& out, const Empty& message) {
  return tern::print(out, tern::type_ops<Empty>(), &message);
}

std::ostream& operator<<(std::ostream& out, const argument& message) {
  return tern::print(out, tern::type_ops<argument>(), &message);
}

std::ostream& operator<<(std::ostream& out, const context& message) {
  return tern::print(out, tern::type_ops<context>(), &message);
}

std::ostream& operator<<(std::ostream& out, const call& message) {
  return tern::print(out, tern::type_ops<call>(), &message);
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
