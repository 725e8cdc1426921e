#include "wire/over_http2/http_client.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/ascii.h"
#include "wire/grpc/message_prefix.h"
#include "wire/grpc/text.h"
#include "wire/over_http2/http_response.h"

namespace tern::wire::over_http2 {

namespace {

// What HTTP/2 counts for a field beside its name and its value.
constexpr std::size_t kFieldOverhead = 32;

// The space around a value is none of it: HTTP/1.1 drops it, and in HTTP/2 there must be none (RFC
// 9113, section 8.2.1).
void add_field(std::string name, std::string_view value, http2::Fields& fields) {
  constexpr std::string_view kSpace = " \t";
  const std::size_t first = std::min(value.find_first_not_of(kSpace), value.size());
  value.remove_prefix(first);
  value = value.substr(0, value.find_last_not_of(kSpace) + 1);
  fields.emplace_back(std::move(name), value);
}

Status check_size(const over_http::ClientBody::Headers& metadata, std::size_t most) {
  std::size_t bytes = 0;
  for (const auto& [name, value] : metadata) bytes += name.size() + value.size() + kFieldOverhead;
  if (bytes <= most) return {};
  return Status(Code::kResourceExhausted,
                fmt::format("the metadata has {} bytes; the limit is {} (Limits::metadata_bytes)",
                            bytes, most),
                HandlerRan::kNo);
}

}  // namespace

HttpClientProtocol::HttpClientProtocol(const Limits& limits, std::string_view name,
                                       std::string authority, std::string_view scheme,
                                       std::unique_ptr<over_http::ClientBody> calls)
    : ClientProtocol(limits, name, std::move(authority), scheme), calls_(std::move(calls)) {}

Status HttpClientProtocol::read_metadata(const Frame& frame, Metadata& metadata) {
  for (auto& [name, value] : grpc::unpack(frame.metadata)) {
    metadata.add(std::move(name), std::move(value));
  }
  return {};
}

Status HttpClientProtocol::put_request(const RequestHead& head, const TypeOps& type,
                                       const void* argument, http2::Fields& fields, Buffer& body) {
  over_http::ClientBody::Headers metadata;
  if (head.metadata) {
    Status failure = calls_->add_metadata(*head.metadata, metadata);
    if (failure.ok()) failure = check_size(metadata, limits().metadata_bytes);
    if (!failure.ok()) return failure;
  }
  const std::size_t prefix = head.opens_stream ? grpc::MessagePrefix::kSize : 0;
  if (!head.opens_stream || !client_streams(head.method->kind)) {
    body.grow(prefix);
    Status failure = calls_->put_body(head, type, argument, body);
    if (!failure.ok()) return failure;
    const auto bytes = grpc::MessagePrefix::of(body.size() - prefix);
    std::copy_n(bytes.begin(), prefix, body.data());
  }
  fields.emplace_back(":path", calls_->path(head));
  fields.emplace_back("content-type",
                      head.opens_stream ? calls_->stream_type().name : calls_->type().name);
  over_http::ClientBody::Headers own;
  calls_->add_headers(head, own);
  for (auto& [name, value] : own) add_field(base::to_lower(name), value, fields);
  for (auto& [name, value] : metadata) add_field(std::move(name), value, fields);
  return {};
}

std::unique_ptr<ClientResponse> HttpClientProtocol::make_response(const RequestHead& head) {
  return std::make_unique<HttpResponse>(head, limits(), *calls_);
}

}  // namespace tern::wire::over_http2
