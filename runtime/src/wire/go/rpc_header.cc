#include "wire/go/rpc_header.h"

#include "tern/codegen/type_ops_of.h"

namespace tern {

namespace {

// GeeRPC's name for the same header.
constexpr TypeShape kGeeRpcShape = [] {
  TypeShape shape = codec::make_shape<GoHeader>();
  shape.name = "codec.Header";
  return shape;
}();

constexpr TypeOps kGeeRpcOps = [] {
  TypeOps ops = codec::kTypeOps<GoHeader>;
  ops.name = kGeeRpcShape.name;
  ops.shape = &kGeeRpcShape;
  return ops;
}();

}  // namespace

std::string_view go_dialect_name(GoDialect dialect) noexcept {
  return dialect == GoDialect::kNetRpc ? "net/rpc" : "GeeRPC";
}

const TypeOps& go_request_header_ops() noexcept {
  return codec::kTypeOps<GoRequestHeader>;
}

const TypeOps& go_header_ops(GoDialect dialect) noexcept {
  return dialect == GoDialect::kNetRpc ? codec::kTypeOps<GoHeader> : kGeeRpcOps;
}

void set_error_text(const Status& status, std::string& text) {
  text.assign(status.message());
  if (text.empty()) text = code_name(status.code());
}

}  // namespace tern
