#include "wire/over_http2/http_call.h"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <utility>

#include "base/ascii.h"
#include "http/head.h"
#include "wire/over_http/stream_request.h"
#include "wire/over_http2/http_head.h"

namespace tern::wire::over_http2 {

namespace {

using Kind = over_http::Request::Kind;
using Step = over_http::ServerStream::Step;

// Of a connection of HTTP/1.1: HTTP/2 has no such fields (RFC 9113, section 8.2.2).
constexpr std::array<std::string_view, 5> kOfConnections = {
    "connection", "keep-alive", "proxy-connection", "transfer-encoding", "upgrade"};

bool is_grpc(std::string_view type) noexcept {
  constexpr std::string_view kGrpc = "application/grpc";
  return base::equal_ignoring_case(type.substr(0, kGrpc.size()), kGrpc);
}

http2::Fields fields_of(const http::Response& response) {
  http2::Fields fields = {{":status", std::to_string(response.status)}};
  if (!response.content_type.empty()) {
    fields.emplace_back("content-type", response.content_type);
    fields.emplace_back("x-content-type-options", "nosniff");
  }
  for (const auto& [name, value] : response.headers) {
    std::string lower = base::to_lower(name);
    if (std::find(kOfConnections.begin(), kOfConnections.end(), lower) == kOfConnections.end()) {
      fields.emplace_back(std::move(lower), value);
    }
  }
  return fields;
}

}  // namespace

HttpCall::HttpCall(const CallSetup& setup, StreamId stream, const http2::Fields& fields)
    : ServerCall(setup, stream), exchange_(setup.limits, setup.rules, *this) {
  read_http_head(fields, exchange_.head());
  exchange_.begin();
  // Who streams may wait for an answer before the end.
  const std::string_view type = exchange_.head().get("content-type");
  if (exchange_.request().kind == Kind::kAnswer &&
      (over_http::is_stream(exchange_.head()) || is_grpc(type))) {
    body_ = Body::kWhole;
  }
}

// --- The request ---

void HttpCall::add(ByteView bytes) {
  if (reads_messages()) {
    add_messages(bytes);
  } else if (exchange_.has_envelopes()) {
    add_argument(bytes);
  } else if (exchange_.request().kind == Kind::kAnswer) {
    // It is answered when it has come, so that its client is not told that nobody reads it.
  } else if (bytes.size() > limits().message_bytes - exchange_.body().size()) {
    refuse_body();
  } else {
    exchange_.body().append(bytes);
    gathered_ = exchange_.body().size();
  }
}

void HttpCall::refuse_body() {
  exchange_.refuse_body();
  gathered_ = 0;
  body_ = Body::kWhole;
}

void HttpCall::add_messages(ByteView bytes) {
  while (body_ == Body::kComing) {
    Frame frame;
    http::Fault fault;
    std::size_t used = 0;
    const Step step = exchange_.stream().take_message(bytes, used, frame, fault);
    const ByteView body = frame.body;
    bytes = bytes.subspan(used);
    if (step == Step::kMore) return;
    if (step != Step::kFrame) body_ = Body::kWhole;
    frame.body = {};
    events().add(stream(), frame, body);
  }
}

// Of a body that has no framing of its own nothing is broken but its envelopes.
void HttpCall::add_argument(ByteView bytes) {
  if (body_ != Body::kComing) return;
  http::Fault fault;
  std::size_t used = 0;
  const Step step =
      exchange_.stream().take_argument(bytes, used, exchange_.body(), refused_, fault);
  gathered_ = exchange_.body().size();
  if (step == Step::kLast) {
    body_ = Body::kWhole;
  } else if (step == Step::kRefused) {
    exchange_.body().release();
    gathered_ = 0;
    body_ = Body::kRefused;
  }
}

void HttpCall::end_body() {
  if (exchange_.has_envelopes()) exchange_.stream().end_body();
  if (reads_messages()) {
    add_messages({});
  } else if (exchange_.has_envelopes()) {
    add_argument({});
  } else {
    body_ = std::max(body_, Body::kWhole);
  }
}

std::optional<std::size_t> HttpCall::to_come() const noexcept {
  if (exchange_.has_envelopes()) return exchange_.stream().to_come();
  const std::size_t length = exchange_.head().content_length.value_or(0);
  const std::size_t have = exchange_.body().size();
  // A body without a length, or without a use, or which is refused when it is too long.
  if (length < have || length > limits().message_bytes) return std::nullopt;
  if (exchange_.request().kind == Kind::kAnswer) return std::nullopt;
  return length - have;
}

// Errors that no call is the place for are answers.
void HttpCall::tell() {
  if (body_ == Body::kRefused && refused_.code() != Code::kResourceExhausted) {
    exchange_.answer_instead(refused_, 0);
  }
  if (exchange_.request().kind == Kind::kAnswer) {
    exchange_.write_answer(unused_);
  } else {
    tell_request();
  }
}

ServerCall::Taken HttpCall::take_request(Frame& frame) {
  if (body_ == Body::kTaken) return Taken::kNothing;
  if (exchange_.request().kind == Kind::kPage) {
    exchange_.take_page(exchange_.body().view(), frame);
    frame.id = id_of(0);
    body_ = Body::kTaken;
    note_taken(frame.id);
    return Taken::kLast;
  }
  frame = Frame();
  Taken taken = Taken::kLast;
  if (exchange_.has_envelopes()) {
    exchange_.take_envelopes(exchange_.body().view(), refused_, frame);
  } else {
    const auto item = exchange_.take_call(exchange_.body().view(), frame);
    if (item == over_http::ServerBody::Item::kNothing) {
      body_ = Body::kTaken;
      if (exchange_.complete()) exchange_.write_answer(unused_);
      return Taken::kNothing;
    }
    if (item == over_http::ServerBody::Item::kCall) taken = Taken::kMore;
  }
  // The body of a client's stream is still coming.
  if (taken == Taken::kLast && !reads_messages()) body_ = Body::kTaken;
  calls_.push_back(frame.id);
  frame.id = id_of(calls_.size());
  note_taken(frame.id);
  return taken;
}

void HttpCall::release_request() noexcept {
  if (body_ == Body::kTaken) exchange_.body().release();
}

StreamTerms HttpCall::stream_terms() {
  StreamTerms terms;
  terms.window = tell_window();
  terms.codec = &exchange_.stream().codec();
  terms.codec_owner = exchange_.stream().share_codec();
  terms.message_cost = exchange_.stream().message_cost();
  return terms;
}

Status HttpCall::read_body(const Frame& frame, const TypeOps& type, void* argument) {
  Frame inner = frame;
  inner.id = inner_id(frame.id);
  return exchange_.read_body(inner, type, argument);
}

// --- The answer ---

Status HttpCall::write_reply(const ReplyHead& head, const TypeOps& type, const void* value,
                             Buffer& end) {
  ReplyHead inner = head;
  inner.id = inner_id(head.id);
  return exchange_.write_reply(inner, type, value, end);
}

void HttpCall::write_error(const ReplyHead& head, const Status& status, Buffer& end) {
  ReplyHead inner = head;
  inner.id = inner_id(head.id);
  exchange_.write_error(inner, status, end);
}

void HttpCall::write_page(const Page& page) {
  exchange_.write_page(page, unused_);
}

void HttpCall::write_initial_metadata(const Metadata& metadata) {
  exchange_.write_initial_metadata(metadata, unused_);
}

// Whoever sends the messages counts them with their cost.
void HttpCall::write_stream_data(const StreamPiece& piece) {
  const std::size_t counted =
      appended_ + piece.bytes.size() + (piece.first ? exchange_.stream().message_cost() : 0);
  exchange_.write_stream_data(piece, unused_);
  if (appended_ > counted) take_untold(appended_ - counted);
}

void HttpCall::write_stream_end(ByteView end) {
  exchange_.write_stream_end(end, unused_);
}

void HttpCall::write_heartbeat() {
  if (exchange_.write_heartbeat(unused_)) take_untold(over_http::ServerStream::heartbeat().size());
}

void HttpCall::write(const http::Response& response, ByteView body, Buffer& out) {
  // There was no memory for the rest of an answer, and another was to go in its place.
  if (stage() == Stage::kBegun) {
    abort(out);
    return;
  }
  http2::Fields fields = fields_of(response);
  if (response.status != 204) fields.emplace_back("content-length", std::to_string(body.size()));
  if (body.empty() || exchange_.head().method == "HEAD" || response.status == 204) {
    session().respond_alone(stream(), fields);
  } else {
    session().respond(stream(), fields);
    set_stage(Stage::kBegun);
    session().append(stream(), body);
    session().finish(stream(), {});
  }
  // Not before: who fails with the reply tries again with an error.
  set_stage(Stage::kAnswered);
}

void HttpCall::begin(const http::Response& response, Buffer&) {
  session().respond(stream(), fields_of(response));
  set_stage(Stage::kBegun);
}

void HttpCall::append(ByteView first, ByteView second, Buffer&) {
  session().append(stream(), first, second);
  appended_ += first.size() + second.size();
}

void HttpCall::end(Buffer&) {
  session().finish(stream(), {});
  set_stage(Stage::kAnswered);
}

void HttpCall::abort(Buffer&) {
  session().reset(stream(), http2::ErrorCode::kInternalError);
  set_stage(Stage::kAnswered);
}

}  // namespace tern::wire::over_http2
