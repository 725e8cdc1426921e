#include "wire/grpc/error.h"

#include <cstdint>
#include <string>

#include "codec/base64.h"
#include "codec/proto/wire.h"
#include "codec/utf8.h"
#include "tern/buffer.h"
#include "tern/codec.h"
#include "tern/codegen/type_ops.h"

namespace tern::wire::grpc {

namespace {

constexpr std::string_view kTypePrefix = "type.googleapis.com/";

void put_varint(std::uint64_t value, Buffer& out) {
  for (; value >= 0x80; value >>= 7) out.push_back(static_cast<std::byte>(value | 0x80));
  out.push_back(static_cast<std::byte>(value));
}

// A field of bytes, a string or a message.
void put_field(std::uint32_t number, ByteView bytes, Buffer& out) {
  put_varint(codec::proto::tag_of(number, codec::proto::WireType::kLength), out);
  put_varint(bytes.size(), out);
  out.append(bytes);
}

// google/rpc/status.proto: code = 1, message = 2, details = 3; Any: type_url = 1, value = 2.
bool write_details(const Status& status, Buffer& out) {
  const TypeOps* type = status.detail_type();
  if (!type) return false;
  Buffer value;
  if (!proto_codec().encode(*type, status.detail_value(), value).ok()) return false;
  Buffer any;
  put_field(1, as_bytes(std::string(kTypePrefix).append(type->name)), any);
  put_field(2, value.view(), any);
  put_varint(codec::proto::tag_of(1, codec::proto::WireType::kVarint), out);
  put_varint(static_cast<std::uint64_t>(status.code()), out);
  if (codec::is_utf8(status.message())) put_field(2, as_bytes(status.message()), out);
  put_field(3, any.view(), out);
  return true;
}

}  // namespace

void add_error(const Status& status, Fields& fields) {
  fields.emplace_back("grpc-status", std::to_string(static_cast<int>(status.code())));
  if (!status.message().empty()) {
    fields.emplace_back("grpc-message", escape_message(status.message()));
  }
  Buffer details;
  if (!write_details(status, details)) return;
  std::string text(codec::base64_size(details.size()), '\0');
  codec::write_base64(details.view(), text.data());
  while (text.ends_with('=')) text.pop_back();
  fields.emplace_back("grpc-status-details-bin", std::move(text));
}

}  // namespace tern::wire::grpc
