#include "wire/grpc/response.h"

#include <fmt/format.h>

#include <charconv>
#include <optional>
#include <utility>

#include "base/peer_text.h"
#include "tern/codec.h"
#include "wire/connect/codes.h"
#include "wire/grpc/compression.h"
#include "wire/grpc/error.h"
#include "wire/grpc/message_codec.h"

namespace tern::wire::grpc {

namespace {

constexpr std::string_view kContentType = "application/grpc";

// "application/grpc", "application/grpc+proto", "application/grpc;…": not "application/grpc-web".
bool is_grpc(std::string_view type) noexcept {
  if (!type.starts_with(kContentType)) return false;
  type.remove_prefix(kContentType.size());
  return type.empty() || type.front() == '+' || type.front() == ';' || type.front() == ' ';
}

int read_http_status(std::string_view text) noexcept {
  int status = 0;
  std::from_chars(text.data(), text.data() + text.size(), status);
  return status;
}

}  // namespace

void Response::add_head(const http2::Head& head) {
  if (complete()) return;
  if (head.over_limit) {
    fail(Code::kResourceExhausted,
         "the response has more metadata than the limit (Limits::metadata_bytes)");
    return;
  }
  if (stage_ == Stage::kBody) {
    if (!head.ends) {
      fail(Code::kInternal, "a second head came, and the stream does not end with it");
      return;
    }
    read_trailers(head.fields);
    return;
  }
  read_head(head.fields, head.ends);
}

void Response::read_head(const Fields& fields, bool ends) {
  http_status_ = read_http_status(find_field(fields, ":status"));
  // More is to come; the stream cannot end with it.
  if (http_status_ < 200) return;
  if (ends) {
    read_trailers(fields);
    return;
  }
  stage_ = Stage::kBody;
  const std::string_view type = find_field(fields, "content-type");
  if (http_status_ != 200 || !is_grpc(type)) {
    fail_as_http(type);
    return;
  }
  if (std::string_view name = find_field(fields, "grpc-encoding"); !name.empty()) {
    const std::optional<Compression> encoding = find_encoding(name);
    if (!encoding) {
      fail(Code::kInternal, fmt::format("grpc-encoding: \"{}\" came; expected one of \"{}\"",
                                        base::peer_text(name), kEncodings));
      return;
    }
    encoding_ = *encoding;
  }
  pack_metadata(fields, initial_metadata_);
}

void Response::read_trailers(const Fields& fields) {
  pack_metadata(fields, trailing_metadata_);
  const std::string_view status = find_field(fields, "grpc-status");
  if (status.empty()) {
    fail_as_http(find_field(fields, "content-type"));
    return;
  }
  Outcome outcome;
  outcome.code = read_code(status);
  if (outcome.code == Code::kOk) {
    stage_ = Stage::kEnded;
    if (body_ == Body::kOneMessage) check_one_message();
    return;
  }
  outcome.message = unescape_message(find_field(fields, "grpc-message"));
  read_details(find_field(fields, "grpc-status-details-bin"), outcome.detail_type, outcome.detail);
  outcome_ = std::move(outcome);
  stage_ = Stage::kEnded;
}

void Response::check_one_message() {
  Status cut_off = reader_.end();
  if (!cut_off.ok()) {
    fail(Code::kInternal, std::string(cut_off.message()), HandlerRan::kYes);
  } else if (messages_ == 0) {
    fail(Code::kUnimplemented, "the server sent no message; expected one", HandlerRan::kYes);
  }
}

bool Response::next(ByteView& bytes, over_http2::MessagePiece& piece) {
  while (stage_ == Stage::kBody && reader_.next(bytes, limits_.message_bytes, encoding_, piece)) {
    if (body_ == Body::kMessages) return true;
    add_to_message(piece);
  }
  return false;
}

void Response::add_to_message(over_http2::MessagePiece& piece) {
  if (!piece.refused.ok()) {
    refused_ = std::move(piece.refused);
    limit_ = piece.limit;
    stage_ = Stage::kFailed;
    return;
  }
  if (messages_ == 1) {
    fail(Code::kUnimplemented, "the server sent a second message; expected one", HandlerRan::kYes);
    return;
  }
  if (piece.whole > 0) compressed_ = piece.envelope.front() == std::byte{1};
  message_.append(piece.bytes);
  if (!piece.continues) ++messages_;
}

void Response::end_body() {
  if (!complete()) fail(Code::kUnknown, "the server ended the stream without grpc-status");
}

void Response::reset(const over_http2::StreamReset& why) {
  if (complete()) return;
  const Status status = over_http2::status_of(why, stage_ != Stage::kNothing);
  fail(status.code(), std::string(status.message()), status.handler_ran());
}

void Response::put_outcome(Frame& frame) {
  frame.metadata = trailing_metadata_.view();
  if (!refused_.ok()) {
    frame.refused = refused_;
    frame.limit = limit_;
    return;
  }
  if (outcome_.code == Code::kOk) {
    frame.body = message_.view();
    return;
  }
  frame.kind = FrameKind::kError;
  frame.code = outcome_.code;
  frame.ran = outcome_.ran;
  frame.message = outcome_.message;
  frame.detail_type = outcome_.detail_type;
  frame.body = outcome_.detail.view();
}

Status Response::read_body(ByteView body, const TypeOps& type, void* result) const {
  Buffer room;
  ByteView message;
  Status failure = unpack_message(compressed_, body, limits_.message_bytes, room, message);
  if (!failure.ok()) return failure;
  return proto_codec().decode(type, message, result, limits_.decode());
}

// What is no answer of gRPC's: of a proxy, or of another kind of server.
void Response::fail_as_http(std::string_view content_type) {
  fail(http_status_ == 200 ? Code::kUnknown : connect::code_of_http_status(http_status_),
       fmt::format("http: status {} with content-type \"{}\" and no grpc-status; expected status "
                   "200 with \"{}\"",
                   http_status_, base::peer_text(content_type), kContentType));
}

void Response::fail(Code code, std::string text, HandlerRan ran) {
  outcome_ = Outcome();
  outcome_.code = code;
  outcome_.message = std::move(text);
  outcome_.ran = ran;
  stage_ = Stage::kFailed;
}

}  // namespace tern::wire::grpc
