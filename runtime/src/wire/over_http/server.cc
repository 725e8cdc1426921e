#include "wire/over_http/server.h"

#include <fmt/format.h>

#include <utility>

#include "base/ascii.h"
#include "http/cors.h"
#include "wire/connect/server_body.h"
#include "wire/over_http/kept_buffer.h"
#include "wire/over_http/metadata.h"
#include "wire/over_http/stream_request.h"

namespace tern::wire::over_http {

const http::Paths& ServerProtocol::no_pages() {
  static const http::Paths none;
  return none;
}

ServerProtocol::ServerProtocol(const Limits& limits, const Protocols& protocols, const Cors& cors,
                               const http::Paths& pages, const MethodFinder* methods)
    : limits_(limits), rules_{protocols, cors, pages, methods} {}

wire::ServerProtocol::Progress ServerProtocol::next(ByteView in, Frame& frame, Status& why) {
  std::size_t used = 0;
  if (stage_ == Stage::kHead) {
    Step step = begin_request(in, used, why);
    if (step != Step::kSkip) return {step, used, 0};
  }
  if (stage_ >= Stage::kArgument) return take_stream(in, used, frame, why);
  if (stage_ == Stage::kBody) {
    Progress body = take_body(in.subspan(used), why);
    used += body.consumed;
    if (stage_ == Stage::kBody) {
      bool nothing = body.step == Step::kMore && used > 0;
      return {nothing ? Step::kSkip : body.step, used, body.wanted};
    }
  }
  Progress progress = take_request(in.subspan(used), frame);
  progress.consumed += used;
  return progress;
}

wire::ServerProtocol::Step ServerProtocol::begin_request(ByteView in, std::size_t& used,
                                                         Status& why) {
  http::Fault fault;
  std::size_t size = 0;
  switch (head_reader_.read(in, head_, size, fault)) {
    case http::HeadReader::Step::kMore:
      return Step::kMore;
    case http::HeadReader::Step::kBroken:
      return broken(std::move(fault), why);
    case http::HeadReader::Step::kWhole:
      break;
  }
  used = size;
  request_ = read_http_request(head_, rules_);
  length_ = 0;
  too_long_ = false;
  chunks_.begin();
  clear_kept(body_);
  bool has_body = head_.chunked || head_.content_length.value_or(0) > 0;
  stage_ = has_body ? Stage::kBody : Stage::kWhole;
  stream_.end();
  if (request_.kind == Request::Kind::kCall && request_.framing != Framing::kNone) {
    begin_stream();
  } else if (request_.kind == Request::Kind::kAnswer && has_body && is_stream(head_)) {
    answer_at_once();
  }
  if (stage_ >= Stage::kArgument) {
    // Of any length.
  } else if (head_.content_length.value_or(0) > limits_.message_bytes) {
    refuse_body();
  } else {
    length_ = static_cast<std::size_t>(head_.content_length.value_or(0));
  }
  if (!has_body || stage_ == Stage::kWhole || head_.count("expect") == 0) return Step::kSkip;
  return refuse_expectation(in.size() > used);
}

// Whoever waits for a word before it sends the body gets one: that it may, or the answer.
wire::ServerProtocol::Step ServerProtocol::refuse_expectation(bool body_is_there) {
  if (!base::equal_ignoring_case(head_.get("expect"), "100-continue")) {
    answer_instead(
        Status(Code::kUnimplemented, "http: expected no Expect but 100-continue", HandlerRan::kNo),
        417);
  }
  if (request_.kind == Request::Kind::kAnswer) {
    head_.keep_alive = false;  // whether the body comes all the same is not known
    end_request(false);
    return Step::kAnswer;
  }
  continue_ = !body_is_there && head_.minor_version > 0;
  return continue_ ? Step::kAnswer : Step::kSkip;
}

wire::ServerProtocol::Progress ServerProtocol::take_body(ByteView in, Status& why) {
  if (!head_.chunked) {
    if (in.size() < length_) return {Step::kMore, 0, length_};
    stage_ = Stage::kWhole;
    return {Step::kSkip, 0, 0};
  }
  http::Fault fault;
  std::size_t used = 0;
  switch (chunks_.read(in, limits_.message_bytes, body_, used, fault)) {
    case http::Chunks::Step::kMore:
      return {used > 0 ? Step::kSkip : Step::kMore, used, 0};
    case http::Chunks::Step::kBroken:
      if (fault.status != 413) return {broken(std::move(fault), why), 0, 0};
      refuse_body();
      return {Step::kSkip, used, 0};
    case http::Chunks::Step::kWhole:
      break;
  }
  stage_ = Stage::kWhole;
  length_ = 1;
  return {Step::kSkip, used - 1, 0};
}

wire::ServerProtocol::Progress ServerProtocol::take_request(ByteView in, Frame& frame) {
  Progress progress{Step::kFrame, length_, 0};
  ByteView body = head_.chunked ? body_.view() : in.first(length_);
  switch (request_.kind) {
    case Request::Kind::kCall:
      return take_call(body, frame);
    case Request::Kind::kPage:
      frame = Frame();
      frame.kind = FrameKind::kPage;
      frame.method_name = request_.name;
      frame.metadata = as_bytes(head_.text);
      frame.body = body;
      frame.verb = head_.method;
      break;
    case Request::Kind::kAnswer:
      progress.step = Step::kAnswer;
      break;
  }
  end_request(progress.step == Step::kFrame);
  return progress;
}

// The calls of a request come one by one; the last byte of the body is taken with the last of them.
wire::ServerProtocol::Progress ServerProtocol::take_call(ByteView body, Frame& frame) {
  switch (calls().take({head_, request_, body, too_long_}, frame)) {
    case ServerBody::Item::kCall:
      return {Step::kFrame, 0, 0};
    case ServerBody::Item::kLastCall:
      if (stream_.open()) {
        frame.opens_stream = true;
        stream_.set_id(frame.id);
      }
      end_request(true);
      return {Step::kFrame, length_, 0};
    case ServerBody::Item::kNothing:
      break;
  }
  bool complete = calls_->complete();
  end_request(!complete);
  return {complete ? Step::kAnswer : Step::kSkip, length_, 0};
}

ServerBody& ServerProtocol::calls() {
  if (content_ != request_.content) {
    content_ = request_.content;
    calls_ = content_->make(limits_);
  }
  return *calls_;
}

void ServerProtocol::write_if_complete(Buffer& out) {
  if (!calls_->complete()) return;
  http::Response response = request_.answer;
  calls_->put_head(response);
  http::write_response(response, manner(), calls_->answer(), out);
  answered();
}

// The body is not read, so the connection cannot go on.
void ServerProtocol::refuse_body() {
  too_long_ = true;
  head_.keep_alive = false;
  stage_ = Stage::kWhole;
  length_ = 0;
  body_.clear();
  const bool call = request_.kind == Request::Kind::kCall;
  // Without its body a call is known if the head names it.
  if (!call || !request_.content->path.empty()) {
    answer_instead(Status(Code::kResourceExhausted,
                          fmt::format("http: the body is longer than the limit, {} bytes",
                                      limits_.message_bytes),
                          HandlerRan::kNo),
                   413);
  }
}

// Also to a page of another origin, which would not be shown it else.
void ServerProtocol::answer_instead(const Status& why, int status) {
  const bool page = request_.kind == Request::Kind::kPage;
  answer_with_error(why, status, request_);
  if (!page) http::add_cors(head_, rules_.cors, request_.answer);
}

wire::ServerProtocol::Step ServerProtocol::broken(http::Fault fault, Status& why) {
  broken_status_ = fault.status;
  why = Status(fault.status == 413 || fault.status == 431 ? Code::kResourceExhausted
                                                          : Code::kInvalidArgument,
               std::move(fault.text), HandlerRan::kNo);
  return Step::kBroken;
}

void ServerProtocol::end_request(bool waiting) {
  stage_ = Stage::kHead;
  waiting_ = waiting;
  last_ = !head_.keep_alive;
}

// Idle connections keep next to nothing.
void ServerProtocol::answered() {
  waiting_ = false;
  stream_.end();
  if (calls_) calls_->end();
  clear_kept(body_);
  if (head_.text.capacity() > kKeptBytes) head_.text = std::string();
}

http::Manner ServerProtocol::manner() const noexcept {
  http::Manner manner;
  manner.keep_alive = head_.keep_alive && !draining_;
  manner.minor_version = head_.minor_version;
  manner.head_only = head_.method == "HEAD";
  return manner;
}

Status ServerProtocol::read_body(const Frame& frame, const TypeOps& type, void* argument) {
  Status failure = calls_->read_body(frame, type, argument);
  if (failure.ok() && request_.resume_from && frame.opens_stream) {
    request_.method->resume->set_request(argument, *request_.resume_from);
  }
  return failure;
}

Status ServerProtocol::read_metadata(const Frame& frame, Metadata& metadata) {
  if (frame.kind != FrameKind::kPage) return calls_->read_metadata(head_, metadata);
  for (const http::Header& header : head_.headers) {
    metadata.add(base::to_lower(header.name), std::string(header.value));
  }
  return {};
}

Status ServerProtocol::write_reply(const ReplyHead& head, const TypeOps& type, const void* value,
                                   Buffer& out) {
  if (stream_.open()) return write_stream_reply(head, type, value, out);
  Status failure = calls_->write_reply(head, type, value);
  if (failure.ok()) write_if_complete(out);
  return failure;
}

void ServerProtocol::write_error(const ReplyHead& head, const Status& status, Buffer& out) {
  if (stream_.open()) {
    write_stream_error(head, status, out);
    return;
  }
  calls_->write_error(head, status);
  write_if_complete(out);
}

void ServerProtocol::write_answer(Buffer& out) {
  if (std::exchange(continue_, false)) {
    out.append("HTTP/1.1 100 Continue\r\n\r\n");
  } else if (request_.kind == Request::Kind::kCall) {
    write_if_complete(out);
  } else {
    http::write_response(request_.answer, manner(), request_.answer_body.view(), out);
  }
}

void ServerProtocol::write_page(const Page& page, Buffer& out) {
  http::Response response;
  response.status = page.status;
  response.content_type = page.content_type;
  for (const auto& [name, value] : page.headers) {
    // Every answer with a body has this one already.
    if (!base::equal_ignoring_case(name, "x-content-type-options"))
      response.headers.emplace_back(name, value);
  }
  http::write_response(response, manner(), as_bytes(page.body), out);
  answered();
}

void ServerProtocol::write_broken(const Status& why, Buffer& out) {
  if (stream_.open() && stage_ == Stage::kMessages) {
    write_stream_error(wire::ReplyHead(), why, out);
    return;
  }
  Request error;
  error.content = stage_ == Stage::kBody ? request_.content : &connect::connect_content();
  answer_with_error(why, broken_status_, error);
  http::Manner manner;
  manner.keep_alive = false;
  http::write_response(error.answer, manner, error.answer_body.view(), out);
}

Status ServerProtocol::unknown_method(std::string_view name, UnknownMethod why) {
  return calls_->unknown_method(name, why);
}

}  // namespace tern::wire::over_http
