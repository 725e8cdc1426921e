// Messages of streams.rpc.
// Written by rpcgen 0.1.0: do not edit it, change streams.rpc instead.
#include "streams.rpc.h"

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "tern/codegen/type_ops_of.h"
#include "tern/print.h"

#include "common.rpc.h"

// Users of what is deprecated here are warned; this file is not.
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"

namespace tests::streams {

std::ostream& operator<<(std::ostream& out, const WatchRequest& message) {
  return tern::print(out, tern::type_ops<WatchRequest>(), &message);
}

std::ostream& operator<<(std::ostream& out, const Change& message) {
  return tern::print(out, tern::type_ops<Change>(), &message);
}

std::ostream& operator<<(std::ostream& out, const Entry& message) {
  return tern::print(out, tern::type_ops<Entry>(), &message);
}

std::ostream& operator<<(std::ostream& out, const Summary& message) {
  return tern::print(out, tern::type_ops<Summary>(), &message);
}

std::ostream& operator<<(std::ostream& out, const Gone& message) {
  return tern::print(out, tern::type_ops<Gone>(), &message);
}

tern::Status Gone::to_status() const {
  return tern::Status::with_detail(kCode, std::string(kMessage), tern::type_ops<Gone>(),
                                   std::make_shared<const Gone>(*this));
}

std::ostream& operator<<(std::ostream& out, const Full& message) {
  return tern::print(out, tern::type_ops<Full>(), &message);
}

tern::Status Full::to_status() const {
  return tern::Status::with_detail(kCode, std::string(kMessage), tern::type_ops<Full>(),
                                   std::make_shared<const Full>(*this));
}

}  // namespace tests::streams

// The codecs. Only this file includes their templates.
template const tern::TypeOps& tern::type_ops<tests::streams::WatchRequest>() noexcept;
template const tern::TypeOps& tern::type_ops<tests::streams::Change>() noexcept;
template const tern::TypeOps& tern::type_ops<tests::streams::Entry>() noexcept;
template const tern::TypeOps& tern::type_ops<tests::streams::Summary>() noexcept;
template const tern::TypeOps& tern::type_ops<tests::streams::Gone>() noexcept;
template const tern::TypeOps& tern::type_ops<tests::streams::Full>() noexcept;
#ifndef TERN_TYPE_OPS_tests_c_cstreams_c_cColor
#define TERN_TYPE_OPS_tests_c_cstreams_c_cColor
template const tern::TypeOps& tern::type_ops<tests::streams::Color>() noexcept;
#endif
#ifndef TERN_TYPE_OPS_std_c_cvector_lstd_c_cstring_g
#define TERN_TYPE_OPS_std_c_cvector_lstd_c_cstring_g
template const tern::TypeOps& tern::type_ops<std::vector<std::string>>() noexcept;
#endif
#ifndef TERN_TYPE_OPS_std_c_cmap_lstd_c_cstring_astd_c_cint32_ut_g
#define TERN_TYPE_OPS_std_c_cmap_lstd_c_cstring_astd_c_cint32_ut_g
template const tern::TypeOps& tern::type_ops<std::map<std::string, std::int32_t>>() noexcept;
#endif
#ifndef TERN_TYPE_OPS_std_c_cmap_lstd_c_cstring_astd_c_cvector_ltests_c_ccommon_c_cSeverity_g_g
#define TERN_TYPE_OPS_std_c_cmap_lstd_c_cstring_astd_c_cvector_ltests_c_ccommon_c_cSeverity_g_g
template const tern::TypeOps&
tern::type_ops<std::map<std::string, std::vector<tests::common::Severity>>>() noexcept;
#endif
