#include "wire/over_http/exchange.h"

#include <fmt/format.h>

#include <string>
#include <utility>

#include "base/ascii.h"
#include "http/cors.h"
#include "wire/over_http/kept_buffer.h"

namespace tern::wire::over_http {

namespace {

// What a 401 must say of how to do better (RFC 9110, section 15.5.2), unless it does.
void add_challenge(http::Response& response) {
  if (response.status != 401) return;
  for (const auto& [name, value] : response.headers) {
    if (base::equal_ignoring_case(name, "www-authenticate")) return;
  }
  response.headers.emplace_back("WWW-Authenticate", "Bearer");
}

}  // namespace

// --- The request ---

void Exchange::begin() {
  request_ = read_http_request(head_, rules_);
  too_long_ = false;
  clear_kept(body_);
  stream_.end();
  answer_ = Answer::kNone;
  if (is_call() && request_.framing != Framing::kNone) stream_.begin(request_, head_);
}

void Exchange::refuse_body() {
  too_long_ = true;
  body_.clear();
  // Without its body a call is known if the head names it.
  if (is_call() && request_.content->path.empty()) return;
  answer_instead(Status(Code::kResourceExhausted,
                        fmt::format("http: the body is longer than the limit, {} bytes",
                                    limits_.message_bytes),
                        HandlerRan::kNo),
                 413);
}

// Also to a page of another origin, which would not be shown it else.
void Exchange::answer_instead(const Status& why, int status) {
  const bool page = request_.kind == Request::Kind::kPage;
  answer_with_error(why, status, request_);
  stream_.end();
  if (!page) http::add_cors(head_, rules_.cors, request_.answer);
}

ServerBody& Exchange::calls() {
  if (content_ != request_.content) {
    content_ = request_.content;
    calls_ = content_->make(limits_);
  }
  return *calls_;
}

ServerBody::Item Exchange::take_call(ByteView body, Frame& frame) {
  const ServerBody::Item item = calls().take({head_, request_, body, too_long_}, frame);
  if (item == ServerBody::Item::kLastCall && stream_.open()) {
    frame.opens_stream = true;
    stream_.set_id(frame.id);
  }
  return item;
}

void Exchange::take_page(ByteView body, Frame& frame) const {
  frame = Frame();
  frame.kind = FrameKind::kPage;
  frame.method_name = request_.name;
  frame.metadata = as_bytes(head_.text);
  frame.body = body;
  frame.verb = head_.method;
}

void Exchange::take_envelopes(ByteView argument, const Status& refused, Frame& frame) {
  calls().take({head_, request_, argument, false}, frame);
  frame.opens_stream =
      !has_one_message() || (request_.method && request_.method->kind != MethodKind::kUnary);
  frame.half_duplex = head_.major_version == 1;
  stream_.set_id(frame.id);
  if (!frame.opens_stream) stream_.end();  // what is in its envelopes is a unary call
  if (refused.ok()) return;
  frame.refused = refused.with_handler_ran(HandlerRan::kNo);
  if (refused.code() == Code::kResourceExhausted) frame.limit = FrameLimit::kMessage;
}

Status Exchange::read_body(const Frame& frame, const TypeOps& type, void* argument) {
  Status failure = calls_->read_body(frame, type, argument);
  if (failure.ok() && request_.resume_from && frame.opens_stream) {
    request_.method->resume->set_request(argument, *request_.resume_from);
  }
  return failure;
}

Status Exchange::read_metadata(const Frame& frame, Metadata& metadata) const {
  if (frame.kind != FrameKind::kPage) return calls_->read_metadata(head_, metadata);
  for (const http::Header& header : head_.headers) {
    metadata.add(base::to_lower(header.name), std::string(header.value));
  }
  return {};
}

// --- The answer ---

// Idle connections keep next to nothing.
void Exchange::answered() {
  stream_.end();
  if (calls_) calls_->end();
  clear_kept(body_);
  if (head_.text.capacity() > kKeptBytes) head_.text = std::string();
}

void Exchange::write_if_complete(Buffer& out) {
  if (!calls_->complete()) return;
  http::Response response = request_.answer;
  calls_->put_head(response);
  add_challenge(response);
  writer_.write(response, calls_->answer(), out);
  answered();
}

Status Exchange::write_reply(const ReplyHead& head, const TypeOps& type, const void* value,
                             Buffer& out) {
  if (stream_.open()) return write_stream_reply(head, type, value, out);
  Status failure = calls_->write_reply(head, type, value);
  if (failure.ok()) write_if_complete(out);
  return failure;
}

void Exchange::write_error(const ReplyHead& head, const Status& status, Buffer& out) {
  if (stream_.open()) {
    write_stream_error(head, status, out);
    return;
  }
  calls_->write_error(head, status);
  write_if_complete(out);
}

void Exchange::write_answer(Buffer& out) {
  if (is_call()) {
    write_if_complete(out);
  } else {
    writer_.write(request_.answer, request_.answer_body.view(), out);
  }
}

void Exchange::write_page(const Page& page, Buffer& out) {
  http::Response response;
  response.status = page.status;
  response.content_type = page.content_type;
  for (const auto& [name, value] : page.headers) {
    // Every answer with a body has this one already.
    if (!base::equal_ignoring_case(name, "x-content-type-options"))
      response.headers.emplace_back(name, value);
  }
  add_challenge(response);
  writer_.write(response, as_bytes(page.body), out);
  answered();
}

// --- Streams ---

void Exchange::begin_stream(Buffer& out) {
  if (answer_ == Answer::kBegun) return;
  http::Response response = request_.answer;
  stream_.put_head(response);
  writer_.begin(response, out);
  answer_ = Answer::kBegun;
}

void Exchange::write_initial_metadata(const Metadata& metadata, Buffer& out) {
  if (!stream_.open() || answer_ == Answer::kBegun) return;
  calls_->add_headers(metadata, request_.answer.headers);
  begin_stream(out);
}

bool Exchange::write_heartbeat(Buffer& out) {
  if (stream_.framing() != Framing::kEvents || stream_.cut() || answer_ == Answer::kFailed) {
    return false;
  }
  begin_stream(out);
  writer_.append(ServerStream::heartbeat(), {}, out);
  return true;
}

void Exchange::write_stream_data(const StreamPiece& piece, Buffer& out) {
  if (!piece.message || !stream_.open()) return;
  begin_stream(out);
  stream_.put_piece(piece, writer_, out);
}

// An error before the first message is that of a unary call, but in Connect's protocol. A message
// that is cut off can be followed by nothing.
void Exchange::write_stream_end(ByteView end, Buffer& out) {
  if (!stream_.open()) return;
  if (answer_ == Answer::kFailed) {
    write_if_complete(out);
    return;
  }
  begin_stream(out);
  if (stream_.cut()) {
    writer_.abort(out);
  } else {
    stream_.put_last(end, writer_, out);
    writer_.end(out);
  }
  answered();
}

// The reply to a client's stream is a message before the end.
Status Exchange::write_stream_reply(const ReplyHead& head, const TypeOps& type, const void* value,
                                    Buffer& out) {
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
    write_stream_end(end.view(), out);
  }
  return {};
}

void Exchange::write_stream_error(const ReplyHead& head, const Status& status, Buffer& out) {
  Buffer end;
  stream_.put_end(status, head.metadata, end);
  if (stream_.errors_alone() && answer_ != Answer::kBegun) {
    calls_->write_error(head, status);
    answer_ = Answer::kFailed;
  }
  if (head.ends_stream) {
    out.append(end.view());
  } else {
    write_stream_end(end.view(), out);
  }
}

}  // namespace tern::wire::over_http
