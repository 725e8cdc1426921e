#include "wire/go/rpc_header.h"

#include "tern/codegen/type_ops_of.h"

namespace tern::wire::go {

namespace {

// GeeRPC's name for the same header.
constexpr TypeShape kGeeRpcShape = [] {
  TypeShape shape = codec::make_shape<Header>();
  shape.name = "codec.Header";
  return shape;
}();

constexpr TypeOps kGeeRpcOps = [] {
  TypeOps ops = codec::kTypeOps<Header>;
  ops.name = kGeeRpcShape.name;
  ops.shape = &kGeeRpcShape;
  return ops;
}();

}  // namespace

std::string_view dialect_name(Dialect dialect) noexcept {
  return dialect == Dialect::kNetRpc ? "net/rpc" : "GeeRPC";
}

const TypeOps& request_header_ops() noexcept {
  return codec::kTypeOps<RequestHeader>;
}

const TypeOps& header_ops(Dialect dialect) noexcept {
  return dialect == Dialect::kNetRpc ? codec::kTypeOps<Header> : kGeeRpcOps;
}

void set_error_text(const Status& status, std::string& text) {
  text.assign(status.message());
  if (text.empty()) text = code_name(status.code());
}

}  // namespace tern::wire::go
