#include "wire/over_http/server.h"

#include <utility>

#include "base/ascii.h"
#include "wire/connect/server_body.h"
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
  http::Head& head = exchange_.head();
  http::Fault fault;
  std::size_t size = 0;
  switch (head_reader_.read(in, head, size, fault)) {
    case http::HeadReader::Step::kMore:
      return Step::kMore;
    case http::HeadReader::Step::kBroken:
      return broken(std::move(fault), why);
    case http::HeadReader::Step::kWhole:
      break;
  }
  used = size;
  exchange_.begin();
  length_ = 0;
  chunks_.begin();
  bool has_body = head.chunked || head.content_length.value_or(0) > 0;
  stage_ = has_body ? Stage::kBody : Stage::kWhole;
  if (exchange_.stream().open()) {
    begin_stream();
  } else if (exchange_.request().kind == Request::Kind::kAnswer && has_body && is_stream(head)) {
    answer_at_once();
  }
  if (stage_ >= Stage::kArgument) {
    // Of any length.
  } else if (head.content_length.value_or(0) > limits_.message_bytes) {
    refuse_body();
  } else {
    length_ = static_cast<std::size_t>(head.content_length.value_or(0));
  }
  if (!has_body || stage_ == Stage::kWhole || head.count("expect") == 0) return Step::kSkip;
  return refuse_expectation(in.size() > used);
}

// Whoever waits for a word before it sends the body gets one: that it may, or the answer.
wire::ServerProtocol::Step ServerProtocol::refuse_expectation(bool body_is_there) {
  http::Head& head = exchange_.head();
  if (!base::equal_ignoring_case(head.get("expect"), "100-continue")) {
    exchange_.answer_instead(
        Status(Code::kUnimplemented, "http: expected no Expect but 100-continue", HandlerRan::kNo),
        417);
  }
  if (exchange_.request().kind == Request::Kind::kAnswer) {
    head.keep_alive = false;  // whether the body comes all the same is not known
    end_request(false);
    return Step::kAnswer;
  }
  continue_ = !body_is_there && head.minor_version > 0;
  return continue_ ? Step::kAnswer : Step::kSkip;
}

