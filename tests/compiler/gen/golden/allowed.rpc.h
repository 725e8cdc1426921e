// Messages of allowed.rpc.
// Written by rpcgen 0.1.0: do not edit it, change allowed.rpc instead.
#pragma once

#include "tern/version.h"
#if TERN_CODEGEN_VERSION != 4
#error \
    "allowed.rpc.h: rpcgen 0.1.0 wrote this for codegen version 4 of Tern; run the rpcgen of this runtime"
#endif

#include <array>
#include <iosfwd>
#include <string>
#include <string_view>
#include <utility>

#include "tern/field.h"

namespace allowed {

struct Key {
  std::string name;

  Key() = default;
  constexpr Key(std::string name_) : name(std::move(name_)) {}
  bool operator==(const Key&) const = default;
  friend std::ostream& operator<<(std::ostream&, const Key&);

  static constexpr std::string_view kTypeName = "allowed.Key";
  static constexpr std::array<tern::Field, 1> kFields{{{1, "name"}}};
  template <typename Self, typename Visitor>
  static constexpr bool visit_fields(Self& self, Visitor& visit) {
    return visit(kFields[0], self.name);
  }
};

}  // namespace allowed
