// What net/rpc and GeeRPC have in common, whatever their values are written in: a header before
// each argument and result. rpc_error_text.h has what they say of errors.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "tern/codegen/method.h"
#include "tern/codegen/type_ops.h"
#include "tern/field.h"
#include "tern/status.h"

namespace tern::wire::go {

enum class Dialect : std::uint8_t { kNetRpc, kGeeRpc };

// "net/rpc", "GeeRPC".
std::string_view dialect_name(Dialect dialect) noexcept;

// The header of net/rpc's requests.
struct RequestHeader {
  static constexpr std::string_view kTypeName = "rpc.Request";
  static constexpr std::array<Field, 2> kFields{{{1, "ServiceMethod", true}, {2, "Seq", true}}};

  std::string service_method;
  std::uint64_t seq = 0;

  RequestHeader() = default;

  template <typename Self, typename Visitor>
  static constexpr bool visit_fields(Self& self, Visitor& visit) {
    return visit(kFields[0], self.service_method) && visit(kFields[1], self.seq);
  }
};

// The header of net/rpc's replies, and every header of GeeRPC's.
struct Header : RequestHeader {
  static constexpr std::string_view kTypeName = "rpc.Response";
  static constexpr std::array<Field, 3> kFields{
      {{1, "ServiceMethod", true}, {2, "Seq", true}, {3, "Error", true}}};

  std::string error;  // not empty: the call failed, and the body says nothing

  Header() = default;

  template <typename Self, typename Visitor>
  static constexpr bool visit_fields(Self& self, Visitor& visit) {
    return visit(kFields[0], self.service_method) && visit(kFields[1], self.seq) &&
           visit(kFields[2], self.error);
  }
};

// The tables of RequestHeader, and of Header under the name that the dialect has for it.
const TypeOps& request_header_ops() noexcept;
const TypeOps& header_ops(Dialect dialect) noexcept;

// Sets `text` to what both systems call a method: "Arith.Multiply", without the package.
inline void set_service_method(const Method& method, std::string& text) {
  text.assign(method.service.substr(method.service.rfind('.') + 1));
  text.push_back('.');
  text.append(method.name);
}

// Sets `text` to that of a failure. It is never empty, since an empty one means that all is well.
void set_error_text(const Status& status, std::string& text);

}  // namespace tern::wire::go