wire::ServerProtocol::Progress ServerProtocol::take_body(ByteView in, Status& why) {
  if (!exchange_.head().chunked) {
    if (in.size() < length_) return {Step::kMore, 0, length_};
    stage_ = Stage::kWhole;
    return {Step::kSkip, 0, 0};
  }
  http::Fault fault;
  std::size_t used = 0;
  switch (chunks_.read(in, limits_.message_bytes, exchange_.body(), used, fault)) {
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
  ByteView body = exchange_.head().chunked ? exchange_.body().view() : in.first(length_);
  switch (exchange_.request().kind) {
    case Request::Kind::kCall:
      return take_call(body, frame);
    case Request::Kind::kPage:
      exchange_.take_page(body, frame);
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
  switch (exchange_.take_call(body, frame)) {
    case ServerBody::Item::kCall:
      return {Step::kFrame, 0, 0};
    case ServerBody::Item::kLastCall:
      end_request(true);
      return {Step::kFrame, length_, 0};
    case ServerBody::Item::kNothing:
      break;
  }
  bool complete = exchange_.complete();
  end_request(!complete);
  return {complete ? Step::kAnswer : Step::kSkip, length_, 0};
}

// The body is not read, so the connection cannot go on.
void ServerProtocol::refuse_body() {
  exchange_.head().keep_alive = false;
  stage_ = Stage::kWhole;
  length_ = 0;
  exchange_.refuse_body();
}

wire::ServerProtocol::Step ServerProtocol::broken(http::Fault fault, Status& why) {
  broken_status_ = fault.status;
  why = Status(fault.status == 413 || fault.status == 431 ? Code::kResourceExhausted
                                                          : Code::kInvalidArgument,
               std::move(fault.text), HandlerRan::kNo);
  return Step::kBroken;
}

void ServerProtocol::end_request(bool awaited) noexcept {
  stage_ = Stage::kHead;
  responses_.end_request(awaited);
}

// --- Requests that stream ---

void ServerProtocol::begin_stream() {
  http::Head& head = exchange_.head();
  last_byte_ = false;
  // What streams to HTTP/1.0 has neither a length nor chunks: the end of the connection ends it.
  if (head.minor_version == 0) head.keep_alive = false;
  if (!exchange_.has_envelopes()) return;
  stage_ = exchange_.has_one_message() ? Stage::kArgument : Stage::kOpening;
}

// The rest of the body does not matter, and may be long in coming.
void ServerProtocol::answer_at_once() noexcept {
  http::Head& head = exchange_.head();
  head.keep_alive = false;
  stage_ = Stage::kWhole;
  length_ = 0;
  head.content_length = 0;
  head.chunked = false;
}

void ServerProtocol::stop_reading() noexcept {
  if (stage_ < Stage::kArgument) return;
  exchange_.head().keep_alive = false;
  end_request(false);
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
  exchange_.take_envelopes({}, Status(), frame);
  stage_ = Stage::kMessages;
  last_byte_ = exchange_.stream().body_ended() && used > 0;
  return {Step::kFrame, last_byte_ ? used - 1 : used, 0};
}

wire::ServerProtocol::Progress ServerProtocol::take_message(ByteView in, Frame& frame,
                                                            Status& why) {
  http::Fault fault;
  std::size_t used = 0;
  switch (exchange_.stream().take_message(in, used, frame, fault)) {
    case ServerStream::Step::kMore:
      return {Step::kMore, used, 0};
    case ServerStream::Step::kBroken:
      return {broken(std::move(fault), why), used, 0};
    case ServerStream::Step::kFrame:
      last_byte_ = exchange_.stream().body_ended();
      break;
    case ServerStream::Step::kRefused:
      exchange_.head().keep_alive = false;
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
  switch (exchange_.stream().take_argument(in, used, exchange_.body(), refused, fault)) {
    case ServerStream::Step::kMore:
    case ServerStream::Step::kFrame:
      return {Step::kMore, used, 0};
    case ServerStream::Step::kBroken:
      return {broken(std::move(fault), why), used, 0};
    case ServerStream::Step::kLast:
      break;
    case ServerStream::Step::kRefused:
      exchange_.head().keep_alive = false;
      if (refused.code() == Code::kResourceExhausted) break;
      exchange_.answer_instead(refused, 0);
      end_request(false);
      return {Step::kAnswer, used, 0};
  }
  exchange_.take_envelopes(exchange_.body().view(), refused, frame);
  end_request(true);
  return {Step::kFrame, used, 0};
}

// --- Writing ---

Status ServerProtocol::write_reply(const ReplyHead& head, const TypeOps& type, const void* value,
                                   Buffer& out) {
  if (!head.ends_stream) stop_reading();
  return exchange_.write_reply(head, type, value, out);
}

void ServerProtocol::write_error(const ReplyHead& head, const Status& status, Buffer& out) {
  if (!head.ends_stream) stop_reading();
  exchange_.write_error(head, status, out);
}

void ServerProtocol::write_stream_end(std::uint64_t, ByteView end, Buffer& out) {
  stop_reading();
  exchange_.write_stream_end(end, out);
}

void ServerProtocol::write_answer(Buffer& out) {
  if (std::exchange(continue_, false)) {
    out.append("HTTP/1.1 100 Continue\r\n\r\n");
  } else {
    exchange_.write_answer(out);
  }
}

void ServerProtocol::write_broken(const Status& why, Buffer& out) {
  if (exchange_.stream().open() && stage_ == Stage::kMessages) {
    write_error(wire::ReplyHead(), why, out);
    return;
  }
  Request error;
  error.content =
      stage_ == Stage::kBody ? exchange_.request().content : &connect::connect_content();
  answer_with_error(why, broken_status_, error);
  http::Manner manner;
  manner.keep_alive = false;
  http::write_response(error.answer, manner, error.answer_body.view(), out);
}

}  // namespace tern::wire::over_http
