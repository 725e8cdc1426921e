#include "wire/grpc/error.h"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <string>
#include <system_error>
#include <vector>

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

// A reader of what write_details() writes, and of whatever else is in a google.rpc.Status.
class FieldReader {
 public:
  explicit FieldReader(ByteView in) noexcept : in_(in) {}

  // The next field. False: there is none, or it makes no sense.
  bool next(std::uint32_t& number, ByteView& bytes) noexcept {
    std::uint64_t tag = 0;
    if (in_.empty() || !varint(tag)) return false;
    number = static_cast<std::uint32_t>(tag >> 3);
    bytes = {};
    std::uint64_t size = 0;
    switch (static_cast<codec::proto::WireType>(tag & 7)) {
      case codec::proto::WireType::kVarint:
        return varint(size);
      case codec::proto::WireType::kFixed64:
        return take(8, bytes);
      case codec::proto::WireType::kFixed32:
        return take(4, bytes);
      case codec::proto::WireType::kLength:
        return varint(size) && take(size, bytes);
      default:
        return false;
    }
  }

 private:
  bool varint(std::uint64_t& value) noexcept {
    value = 0;
    for (unsigned shift = 0; shift < 64 && !in_.empty(); shift += 7) {
      const auto byte = std::to_integer<std::uint64_t>(in_.front());
      in_ = in_.subspan(1);
      value |= (byte & 0x7f) << shift;
      if (byte < 0x80) return true;
    }
    return false;
  }
  bool take(std::uint64_t size, ByteView& bytes) noexcept {
    if (size > in_.size()) return false;
    bytes = in_.first(static_cast<std::size_t>(size));
    in_ = in_.subspan(static_cast<std::size_t>(size));
    return true;
  }

  ByteView in_;
};

// The bytes of the first field of this number.
ByteView find_bytes(ByteView in, std::uint32_t wanted) noexcept {
  FieldReader fields(in);
  std::uint32_t number = 0;
  ByteView bytes;
  while (fields.next(number, bytes)) {
    if (number == wanted) return bytes;
  }
  return {};
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

Code read_code(std::string_view text) noexcept {
  constexpr int kLast = static_cast<int>(Code::kUnauthenticated);
  int code = 0;
  const char* end = text.data() + text.size();
  const auto [at, failure] = std::from_chars(text.data(), end, code);
  if (failure != std::errc() || at != end || code < 0 || code > kLast) return Code::kUnknown;
  return static_cast<Code>(code);
}

void read_details(std::string_view value, std::string& type, Buffer& detail) {
  std::vector<std::byte> bytes;
  if (value.empty() || !codec::read_base64(value, bytes)) return;
  const ByteView any = find_bytes(bytes, 3);
  std::string_view url = as_text(find_bytes(any, 1));
  url.remove_prefix(std::min(url.size(), url.rfind('/') + 1));
  type = url;
  if (!type.empty()) detail.append(find_bytes(any, 2));
}

}  // namespace tern::wire::grpc
