#include "wire/go/gob_stream.h"

#include <fmt/format.h>

#include "wire/check_limits.h"

namespace tern::wire::go {

namespace {

// A string keeps its memory for the next header, unless a peer has made it long.
void clear_header_text(std::string& text) {
  constexpr std::size_t kKept = 1024;
  if (text.capacity() > kKept) text = std::string();
  text.clear();
}

bool is_short(Dialect dialect, GobStream::Headers headers) noexcept {
  return dialect == Dialect::kNetRpc && headers == GobStream::Headers::kOfRequests;
}

}  // namespace

GobStream::GobStream(Dialect dialect, Headers incoming, Headers outgoing, const Limits& limits)
    : dialect_(dialect),
      short_in_(is_short(dialect, incoming)),
      short_out_(is_short(dialect, outgoing)),
      limits_(limits),
      decoder_(limits.message_bytes, limits.depth) {}

FrameProgress GobStream::next(ByteView in, Frame& frame, Status& why) {
  using DecoderStep = codec::GobDecoder::Step;
  const codec::GobDecoder::Progress progress = decoder_.next(in, message_, why);
  switch (progress.step) {
    case DecoderStep::kMore:
      return {FrameStep::kMore, progress.consumed, progress.wanted};
    case DecoderStep::kBroken:
      return {FrameStep::kBroken, 0, 0};
    case DecoderStep::kType:
    case DecoderStep::kPast:
      return {FrameStep::kSkip, progress.consumed, 0};
    case DecoderStep::kValue:
      if (has_header_) break;
      why = read_header();
      if (!why.ok()) return {FrameStep::kBroken, 0, 0};
      return {FrameStep::kSkip, progress.consumed, 0};
    case DecoderStep::kTooLong:
      if (has_header_) break;
      why = too_large("the header of a message", message_.size, limits_.message_bytes);
      return {FrameStep::kBroken, 0, 0};
  }
  has_header_ = false;
  too_long_ = progress.step == DecoderStep::kTooLong;
  frame = Frame();
  frame.id = header_.seq;
  frame.body = message_.value;
  return {FrameStep::kFrame, progress.consumed, 0};
}

void GobStream::refuse_long_body(Frame& frame) const {
  if (!too_long_ || !frame.refused.ok()) return;
  check_limits({.message = message_.size}, limits_, frame.refused, frame.limit);
}

Status GobStream::read_header() {
  const DecodeLimits limits = limits_.decode_gob();
  clear_header_text(header_.service_method);
  clear_header_text(header_.error);
  RequestHeader& request = header_;
  const Status failure = short_in_
                             ? decoder_.decode(message_, request_header_ops(), &request, limits)
                             : decoder_.decode(message_, header_ops(dialect_), &header_, limits);
  if (!failure.ok()) {
    return Status(Code::kInternal, fmt::format("the header of a message: {}", failure.message()),
                  HandlerRan::kUnknown);
  }
  has_header_ = true;
  return {};
}

void GobStream::clear_outgoing_error() {
  clear_header_text(written_.error);
}

Status GobStream::write(const TypeOps& type, const void* value, Buffer& out) {
  codec::GobEncoder::Attempt attempt(encoder_, out);
  const RequestHeader& bare = written_;
  Status failure = short_out_ ? encoder_.encode(request_header_ops(), &bare, out)
                              : encoder_.encode(header_ops(dialect_), &written_, out);
  if (failure.ok()) failure = encoder_.encode(type, value, out);
  if (failure.ok()) attempt.keep();
  return failure;
}

}  // namespace tern::wire::go
