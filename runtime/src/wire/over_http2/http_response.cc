#include "wire/over_http2/http_response.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "tern/metadata.h"
#include "wire/grpc/text.h"
#include "wire/over_http2/http_head.h"

namespace tern::wire::over_http2 {

namespace {

using over_http::AnswerReader;

AnswerReader::Expected expected_of(const RequestHead& head) noexcept {
  if (!head.opens_stream) return AnswerReader::Expected::kReply;
  return server_streams(head.method->kind) ? AnswerReader::Expected::kMessages
                                           : AnswerReader::Expected::kReplyToStream;
}

void pack(const Metadata& metadata, Buffer& out) {
  grpc::pack(grpc::Fields(metadata.begin(), metadata.end()), out);
}

}  // namespace

HttpResponse::HttpResponse(const RequestHead& head, const Limits& limits,
                           over_http::ClientBody& calls)
    : limits_(limits), calls_(calls), stream_(head.opens_stream), expected_(expected_of(head)) {}

void HttpResponse::add_head(const http2::Head& head) {
  if (complete()) return;
  if (head.over_limit) {
    fail(Code::kResourceExhausted,
         "the response has more metadata than the limit (Limits::metadata_bytes)");
  } else if (stage_ == Stage::kNothing) {
    begin(head.fields);
  } else if (!head.ends) {
    fail(Code::kInternal, "a second head came, and the stream does not end with it");
  }
  // Trailers of HTTP say nothing of the call.
  if (head.ends) end_body();
}

void HttpResponse::begin(const http2::Fields& fields) {
  read_http_head(fields, head_);
  // More is to come; the stream cannot end with it.
  if (head_.status < 200) return;
  Metadata metadata;
  const Status failure = calls_.read_metadata(head_, metadata);
  if (!failure.ok()) {
    fail(failure.code(), std::string(failure.message()));
    return;
  }
  pack(metadata, metadata_);
  in_envelopes_ = calls_.is_in_envelopes(head_, stream_);
  if (in_envelopes_) answer_.begin(0, expected_, head_, *calls_.envelopes(), limits_);
  stage_ = in_envelopes_ ? Stage::kEnvelopes : Stage::kBody;
}

bool HttpResponse::next(ByteView& bytes, MessagePiece& piece) {
  if (stage_ == Stage::kBody) gather(std::exchange(bytes, {}));
  while ((stage_ == Stage::kEnvelopes || stage_ == Stage::kLast) && !bytes.empty()) {
    Frame frame;
    http::Fault fault;
    std::size_t used = 0;
    const AnswerReader::Step step = answer_.next(bytes, used, frame, fault);
    bytes = bytes.subspan(used);
    switch (step) {
      case AnswerReader::Step::kFrame:
        if (frame.initial_metadata) break;
        piece = {{}, frame.body, frame.whole, frame.continues, frame.refused, frame.limit};
        return true;
      case AnswerReader::Step::kLast:
        take_end(frame);
        break;
      case AnswerReader::Step::kBroken:
        fail(Code::kInternal, std::move(fault.text));
        break;
      case AnswerReader::Step::kMore:
      case AnswerReader::Step::kEnd:
        return false;
    }
  }
  return false;
}

// What is too long is no reply. An error of somebody else's, such as a proxy, may be so long, and
// its beginning says enough.
void HttpResponse::gather(ByteView bytes) {
  gathered_ += bytes.size();
  const std::size_t room = limits_.message_bytes - body_.size();
  body_.append(bytes.first(std::min(bytes.size(), room)));
  if (bytes.size() > room) stage_ = Stage::kCut;
}

std::size_t HttpResponse::take_own_bytes() noexcept {
  const std::size_t all = gathered_ + answer_.end_bytes();
  return all - std::exchange(told_bytes_, all);
}

// What is longer than a reply may be is cut.
std::optional<std::size_t> HttpResponse::to_come() const noexcept {
  const std::optional<std::uint64_t> length = head_.content_length;
  if (stage_ != Stage::kBody || !length) return std::nullopt;
  if (*length < body_.size() || *length > limits_.message_bytes) return std::nullopt;
  return static_cast<std::size_t>(*length - body_.size());
}

void HttpResponse::end_body() {
  if (stage_ == Stage::kEnvelopes) read_end();
  if (stage_ == Stage::kBody || stage_ == Stage::kLast) stage_ = Stage::kEnded;
}

// There has been no last envelope, and answer_ says what that means.
void HttpResponse::read_end() {
  answer_.end_body();
  while (stage_ == Stage::kEnvelopes) {
    Frame frame;
    http::Fault fault;
    std::size_t used = 0;
    switch (answer_.next({}, used, frame, fault)) {
      case AnswerReader::Step::kFrame:  // initial metadata
        break;
      case AnswerReader::Step::kLast:
        take_end(frame);
        break;
      default:
        fail(Code::kInternal, std::move(fault.text));
        break;
    }
  }
}

// The stream ends behind it. It is not reset before: a server that is told of so many resets may
// take them for an attack.
void HttpResponse::take_end(const Frame& end) {
  end_ = end;
  stage_ = Stage::kLast;
  if (end.metadata.empty()) return;
  const over_http::AnswerEnd& said = answer_.end();
  if (said.unreadable.ok()) {
    pack(said.metadata, end_metadata_);
  } else {
    fail(said.unreadable.code(), std::string(said.unreadable.message()));
  }
}

void HttpResponse::reset(const StreamReset& why) {
  if (complete()) return;
  if (stage_ == Stage::kLast) {
    stage_ = Stage::kEnded;
    return;
  }
  failure_ = status_of(why, stage_ != Stage::kNothing);
  // A server has no other word for the end of a stream there, whatever its reason is.
  if (stage_ == Stage::kEnvelopes && answer_.in_envelope()) {
    failure_ = Status(why.late ? Code::kDeadlineExceeded : failure_.code(),
                      fmt::format("{} within a message", failure_.message()), HandlerRan::kUnknown);
  }
  stage_ = Stage::kFailed;
}

ByteView HttpResponse::initial_metadata() const noexcept {
  return in_envelopes_ ? metadata_.view() : ByteView();
}

void HttpResponse::put_outcome(Frame& frame) {
  if (stage_ == Stage::kFailed) {
    frame.kind = FrameKind::kError;
    frame.code = failure_.code();
    frame.ran = failure_.handler_ran();
    frame.message = failure_.message();
    return;
  }
  if (in_envelopes_) {
    const std::uint64_t id = frame.id;
    frame = end_;
    frame.id = id;
    frame.metadata = end_metadata_.view();
    return;
  }
  frame.metadata = metadata_.view();
  calls_.read_answer(head_, stream_, body_.view(), frame);
  if (stage_ != Stage::kCut || frame.kind != FrameKind::kReply) return;
  frame.refused =
      Status(Code::kResourceExhausted, fmt::format("the body is longer than the limit, {} bytes "
                                                   "(Limits::message_bytes)",
                                                   limits_.message_bytes));
  frame.limit = FrameLimit::kMessage;
}

Status HttpResponse::read_body(ByteView body, const TypeOps& type, void* result) const {
  return calls_.type().codec().decode(type, body, result, limits_.decode());
}

void HttpResponse::fail(Code code, std::string text) {
  failure_ = Status(code, std::move(text), HandlerRan::kUnknown);
  stage_ = Stage::kFailed;
}

}  // namespace tern::wire::over_http2
