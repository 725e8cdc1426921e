#include "wire/grpc_web/client_body.h"

#include <fmt/format.h>

#include <array>
#include <utility>

#include "base/ascii.h"
#include "base/peer_text.h"
#include "wire/connect/codes.h"
#include "wire/grpc/text.h"
#include "wire/grpc_web/request.h"

namespace tern::wire::grpc_web {

namespace {

// Servers may leave out what is the same in all of them.
constexpr std::array kTypes{&over_http::kGrpcWeb, &over_http::kGrpcWebProto};

}  // namespace

void ClientBody::add_headers(const RequestHead& head, Headers& headers) const {
  headers.emplace_back("Accept", type().name);
  headers.emplace_back("X-Grpc-Web", "1");
  if (head.timeout.count() > 0) {
    headers.emplace_back("Grpc-Timeout", grpc::timeout_text(head.timeout));
  }
}

Status ClientBody::put_body(const RequestHead&, const TypeOps& type, const void* argument,
                            Buffer& body) {
  return proto_codec().encode(type, argument, body);
}

bool ClientBody::is_in_envelopes(const http::Head& head, bool) const noexcept {
  return head.status == 200 && over_http::find_media_type(head, kTypes) != nullptr;
}

Status ClientBody::add_metadata(const Metadata& metadata, Headers& headers) const {
  Status failure = grpc::check_metadata(metadata, limits_.metadata_bytes);
  if (!failure.ok()) return failure;
  for (const Metadata::Entry& entry : metadata) {
    if (!is_not_metadata(base::to_lower(entry.first))) continue;
    return Status(Code::kInvalidArgument,
                  fmt::format("metadata: the key \"{}\" is gRPC-Web's or HTTP's own", entry.first),
                  HandlerRan::kNo);
  }
  grpc::add_metadata(metadata, headers);
  return {};
}

Status ClientBody::read_metadata(const http::Head& head, Metadata& metadata) const {
  return grpc_web::read_metadata(head, metadata);
}

// Where a server says how the call has ended, in whatever answer, an error counts. Success does not
// without its message.
void ClientBody::read_answer(const http::Head& head, bool, ByteView body, Frame& frame) {
  frame.kind = FrameKind::kError;
  frame.ran = HandlerRan::kUnknown;
  end_ = end_of(fields_of(head));
  if (end_ && end_->error) {
    frame.code = end_->error->code;
    frame.message = end_->error->message;
    frame.detail_type = end_->error->detail_type;
    frame.body = end_->error->detail;
    return;
  }
  frame.code = head.status == 200 ? Code::kUnknown : connect::code_of_http_status(head.status);
  message_ = fmt::format(
      "http: status {} with Content-Type \"{}\": \"{}\"; expected status 200 with \"{}\"",
      head.status, base::peer_text(head.get("content-type")), base::peer_text(as_text(body)),
      type().name);
  frame.message = message_;
}

}  // namespace tern::wire::grpc_web
