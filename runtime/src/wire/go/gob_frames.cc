#include "wire/go/gob_frames.h"

#include <fmt/format.h>

#include <optional>
#include <string_view>

#include "wire/rpc_error_text.h"

namespace tern {

namespace {

Status too_large(std::string_view what, std::size_t came, std::size_t limit) {
  return Status(Code::kResourceExhausted,
                fmt::format("{} is {} bytes long; the limit is {}", what, came, limit),
                HandlerRan::kNo);
}

// A string keeps its memory for the next header, unless a peer has made it long.
void clear_header_text(std::string& text) {
  constexpr std::size_t kKept = 1024;
  if (text.capacity() > kKept) text = std::string();
  text.clear();
}

// How much of `in` is the end of the line that the Option stands on, "\n" or "\r\n"; nothing if
// that needs another byte. No definition of a type begins like either.
std::optional<std::size_t> end_of_option(ByteView in) noexcept {
  const std::string_view text = as_text(in);
  if (text.starts_with('\n')) return 1;
  if (text == "\r") return std::nullopt;
  return text.starts_with("\r\n") ? 2 : 0;
}

// Go's struct{}{}, which follows the header of an error.
const Nothing kNothing;

}  // namespace

GobFrames::GobFrames(GoDialect dialect, Role role, const Limits& limits)
    : dialect_(dialect), role_(role), limits_(limits), decoder_(limits.message_bytes) {}

FrameCodec::Progress GobFrames::next(ByteView in, Frame& frame, Status& why) {
  using DecoderStep = codec::GobDecoder::Step;
  // The newline after GeeRPC's Option, which Go's client writes and others need not.
  if (!started_ && !in.empty()) {
    if (dialect_ == GoDialect::kGeeRpc && role_ == Role::kServer) {
      const std::optional<std::size_t> newline = end_of_option(in);
      if (!newline) return {Step::kMore, 0, 2};
      started_ = true;
      if (*newline > 0) return {Step::kSkip, *newline, 0};
    }
    started_ = true;
  }
  const codec::GobDecoder::Progress progress = decoder_.next(in, message_, why);
  switch (progress.step) {
    case DecoderStep::kMore:
      return {Step::kMore, progress.consumed, progress.wanted};
    case DecoderStep::kBroken:
      return {Step::kBroken, 0, 0};
    case DecoderStep::kType:
    case DecoderStep::kPast:
      return {Step::kSkip, progress.consumed, 0};
    case DecoderStep::kValue:
      if (has_header_) break;
      why = read_header();
      if (!why.ok()) return {Step::kBroken, 0, 0};
      return {Step::kSkip, progress.consumed, 0};
    case DecoderStep::kTooLong:
      if (has_header_) break;
      why = too_large("the header of a message", message_.size, limits_.message_bytes);
      return {Step::kBroken, 0, 0};
  }
  begin_frame(frame);
  if (frame.refused.ok() && frame.kind != FrameKind::kError &&
      progress.step == DecoderStep::kTooLong) {
    frame.refused = too_large("the message", message_.size, limits_.message_bytes);
    frame.limit = FrameLimit::kMessage;
  }
  return {Step::kFrame, progress.consumed, 0};
}

// Whether headers that come are those of net/rpc's requests.
bool GobFrames::short_request() const noexcept {
  return dialect_ == GoDialect::kNetRpc && role_ == Role::kServer;
}

Status GobFrames::read_header() {
  const DecodeLimits limits = limits_.decode_gob();
  clear_header_text(header_.service_method);
  clear_header_text(header_.error);
  GoRequestHeader& request = header_;
  const Status failure = short_request()
                             ? decoder_.decode(message_, go_request_header_ops(), &request, limits)
                             : decoder_.decode(message_, go_header_ops(dialect_), &header_, limits);
  if (!failure.ok()) {
    return Status(Code::kInternal, fmt::format("the header of a message: {}", failure.message()),
                  HandlerRan::kUnknown);
  }
  has_header_ = true;
  return {};
}

// All but the body's limit: the header is there, and so is the beginning of the body.
void GobFrames::begin_frame(Frame& frame) {
  has_header_ = false;
  frame = Frame();
  frame.id = header_.seq;
  frame.body = message_.value;
  if (role_ == Role::kServer) {
    frame.kind = FrameKind::kRequest;
    if (header_.service_method.size() > limits_.method_name_bytes) {
      frame.refused = too_large("the name of the method", header_.service_method.size(),
                                limits_.method_name_bytes);
      frame.limit = FrameLimit::kMethodName;
      header_.service_method = std::string();
    }
    frame.method_name = header_.service_method;
  } else if (header_.error.empty()) {
    frame.kind = FrameKind::kReply;
  } else {
    const RpcErrorMeaning error = meaning_of_rpc_error(header_.error);
    frame.kind = FrameKind::kError;
    frame.code = error.code;
    frame.ran = error.ran;
    frame.message = header_.error;
  }
}

Status GobFrames::read_body(const Frame&, const TypeOps& type, void* value) {
  // A client does not know how long its caller has the result.
  if (role_ == Role::kClient) return decoder_.decode(message_, type, value, limits_.decode());
  Status failure = decoder_.decode(message_, type, value, limits_.decode_gob(memory_taken()));
  keep_memory(decoder_.sparse_taken());
  return failure;
}

Status GobFrames::read_detail(const Frame&, const TypeOps& type, void*) {
  return Status(Code::kInternal,
                fmt::format("{} carries no {} with an error", protocol(), type.name));
}

// Header and body: both, or neither.
Status GobFrames::write(bool request, const TypeOps& type, const void* value, Buffer& out) {
  codec::GobEncoder::Attempt attempt(encoder_, out);
  const GoRequestHeader& bare = written_;
  Status failure = request && dialect_ == GoDialect::kNetRpc
                       ? encoder_.encode(go_request_header_ops(), &bare, out)
                       : encoder_.encode(go_header_ops(dialect_), &written_, out);
  if (failure.ok()) failure = encoder_.encode(type, value, out);
  if (failure.ok()) attempt.keep();
  return failure;
}

Status GobFrames::write_request(const RequestHead& head, const TypeOps& type, const void* argument,
                                Buffer& out) {
  set_service_method(*head.method, written_.service_method);
  written_.seq = head.id;
  clear_header_text(written_.error);
  return write(true, type, argument, out);
}

// A reply repeats the method as the request has it, if that was the last one that came; later, as
// the method is called in its file.
void GobFrames::set_reply_method(const ReplyHead& head) {
  written_.seq = head.id;
  if (header_.seq == head.id && !has_header_ && !header_.service_method.empty()) {
    written_.service_method = header_.service_method;
  } else if (head.method != nullptr) {
    set_service_method(*head.method, written_.service_method);
  } else {
    written_.service_method.clear();
  }
}

Status GobFrames::write_reply(const ReplyHead& head, const TypeOps& type, const void* value,
                              Buffer& out) {
  set_reply_method(head);
  clear_header_text(written_.error);
  return write(false, type, value, out);
}

void GobFrames::write_error(const ReplyHead& head, const Status& status, Buffer& out) {
  set_reply_method(head);
  set_error_text(status, written_.error);
  const Status failure = write(false, type_ops<Nothing>(), &kNothing, out);
  (void)failure.ok();  // strings and a number can always be encoded
}

Status GobFrames::unknown_method(std::string_view name, UnknownMethod why) {
  return dialect_ == GoDialect::kNetRpc ? net_rpc_unknown_method(name, why)
                                        : FrameCodec::unknown_method(name, why);
}

}  // namespace tern
