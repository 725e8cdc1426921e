// Messages of common.rpc.
// Written by rpcgen 0.1.0: do not edit it, change common.rpc instead.
#include "common.rpc.h"

#include <memory>
#include <string>

#include "tern/codegen/type_ops_of.h"
#include "tern/print.h"

namespace tests::common {

std::ostream& operator<<(std::ostream& out, const Point& message) {
  return tern::print(out, tern::type_ops<Point>(), &message);
}

std::ostream& operator<<(std::ostream& out, const NotFound& message) {
  return tern::print(out, tern::type_ops<NotFound>(), &message);
}

tern::Status NotFound::to_status() const {
  return tern::Status::with_detail(kCode, std::string(kMessage), tern::type_ops<NotFound>(),
                                   std::make_shared<const NotFound>(*this));
}

}  // namespace tests::common

// The codecs. Only this file includes their templates.
template const tern::TypeOps& tern::type_ops<tests::common::Point>() noexcept;
template const tern::TypeOps& tern::type_ops<tests::common::NotFound>() noexcept;
