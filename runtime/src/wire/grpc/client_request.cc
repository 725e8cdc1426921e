#include "wire/grpc/client_request.h"

#include <fmt/format.h>

#include <algorithm>
#include <string>

#include "tern/codec.h"
#include "wire/grpc/compression.h"
#include "wire/grpc/message_codec.h"
#include "wire/grpc/message_prefix.h"
#include "wire/grpc/text.h"

namespace tern::wire::grpc {

namespace {

constexpr std::string_view kUserAgent = "grpc-c++-tern/0.1.0";

}  // namespace

http2::Fields request_fields(const RequestHead& head, std::string_view authority,
                             std::string_view scheme) {
  http2::Fields fields = {{":method", "POST"},
                          {":scheme", std::string(scheme)},
                          {":path", fmt::format("/{}/{}", head.method->service, head.method->name)},
                          {":authority", std::string(authority)},
                          {"te", "trailers"},
                          {"content-type", "application/grpc"},
                          {"grpc-accept-encoding", std::string(kEncodings)},
                          {"user-agent", std::string(kUserAgent)}};
  if (head.compression == Compression::kGzip) fields.emplace_back("grpc-encoding", "gzip");
  if (head.timeout.count() > 0) fields.emplace_back("grpc-timeout", timeout_text(head.timeout));
  if (head.metadata) add_metadata(*head.metadata, fields);
  return fields;
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
