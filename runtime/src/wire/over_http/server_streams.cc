// How a server's side of HTTP reads and answers requests that stream.
#include <utility>

#include "wire/over_http/server.h"

namespace tern::wire::over_http {

// --- Reading ---

void ServerProtocol::begin_stream() {
  stream_.begin(request_, head_);
  answer_ = Answer::kNone;
  last_byte_ = false;
  // What streams to HTTP/1.0 has neither a length nor chunks: the end of the connection ends it.
  if (head_.minor_version == 0) head_.keep_alive = false;
  if (request_.framing != Framing::kEnvelopes) return;
  const bool one_message = !request_.type->envelopes->client_streams ||
                           (request_.method && !client_streams(request_.method->kind));
  stage_ = one_message ? Stage::kArgument : Stage::kOpening;
}

// The rest of the body does not matter, and may be long in coming.
void ServerProtocol::answer_at_once() noexcept {
  head_.keep_alive = false;
  stage_ = Stage::kWhole;
  length_ = 0;
  head_.content_length = 0;
  head_.chunked = false;
}

wire::ServerProtocol::Progress ServerProtocol::take_stream(ByteView in, std::size_t used,
                                                           Frame& frame, Status& why) {
  if (stage_ == Stage::kOpening) return open_stream(used, frame);
  if (std::exchange(last_byte_, false)) used = 1;
  Progress progress = stage_ == Stage::kArgument ? take_argument(in.subspan(used), frame, why)
                                                 : take_message(in.subspan(used), frame, why);
  progress.consumed += used;
  if (progress.step == Step::kMore && progress.consumed > 0) progress.step = Step::kSkip;
  return progress;
}

// The messages come behind this. Where there are none, a byte is left that they end with.
wire::ServerProtocol::Progress ServerProtocol::open_stream(std::size_t used, Frame& frame) {
  calls().take({head_, request_, {}, false}, frame);
  frame.opens_stream = true;
  stream_.set_id(frame.id);
  stage_ = Stage::kMessages;
  last_byte_ = stream_.body_ended() && used > 0;
  return {Step::kFrame, last_byte_ ? used - 1 : used, 0};
}

wire::ServerProtocol::Progress ServerProtocol::take_message(ByteView in, Frame& frame,
                                                            Status& why) {
  http::Fault fault;
  std::size_t used = 0;
  switch (stream_.take_message(in, used, frame, fault)) {
    case ServerStream::Step::kMore:
      return {Step::kMore, used, 0};
    case ServerStream::Step::kBroken:
      return {broken(std::move(fault), why), used, 0};
    case ServerStream::Step::kFrame:
      last_byte_ = stream_.body_ended();
      break;
    case ServerStream::Step::kRefused:
      head_.keep_alive = false;
      end_request(true);
      break;
    case ServerStream::Step::kLast:
      end_request(true);
      break;
  }
  return {Step::kFrame, last_byte_ ? used - 1 : used, 0};
}

wire::ServerProtocol::Progress ServerProtocol::take_argument(ByteView in, Frame& frame,
                                                             Status& why) {
  http::Fault fault;
  Status refused;
  std::size_t used = 0;
  switch (stream_.take_argument(in, used, body_, refused, fault)) {
    case ServerStream::Step::kMore:
    case ServerStream::Step::kFrame:
      return {Step::kMore, used, 0};
    case ServerStream::Step::kBroken:
      return {broken(std::move(fault), why), used, 0};
    case ServerStream::Step::kLast:
      break;
    case ServerStream::Step::kRefused:
      head_.keep_alive = false;
      if (refused.code() == Code::kResourceExhausted) break;
      answer_instead(refused, 0);
      stream_.end();
      end_request(false);
      return {Step::kAnswer, used, 0};
  }
  calls().take({head_, request_, body_.view(), false}, frame);
  frame.opens_stream = request_.method && request_.method->kind != MethodKind::kUnary;
  stream_.set_id(frame.id);
  if (!frame.opens_stream) stream_.end();  // what is in its envelopes is a unary call
  if (!refused.ok()) {
    frame.refused = refused.with_handler_ran(HandlerRan::kNo);
    frame.limit = FrameLimit::kMessage;
  }
  end_request(true);
  return {Step::kFrame, used, 0};
}

// --- Writing ---

void ServerProtocol::write_stream_head(Buffer& out) {
  if (answer_ == Answer::kBegun) return;
  answer_ = Answer::kBegun;
  http::Response response = request_.answer;
  stream_.put_head(response);
  http::write_response_head(response, manner(), out);
}

void ServerProtocol::write_initial_metadata(std::uint64_t, const Metadata& metadata, Buffer& out) {
  if (!stream_.open() || answer_ == Answer::kBegun) return;
  calls_->add_headers(metadata, request_.answer.headers);
  write_stream_head(out);
}

void ServerProtocol::write_heartbeat(Buffer& out) {
  if (!wants_heartbeats() || stream_.cut() || answer_ == Answer::kFailed) return;
  write_stream_head(out);
  stream_.put_heartbeat(out);
}

void ServerProtocol::write_stream_data(const StreamPiece& piece, Buffer& out) {
  if (!piece.message || !stream_.open()) return;
  write_stream_head(out);
  stream_.put_piece(piece, out);
}

// An error before the first message is that of a unary call, but in Connect's protocol. A message
// that is cut off can be followed by nothing: the connection ends.
void ServerProtocol::write_stream_end(std::uint64_t, ByteView end, Buffer& out) {
  if (!stream_.open()) return;
  if (stage_ >= Stage::kArgument) {
    // The client may still send, and nobody reads it.
    head_.keep_alive = false;
    end_request(false);
  }
  if (answer_ == Answer::kFailed) {
    write_if_complete(out);
    return;
  }
  write_stream_head(out);
  if (stream_.cut()) {
    last_ = true;
  } else {
    out.append(end);
  }
  answered();
}

// The reply to a client's stream is a message before the end.
Status ServerProtocol::write_stream_reply(const ReplyHead& head, const TypeOps& type,
                                          const void* value, Buffer& out) {
  Buffer end;
  if (request_.method && !server_streams(request_.method->kind)) {
    Buffer message;
    Status failure = stream_.codec().encode(type, value, message);
    if (!failure.ok()) return failure;
    stream_.put_message(message.view(), end);
  }
  stream_.put_end(Status(), head.metadata, end);
  if (answer_ == Answer::kFailed) answer_ = Answer::kNone;
  if (head.ends_stream) {
    out.append(end.view());
  } else {
    write_stream_end(head.id, end.view(), out);
  }
  return {};
}

void ServerProtocol::write_stream_error(const ReplyHead& head, const Status& status, Buffer& out) {
  Buffer end;
  stream_.put_end(status, head.metadata, end);
  if (stream_.errors_alone() && answer_ != Answer::kBegun) {
    calls_->write_error(head, status);
    answer_ = Answer::kFailed;
  }
  if (head.ends_stream) {
    out.append(end.view());
  } else {
    write_stream_end(head.id, end.view(), out);
  }
}

}  // namespace tern::wire::over_http
