#include "wire/over_http/answer_reader.h"

#include <fmt/format.h>

#include <utility>

#include "base/peer_text.h"

namespace tern::wire::over_http {

void AnswerReader::begin(std::uint64_t id, Expected expected, const http::Head& head,
                         const ClientEnvelopes& envelopes, const Limits& limits) {
  head_ = &head;
  envelopes_ = &envelopes;
  limits_ = &limits;
  id_ = id;
  expected_ = expected;
  open_ = true;
  told_ = last_told_ = skips_ = begun_ = has_reply_ = has_last_ = false;
  body_.begin(head);
  reply_.clear();
  last_.clear();
  end_.reset();
  fault_.clear();
  fault_code_ = Code::kOk;
}

AnswerReader::Step AnswerReader::next(ByteView in, std::size_t& used, Frame& frame,
                                      http::Fault& fault) {
  used = 0;
  if (last_told_) return find_end(in, used, fault);
  frame = Frame();
  frame.kind = FrameKind::kReplyStreamData;
  frame.id = id_;
  if (!std::exchange(told_, true) && envelopes_->has_initial_metadata(*head_)) {
    frame.initial_metadata = true;
    return Step::kFrame;
  }
  connect::EnvelopeReader::Piece piece;
  for (;;) {
    switch (body_.find(in, used, piece, fault)) {
      case EnvelopeBody::Found::kMore:
        return Step::kMore;
      case EnvelopeBody::Found::kNoText:  // it is not read as text
      case EnvelopeBody::Found::kBroken:
        return Step::kBroken;
      case EnvelopeBody::Found::kPrefix:
        if (!begin_envelope(frame)) continue;
        if (expected_ != Expected::kReply) return Step::kFrame;
        break;
      case EnvelopeBody::Found::kPiece:
        if (take_piece(piece, frame)) return Step::kFrame;
        if (!piece.last || !(has_last_ || body_.ended())) continue;
        break;
      case EnvelopeBody::Found::kEnd:
        break;
    }
    take_end(frame);
    return Step::kLast;
  }
}

// The call has ended; its connection is not yet at the next answer. What follows a message that is
// none is of no interest, but the answers behind it are.
AnswerReader::Step AnswerReader::find_end(ByteView in, std::size_t& used, http::Fault& fault) {
  switch (fault_code_ != Code::kOk ? body_.skip(in, used, fault)
                                   : body_.find_end(in, used, fault)) {
    case StreamBody::Step::kMore:
      return Step::kMore;
    case StreamBody::Step::kEnd:
      open_ = false;
      return Step::kEnd;
    case StreamBody::Step::kData:
      fault.status = 400;
      fault.text = fmt::format("{}: the response goes on behind the end of the {}",
                               envelopes_->name, expected_ == Expected::kReply ? "call" : "stream");
      return Step::kBroken;
    case StreamBody::Step::kBroken:
      break;
  }
  return Step::kBroken;
}

// True if `frame` refuses the envelope: what has come is no answer, and the rest may never end.
bool AnswerReader::begin_envelope(Frame& frame) {
  skips_ = fault_code_ != Code::kOk;
  if (skips_) return false;
  begun_ = true;
  const std::uint64_t size = body_.size();
  HandlerRan ran = HandlerRan::kYes;
  switch (envelopes_->kind_of(body_.flags())) {
    case EnvelopeKind::kCompressed:
      refuse(Code::kInternal, "a message is compressed, which was not asked for");
      break;
    case EnvelopeKind::kUnknown:
      refuse(Code::kInternal,
             fmt::format("an envelope has the flags {:#04x}, which are not known", body_.flags()));
      ran = HandlerRan::kUnknown;
      break;
    case EnvelopeKind::kEnd: {
      const std::size_t most = limits_->*envelopes_->most_end;
      has_last_ = size <= most;
      if (has_last_) break;
      fault_code_ = Code::kResourceExhausted;
      fault_ = fmt::format("the end of the answer has {} bytes; the limit is {}", size, most);
      frame.limit = FrameLimit::kMessage;
      break;
    }
    case EnvelopeKind::kMessage:
      if (size > limits_->message_bytes) {
        fault_code_ = Code::kResourceExhausted;
        fault_ = fmt::format("a message of {} bytes; the limit is {} (Limits::message_bytes)", size,
                             limits_->message_bytes);
        frame.limit = FrameLimit::kMessage;
      } else if (expected_ != Expected::kMessages && std::exchange(has_reply_, true)) {
        refuse(envelopes_->second_message, "the server has sent a second reply");
      }
      break;
  }
  if (fault_code_ == Code::kOk) return false;
  skips_ = true;
  frame.whole = size;
  frame.refused = Status(fault_code_, fault_, ran);
  return true;
}

// True if `frame` is a message of the server's, or a chunk of one.
bool AnswerReader::take_piece(const connect::EnvelopeReader::Piece& piece, Frame& frame) {
  if (skips_) return false;
  if (has_last_) {
    last_.append(piece.bytes);
    return false;
  }
  if (expected_ != Expected::kMessages) {
    reply_.append(piece.bytes);
    return false;
  }
  frame.body = piece.bytes;
  frame.whole = piece.first ? body_.size() : 0;
  frame.continues = !piece.last;
  return true;
}

void AnswerReader::refuse(Code code, std::string text) {
  fault_code_ = code;
  fault_ = fmt::format("{}: {}", envelopes_->name, text);
}

void AnswerReader::fail(Code code, std::string text, Frame& frame) {
  fault_ = std::move(text);
  frame.kind = FrameKind::kError;
  frame.code = code;
  frame.message = fault_;
}

void AnswerReader::take_end(Frame& frame) {
  last_told_ = true;
  open_ = !body_.ended();
  frame = Frame();
  frame.id = id_;
  if (has_last_) {
    end_ = envelopes_->read_end(last_.view());
  } else if (!begun_) {
    end_ = envelopes_->read_head(*head_);
  }
  read_outcome(frame);
  frame.ran = HandlerRan::kUnknown;
  if (end_ && (!end_->metadata.empty() || !end_->unreadable.ok())) {
    frame.metadata = has_last_ ? last_.view() : as_bytes(head_->text);
  }
}

void AnswerReader::read_outcome(Frame& frame) {
  const std::string_view name = envelopes_->name;
  if (fault_code_ != Code::kOk) {
    fail(fault_code_, std::move(fault_), frame);
  } else if (body_.in_envelope()) {
    fail(Code::kInternal, fmt::format("{}: the response has ended in an envelope", name), frame);
  } else if (!has_last_ && !end_) {
    fail(envelopes_->no_end,
         fmt::format("{}: the response has ended before the end of the stream", name), frame);
  } else if (!end_) {
    fail(envelopes_->no_end,
         fmt::format("{}: the end of the stream cannot be read: \"{}\"", name,
                     base::peer_text(as_text(last_.view()))),
         frame);
  } else if (end_->error) {
    frame.kind = FrameKind::kError;
    frame.code = end_->error->code;
    frame.message = end_->error->message;
    frame.detail_type = end_->error->detail_type;
    frame.body = end_->error->detail;
  } else if (expected_ != Expected::kMessages && !has_reply_) {
    fail(Code::kUnimplemented,
         fmt::format("{}: the server has ended the stream without a reply", name), frame);
  } else {
    frame.kind = FrameKind::kReply;
    frame.body = reply_.view();
  }
}

}  // namespace tern::wire::over_http
