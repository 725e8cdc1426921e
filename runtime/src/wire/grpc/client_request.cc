#include "wire/grpc/client_request.h"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

#include "tern/codec.h"
#include "wire/grpc/compression.h"
#include "wire/grpc/message_codec.h"
#include "wire/grpc/message_prefix.h"
#include "wire/grpc/text.h"

namespace tern::wire::grpc {

namespace {

constexpr std::string_view kUserAgent = "grpc-c++-tern/0.1.0";

}  // namespace

void add_request_fields(const RequestHead& head, http2::Fields& fields) {
  fields.emplace_back(":path", fmt::format("/{}/{}", head.method->service, head.method->name));
  fields.emplace_back("te", "trailers");
  fields.emplace_back("content-type", "application/grpc");
  fields.emplace_back("grpc-accept-encoding", kEncodings);
  fields.emplace_back("user-agent", kUserAgent);
  if (head.compression == Compression::kGzip) fields.emplace_back("grpc-encoding", "gzip");
  if (head.timeout.count() > 0) fields.emplace_back("grpc-timeout", timeout_text(head.timeout));
  if (head.metadata) add_metadata(*head.metadata, fields);
}

Status put_request_message(const TypeOps& type, const void* value, Compression how, Buffer& out) {
  out.grow(MessagePrefix::kSize);
  bool compressed = false;
  Status failure = encode_message(proto_codec(), type, value, how, out, compressed);
  if (!failure.ok()) return failure;
  const auto prefix = MessagePrefix::of(out.size() - MessagePrefix::kSize, compressed);
  std::copy(prefix.begin(), prefix.end(), out.data());
  return {};
}

}  // namespace tern::wire::grpc
