#include "wire/over_http/server_stream.h"

#include <fmt/format.h>

#include <utility>

#include "codec/base64.h"
#include "wire/connect/end_of_stream.h"
#include "wire/connect/error.h"
#include "wire/over_http/stream_request.h"

namespace tern::wire::over_http {

namespace {

Status fault_of_client(Code code, std::string text) {
  return Status(code, "http: " + std::move(text), HandlerRan::kUnknown);
}

constexpr std::string_view kEndsInMessage = "the body ends in the middle of a message";
constexpr std::string_view kNoText = "the body is not base64 in padded pieces";

}  // namespace

void ServerStream::begin(const Request& request, const http::Head& head) {
  framing_ = request.framing;
  type_ = request.type;
  if (framing_ == Framing::kEnvelopes) {
    // It lives as long as the process: the pointer need not keep it.
    codec_ = std::shared_ptr<const Codec>(std::shared_ptr<const Codec>(), &type_->codec());
  } else {
    codec_ =
        std::make_shared<StreamCodec>(framing_, request.method ? request.method->resume : nullptr);
  }
  cut_ = false;
  body_.begin(head, type_->text);
  has_argument_ = false;
}

// --- Reading ---

Status ServerStream::check_prefix() const {
  const std::uint8_t flags = body_.flags();
  if ((flags & connect::kCompressed) != 0) {
    return fault_of_client(Code::kUnimplemented,
                           "a message is compressed; this server knows identity");
  }
  if (flags != 0) {
    return unreadable(
        fmt::format("a message has the flags {:#04x}; expected 0 of a client", flags));
  }
  if (body_.size() > limits_.message_bytes) {
    return Status(Code::kResourceExhausted,
                  fmt::format("a message of {} bytes; the limit is {} (Limits::message_bytes)",
                              body_.size(), limits_.message_bytes),
                  HandlerRan::kUnknown);
  }
  return {};
}

Status ServerStream::unreadable(std::string text) const {
  return fault_of_client(type_->envelopes->unreadable, std::move(text));
}

void ServerStream::refuse(Status why, Frame& frame) const {
  frame.whole = body_.size();
  if (why.code() == Code::kResourceExhausted) frame.limit = FrameLimit::kMessage;
  frame.refused = std::move(why);
}

ServerStream::Step ServerStream::take_message(ByteView in, std::size_t& used, Frame& frame,
                                              http::Fault& fault) {
  used = 0;
  frame = Frame();
  frame.kind = FrameKind::kRequestStreamData;
  frame.id = id_;
  connect::EnvelopeReader::Piece piece;
  for (;;) {
    switch (body_.find(in, used, piece, fault)) {
      case EnvelopeBody::Found::kMore:
        return Step::kMore;
      case EnvelopeBody::Found::kBroken:
        return Step::kBroken;
      case EnvelopeBody::Found::kPrefix:
        if (Status why = check_prefix(); !why.ok()) {
          refuse(std::move(why), frame);
          return Step::kRefused;
        }
        continue;
      case EnvelopeBody::Found::kPiece:
        frame.body = piece.bytes;
        frame.whole = piece.first ? body_.size() : 0;
        frame.continues = !piece.last;
        // A message of no bytes cannot be told from an end alone: that comes behind it.
        frame.ends_side = piece.last && body_.ended() && body_.size() > 0;
        return frame.ends_side ? Step::kLast : Step::kFrame;
      case EnvelopeBody::Found::kNoText:
        refuse(unreadable(std::string(kNoText)), frame);
        return Step::kRefused;
      case EnvelopeBody::Found::kEnd:
        if (body_.in_envelope()) {
          refuse(unreadable(std::string(kEndsInMessage)), frame);
          return Step::kRefused;
        }
        frame.ends_side = true;
        return Step::kLast;
    }
  }
}

ServerStream::Step ServerStream::take_argument(ByteView in, std::size_t& used, Buffer& argument,
                                               Status& why, http::Fault& fault) {
  used = 0;
  connect::EnvelopeReader::Piece piece;
  for (;;) {
    switch (body_.find(in, used, piece, fault)) {
      case EnvelopeBody::Found::kMore:
        return Step::kMore;
      case EnvelopeBody::Found::kBroken:
        return Step::kBroken;
      case EnvelopeBody::Found::kPrefix:
        why = check_prefix();
        if (why.ok() && std::exchange(has_argument_, true)) {
          why = fault_of_client(Code::kUnimplemented,
                                "the body has a second message; this method takes one");
        }
        if (!why.ok()) return Step::kRefused;
        continue;
      case EnvelopeBody::Found::kPiece:
        argument.append(piece.bytes);
        if (piece.last && body_.ended()) return Step::kLast;
        continue;
      case EnvelopeBody::Found::kNoText:
        why = unreadable(std::string(kNoText));
        return Step::kRefused;
      case EnvelopeBody::Found::kEnd:
        if (body_.in_envelope()) {
          why = unreadable(std::string(kEndsInMessage));
        } else if (!has_argument_) {
          why = fault_of_client(Code::kUnimplemented,
                                "the body has no message; this method takes one");
        }
        return why.ok() ? Step::kLast : Step::kRefused;
    }
  }
}

// --- Writing ---

void ServerStream::put_head(http::Response& response) const {
  response.status = 200;
  switch (framing_) {
    case Framing::kEnvelopes:
      response.content_type = type_->name;
      return;
    case Framing::kEvents:
      response.content_type = kEventStream;
      response.headers.emplace_back("Cache-Control", "no-cache");
      return;
    case Framing::kLines:
    case Framing::kNone:
      response.content_type = kJsonLines;
      return;
  }
}

// A piece of base64 has its padding behind it, so that all of it can be read when it comes.
void ServerStream::put_envelope(ByteView prefix, ByteView bytes, ResponseWriter& writer,
                                Buffer& out) const {
  if (!type_->text) {
    writer.append(prefix, bytes, out);
    return;
  }
  Buffer plain;
  plain.append(prefix);
  plain.append(bytes);
  Buffer text;
  codec::append_base64(plain.view(), text);
  writer.append(text.view(), {}, out);
}

std::uint8_t ServerStream::message_cost() const noexcept {
  switch (framing_) {
    case Framing::kEnvelopes:
      return connect::kPrefixBytes;
    case Framing::kLines:
      return 1;
    case Framing::kEvents:
    case Framing::kNone:
      break;
  }
  return 0;
}

void ServerStream::put_piece(const StreamPiece& piece, ResponseWriter& writer, Buffer& out) {
  cut_ = piece.continues;
  if (framing_ == Framing::kLines) {
    writer.append(piece.bytes, as_bytes(std::string_view(piece.continues ? "" : "\n")), out);
  } else if (framing_ == Framing::kEnvelopes && piece.first) {
    Buffer prefix;
    connect::put_prefix(0, piece.whole, prefix);
    put_envelope(prefix.view(), piece.bytes, writer, out);
  } else if (framing_ == Framing::kEnvelopes) {
    put_envelope({}, piece.bytes, writer, out);
  } else {
    writer.append(piece.bytes, {}, out);
  }
}

void ServerStream::put_message(ByteView message, Buffer& end) const {
  if (framing_ == Framing::kEnvelopes) connect::put_prefix(0, message.size(), end);
  end.append(message);
  if (framing_ == Framing::kLines) end.append("\n");
}

void ServerStream::put_end(const Status& outcome, const Metadata* metadata, Buffer& end) const {
  if (framing_ == Framing::kEnvelopes) {
    type_->envelopes->put_end(outcome, metadata, end);
  } else if (framing_ == Framing::kEvents) {
    end.append(outcome.ok() ? "event: end\ndata: " : "event: error\ndata: ");
    if (outcome.ok()) {
      connect::write_end_of_stream(outcome, metadata, end);
    } else {
      connect::write_connect_error(outcome, end);
    }
    end.append("\n\n");
  } else if (!outcome.ok()) {
    connect::write_end_of_stream(outcome, nullptr, end);
    end.append("\n");
  }
}

void ServerStream::put_last(ByteView end, ResponseWriter& writer, Buffer& out) const {
  if (framing_ == Framing::kEnvelopes) {
    put_envelope({}, end, writer, out);
  } else {
    writer.append(end, {}, out);
  }
}

}  // namespace tern::wire::over_http
