#include "wire/grpc/response.h"

#include <fmt/format.h>

#include <charconv>
#include <optional>
#include <utility>

#include "base/peer_text.h"
#include "wire/connect/codes.h"
#include "wire/grpc/compression.h"
#include "wire/grpc/error.h"

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

// RFC 9113, section 7, as gRPC reads it.
Code code_of_reset(std::uint32_t code, bool late) noexcept {
  constexpr std::uint32_t kInadequateSecurity = 12;
  switch (code) {
    case static_cast<std::uint32_t>(http2::ErrorCode::kRefusedStream):
      return Code::kUnavailable;
    case static_cast<std::uint32_t>(http2::ErrorCode::kCancel):
      return late ? Code::kDeadlineExceeded : Code::kCancelled;
    case static_cast<std::uint32_t>(http2::ErrorCode::kEnhanceYourCalm):
      return Code::kResourceExhausted;
    case kInadequateSecurity:
      return Code::kPermissionDenied;
    default:
      return Code::kInternal;
  }
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

bool Response::next(ByteView& bytes, std::size_t message_bytes, StreamReader::Piece& piece) {
  if (stage_ != Stage::kBody) {
    bytes = {};
    return false;
  }
  if (!reader_.next(bytes, message_bytes, encoding_, piece)) return false;
  if (body_ == Body::kMessages) return true;
  if (!piece.refused.ok()) {
    refused_ = std::move(piece.refused);
    limit_ = piece.limit;
    stage_ = Stage::kFailed;
    return true;
  }
  if (messages_ == 1) {
    fail(Code::kUnimplemented, "the server sent a second message; expected one", HandlerRan::kYes);
    return true;
  }
  if (piece.whole > 0) compressed_ = piece.flag == std::byte{1};
  message_.append(piece.bytes);
  if (!piece.continues) ++messages_;
  return true;
}

void Response::end_body() {
  if (!complete()) fail(Code::kUnknown, "the server ended the stream without grpc-status");
}

void Response::reset(std::uint32_t code, bool late, std::string_view going_away) {
  if (complete()) return;
  const bool refused = code == static_cast<std::uint32_t>(http2::ErrorCode::kRefusedStream);
  fail(code_of_reset(code, late),
       refused ? fmt::format("the server has not begun the call (REFUSED_STREAM){}{}",
                             going_away.empty() ? "" : ": ", going_away)
               : fmt::format("the server has reset the stream ({})", http2::error_name(code)),
       refused && stage_ == Stage::kNothing ? HandlerRan::kNo : HandlerRan::kUnknown);
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
