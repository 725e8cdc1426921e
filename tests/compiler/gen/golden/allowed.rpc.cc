// Messages of allowed.rpc.
// Written by rpcgen 0.1.0: do not edit it, change allowed.rpc instead.
#include "allowed.rpc.h"

#include "tern/codegen/type_ops_of.h"
#include "tern/print.h"

namespace allowed {

std::ostream& operator<<(std::ostream& out, const Key& message) {
  return tern::print(out, tern::type_ops<Key>(), &message);
}

}  // namespace allowed

// The codecs. Only this file includes their templates.
template const tern::TypeOps& tern::type_ops<allowed::Key>() noexcept;
