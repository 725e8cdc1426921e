// Messages of arith.rpc.
// Written by rpcgen 0.1.0: do not edit it, change arith.rpc instead.
#include "arith.rpc.h"

#include <memory>
#include <string>

#include "tern/codegen/type_ops_of.h"
#include "tern/print.h"

namespace arith {

std::ostream& operator<<(std::ostream& out, const Args& message) {
  return tern::print(out, tern::type_ops<Args>(), &message);
}

std::ostream& operator<<(std::ostream& out, const Quotient& message) {
  return tern::print(out, tern::type_ops<Quotient>(), &message);
}

std::ostream& operator<<(std::ostream& out, const DivideByZero& message) {
  return tern::print(out, tern::type_ops<DivideByZero>(), &message);
}

tern::Status DivideByZero::to_status() const {
  return tern::Status::with_detail(kCode, std::string(kMessage), tern::type_ops<DivideByZero>(),
                                   std::make_shared<const DivideByZero>(*this));
}

}  // namespace arith

// The codecs. Only this file includes their templates.
template const tern::TypeOps& tern::type_ops<arith::Args>() noexcept;
template const tern::TypeOps& tern::type_ops<arith::Quotient>() noexcept;
template const tern::TypeOps& tern::type_ops<arith::DivideByZero>() noexcept;
