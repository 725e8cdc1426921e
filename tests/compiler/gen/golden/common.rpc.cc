// Messages of common.rpc.
// Written by rpcgen 0.1.0: do not edit it, change common.rpc instead.
#include "common.rpc.h"

#include <memory>
#include <string>

#include "tern/codec/type_ops_of.h"

namespace tests::common {

std::string_view enum_name(Severity value) noexcept {
  switch (value) {
    case Severity::Debug:
      return "Debug";
    case Severity::Info:
      return "Info";
    case Severity::Warning:
      return "Warning";
    case Severity::Critical:
      return "Critical";
  }
  return "";
}

bool enum_value(std::string_view name, Severity& value) noexcept {
  for (Severity each : {Severity::Debug, Severity::Info, Severity::Warning, Severity::Critical}) {
    if (enum_name(each) == name) {
      value = each;
      return true;
    }
  }
  return false;
}

tern::Status NotFound::to_status() const {
  return tern::Status::with_detail(kCode, std::string(kMessage), tern::type_ops<NotFound>(),
                                   std::make_shared<const NotFound>(*this));
}

}  // namespace tests::common

// The codecs. Only this file includes their templates.
template const tern::TypeOps& tern::type_ops<tests::common::Point>() noexcept;
template const tern::TypeOps& tern::type_ops<tests::common::NotFound>() noexcept;
