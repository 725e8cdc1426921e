#include "wire/over_http/client_stream.h"

#include <fmt/format.h>

#include <utility>

#include "base/peer_text.h"

namespace tern::wire::over_http {

void ClientStream::begin(std::uint64_t id, bool server_streams, const http::Head& head,
                         std::size_t message_bytes) {
  id_ = id;
  message_bytes_ = message_bytes;
  open_ = true;
  server_streams_ = server_streams;
  told_ = last_told_ = skips_ = has_reply_ = has_last_ = false;
  body_.begin(head);
  reply_.clear();
  last_.clear();
  end_.reset();
  fault_.clear();
  fault_code_ = Code::kOk;
}

ClientStream::Step ClientStream::next(ByteView in, std::size_t& used, Frame& frame,
                                      http::Fault& fault) {
  used = 0;
  if (last_told_) return find_end(in, used, fault);
  frame = Frame();
  frame.kind = FrameKind::kReplyStreamData;
  frame.id = id_;
  if (!std::exchange(told_, true)) {
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
        if (begin_envelope(frame)) return Step::kFrame;
        continue;
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

// The stream has ended; its connection is not yet at the next answer.
ClientStream::Step ClientStream::find_end(ByteView in, std::size_t& used, http::Fault& fault) {
  switch (body_.find_end(in, used, fault)) {
    case StreamBody::Step::kMore:
      return Step::kMore;
    case StreamBody::Step::kEnd:
      open_ = false;
      return Step::kEnd;
    case StreamBody::Step::kData:
      fault.status = 400;
      fault.text = "http: the response goes on behind the end of the stream";
      return Step::kBroken;
    case StreamBody::Step::kBroken:
      break;
  }
  return Step::kBroken;
}

// True if `frame` refuses the envelope: what has come is no answer, and the rest may never end.
bool ClientStream::begin_envelope(Frame& frame) {
  skips_ = fault_code_ != Code::kOk;
  if (skips_) return false;
  if ((body_.flags() & connect::kCompressed) != 0) {
    fault_code_ = Code::kInternal;
    fault_ = "http: a message is compressed, which was not asked for";
  } else if (body_.size() > message_bytes_) {
    fault_code_ = Code::kResourceExhausted;
    fault_ = fmt::format("a message of {} bytes; the limit is {} (Limits::message_bytes)",
                         body_.size(), message_bytes_);
    frame.limit = FrameLimit::kMessage;
  } else if ((body_.flags() & connect::kEndOfStream) != 0) {
    has_last_ = true;
  } else if (!server_streams_ && std::exchange(has_reply_, true)) {
    fault_code_ = Code::kInternal;
    fault_ = "http: the server has sent a second reply";
  }
  if (fault_code_ == Code::kOk) return false;
  skips_ = true;
  frame.whole = body_.size();
  frame.refused = Status(fault_code_, fault_, HandlerRan::kYes);
  return true;
}

// True if `frame` is a message of the server's, or a chunk of one.
bool ClientStream::take_piece(const connect::EnvelopeReader::Piece& piece, Frame& frame) {
  if (skips_) return false;
  if (has_last_) {
    last_.append(piece.bytes);
    return false;
  }
  if (!server_streams_) {
    reply_.append(piece.bytes);
    return false;
  }
  frame.body = piece.bytes;
  frame.whole = piece.first ? body_.size() : 0;
  frame.continues = !piece.last;
  return true;
}

void ClientStream::fail(Code code, std::string text, Frame& frame) {
  fault_ = std::move(text);
  frame.kind = FrameKind::kError;
  frame.code = code;
  frame.message = fault_;
}

void ClientStream::take_end(Frame& frame) {
  last_told_ = true;
  open_ = !body_.ended();
  if (has_last_) end_ = connect::read_end_of_stream(last_.view());
  if (fault_code_ != Code::kOk) {
    fail(fault_code_, std::move(fault_), frame);
  } else if (body_.in_envelope() || !has_last_) {
    fail(Code::kInternal, "http: the response has ended before the end of the stream", frame);
  } else if (!end_) {
    fail(Code::kInternal,
         fmt::format("http: the end of the stream cannot be read: \"{}\"",
                     base::peer_text(as_text(last_.view()))),
         frame);
  } else if (end_->error) {
    frame.kind = FrameKind::kError;
    frame.code = end_->error->code;
    frame.message = end_->error->message;
    frame.detail_type = end_->error->detail_type;
    frame.body = end_->error->detail;
  } else if (!server_streams_ && !has_reply_) {
    fail(Code::kUnimplemented, "http: the server has ended the stream without a reply", frame);
  } else {
    frame.kind = FrameKind::kReply;
    frame.body = reply_.view();
  }
  frame.ran = HandlerRan::kUnknown;
  if (end_ && !end_->metadata.empty()) frame.metadata = last_.view();
}

}  // namespace tern::wire::over_http
