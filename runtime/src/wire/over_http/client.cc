#include "wire/over_http/client.h"

#include <fmt/format.h>

#include <iterator>
#include <utility>

#include "http/response.h"
#include "wire/connect/envelopes.h"
#include "wire/over_http/kept_buffer.h"
#include "wire/over_http/metadata.h"

namespace tern::wire::over_http {

namespace {

Status broken(std::string text) {
  return Status(Code::kUnavailable, "http: " + std::move(text), HandlerRan::kUnknown);
}

}  // namespace

std::string http_host(const Endpoint& endpoint) {
  bool ipv6 = endpoint.host.find(':') != std::string::npos;
  return fmt::format("{}{}{}:{}", ipv6 ? "[" : "", endpoint.host, ipv6 ? "]" : "", endpoint.port);
}

ClientProtocol::ClientProtocol(const Limits& limits, std::string host,
                               std::unique_ptr<ClientBody> calls)
    : limits_(limits), host_(std::move(host)), calls_(std::move(calls)) {}

Status ClientProtocol::write_request(const RequestHead& head, const TypeOps& type,
                                     const void* argument, Buffer& out) {
  {
    std::lock_guard lock(mutex_);
    if (open_) {
      return Status(Code::kResourceExhausted,
                    "http: a stream has the connection until it ends; other calls need another "
                    "client",
                    HandlerRan::kNo);
    }
  }
  const bool client_streams = head.opens_stream && tern::client_streams(head.method->kind);
  const ClientEnvelopes* envelopes = calls_->envelopes();
  if (client_streams && !envelopes->no_client_streams.empty()) {
    return Status(Code::kUnimplemented,
                  fmt::format("{}: {}", envelopes->name, envelopes->no_client_streams),
                  HandlerRan::kNo);
  }
  if (head.opens_stream && head.method->kind == MethodKind::kBidiStream) {
    return Status(Code::kUnimplemented,
                  "http: HTTP/1.1 cannot carry a stream in both directions at a time",
                  HandlerRan::kNo);
  }
  ClientBody::Headers metadata;
  if (head.metadata) {
    Status failure = calls_->add_metadata(*head.metadata, metadata);
    if (!failure.ok()) return failure;
  }
  clear_kept(argument_);
  Status failure = client_streams ? Status() : calls_->put_body(head, type, argument, argument_);
  if (!failure.ok()) return failure;
  Buffer prefix;
  if (!client_streams && (head.opens_stream || (envelopes && envelopes->unary))) {
    connect::put_prefix(0, argument_.size(), prefix);
  }
  ClientBody::Headers own;
  calls_->add_headers(head, own);
  fmt::memory_buffer text;
  auto at = std::back_inserter(text);
  fmt::format_to(at, "POST {} HTTP/1.1\r\n", calls_->path(head));
  for (const auto& [name, value] : own) fmt::format_to(at, "{}: {}\r\n", name, value);
  fmt::format_to(at, "Host: {}\r\nContent-Type: {}\r\n", host_,
                 head.opens_stream ? calls_->stream_type().name : calls_->type().name);
  if (client_streams) {
    fmt::format_to(at, "Transfer-Encoding: chunked\r\n");
  } else {
    fmt::format_to(at, "Content-Length: {}\r\n", prefix.size() + argument_.size());
  }
  for (const auto& [name, value] : metadata) fmt::format_to(at, "{}: {}\r\n", name, value);
  fmt::format_to(at, "\r\n");
  out.reserve(text.size() + argument_.size());
  out.append({text.data(), text.size()});
  out.append(prefix.view());
  out.append(argument_.view());
  clear_kept(argument_);
  std::lock_guard lock(mutex_);
  ids_.push_back(head.id);
  if (head.opens_stream) {
    open_.emplace();
    open_->id = head.id;
    open_->server_streams = !client_streams;
    open_->request_ended = !client_streams;
  }
  return {};
}

wire::ClientProtocol::Progress ClientProtocol::next(ByteView in, Frame& frame, Status& why) {
  if (stage_ == Stage::kHead) return read_head(in, frame, why);
  std::size_t used = stage_ == Stage::kLastOfHead ? 1 : 0;
  if (in.size() < used) return {Step::kMore, 0, used};
  if (stage_ == Stage::kLastOfHead) stage_ = answer_.open() ? Stage::kEnvelopes : Stage::kBody;
  Progress progress = stage_ == Stage::kEnvelopes ? read_envelopes(in.subspan(used), frame, why)
                                                  : read_response(in.subspan(used), frame, why);
  progress.consumed += used;
  if (progress.step == Step::kMore && used > 0) progress.step = Step::kSkip;
  return progress;
}

wire::ClientProtocol::Progress ClientProtocol::read_head(ByteView in, Frame& frame, Status& why) {
  http::Fault fault;
  std::size_t size = 0;
  switch (head_reader_.read(in, head_, size, fault)) {
    case http::HeadReader::Step::kMore:
      return {Step::kMore, 0, 0};
    case http::HeadReader::Step::kBroken:
      why = broken("the response cannot be read: " + fault.text);
      return {Step::kBroken, 0, 0};
    case http::HeadReader::Step::kWhole:
      break;
  }
  if (head_.status < 200) {
    if (head_.status != 101) return {Step::kSkip, size, 0};
    why = broken("the server switches protocols without a request for it");
    return {Step::kBroken, 0, 0};
  }
  bool empty = head_.status == 204 || head_.status == 304;
  if (!empty && !head_.chunked && !head_.content_length) {
    why = broken(fmt::format("the response, status {}, has no length", head_.status));
    return {Step::kBroken, 0, 0};
  }
  if (empty) head_.content_length = 0;
  const std::optional<NextCall> call = next_call();
  if (call && calls_->is_in_envelopes(head_, call->stream.has_value())) {
    const AnswerReader::Expected expected = !call->stream ? AnswerReader::Expected::kReply
                                            : call->stream->server_streams
                                                ? AnswerReader::Expected::kMessages
                                                : AnswerReader::Expected::kReplyToStream;
    answer_.begin(call->id, expected, head_, *calls_->envelopes(), limits_);
  } else if (head_.content_length.value_or(0) > limits_.message_bytes) {
    why = broken(fmt::format("the response is {} bytes long; the limit is {}",
                             *head_.content_length, limits_.message_bytes));
    return {Step::kBroken, 0, 0};
  }
  chunks_.begin();
  clear_kept(body_);
  stage_ = Stage::kLastOfHead;
  // An answer that comes before the end of what it answers may end it: what is left of the request
  // is not sent, so that nothing can follow it.
  const bool whole = !call || !call->stream || call->stream->request_ended;
  if (head_.keep_alive && whole) return {Step::kSkip, size - 1, 0};
  last_ = true;
  frame = Frame();
  frame.kind = FrameKind::kGoingAway;
  frame.message = "http: the server closes the connection";
  return {Step::kFrame, size - 1, 0};
}

wire::ClientProtocol::Progress ClientProtocol::read_response(ByteView in, Frame& frame,
                                                             Status& why) {
  std::size_t used = 0;
  ByteView body;
  if (head_.chunked) {
    http::Fault fault;
    switch (chunks_.read(in, limits_.message_bytes, body_, used, fault)) {
      case http::Chunks::Step::kMore:
        return {used > 0 ? Step::kSkip : Step::kMore, used, 0};
      case http::Chunks::Step::kBroken:
        why = broken("the response cannot be read: " + fault.text);
        return {Step::kBroken, 0, 0};
      case http::Chunks::Step::kWhole:
        body = body_.view();
    }
  } else {
    used = static_cast<std::size_t>(head_.content_length.value_or(0));
    if (in.size() < used) return {Step::kMore, 0, used};
    body = in.first(used);
  }
  const std::optional<NextCall> call = take_call();
  if (!call) {
    why = broken("a response came without a request");
    return {Step::kBroken, 0, 0};
  }
  stage_ = Stage::kHead;
  frame = Frame();
  frame.id = call->id;
  if (!head_.headers.empty()) frame.metadata = as_bytes(head_.text);
  calls_->read_answer(head_, call->stream.has_value(), body, frame);
  return {Step::kFrame, used, 0};
}

wire::ClientProtocol::Progress ClientProtocol::read_envelopes(ByteView in, Frame& frame,
                                                              Status& why) {
  http::Fault fault;
  std::size_t used = 0;
  switch (answer_.next(in, used, frame, fault)) {
    case AnswerReader::Step::kMore:
      return {used > 0 ? Step::kSkip : Step::kMore, used, 0};
    case AnswerReader::Step::kBroken:
      why = broken("the response cannot be read: " + fault.text);
      return {Step::kBroken, used, 0};
    case AnswerReader::Step::kFrame:
      break;
    case AnswerReader::Step::kLast:
      if (!answer_.open()) stage_ = Stage::kHead;
      take_call();
      break;
    case AnswerReader::Step::kEnd:
      stage_ = Stage::kHead;
      return {Step::kSkip, used, 0};
  }
  if (frame.initial_metadata) frame.metadata = as_bytes(head_.text);
  return {Step::kFrame, used, 0};
}

void ClientProtocol::write_stream_data(const StreamPiece& piece, Buffer& out) {
  if (piece.message) {
    Buffer prefix;
    if (piece.first) connect::put_prefix(0, piece.whole, prefix);
    const std::size_t size = prefix.size() + piece.bytes.size();
    if (size > 0) {
      http::begin_chunk(size, out);
      out.append(prefix.view());
      out.append(piece.bytes);
      http::end_chunk(out);
    }
  }
  if (!piece.ends_side) return;
  {
    std::lock_guard lock(mutex_);
    // A server's stream had its request ended when it was opened.
    if (!open_ || open_->request_ended) return;
    open_->request_ended = true;
  }
  http::write_last_chunk(out);
}

bool ClientProtocol::cancel_ends_connection(std::uint64_t id) const {
  std::lock_guard lock(mutex_);
  return open_ && open_->id == id;
}

std::optional<ClientProtocol::NextCall> ClientProtocol::next_call() const {
  std::lock_guard lock(mutex_);
  if (ids_.empty()) return std::nullopt;
  NextCall next;
  next.id = ids_.front();
  if (open_ && open_->id == next.id) next.stream = open_;
  return next;
}

std::optional<ClientProtocol::NextCall> ClientProtocol::take_call() {
  std::optional<NextCall> taken = next_call();
  if (!taken) return std::nullopt;
  std::lock_guard lock(mutex_);
  ids_.pop_front();
  if (taken->stream) open_.reset();
  return taken;
}

Status ClientProtocol::read_body(const Frame& frame, const TypeOps& type, void* result) {
  return calls_->type().codec().decode(type, frame.body, result, limits_.decode());
}

Status ClientProtocol::read_detail(const Frame& frame, const TypeOps& type, void* value) {
  return calls_->detail_codec().decode(type, frame.body, value, limits_.decode());
}

Status ClientProtocol::read_metadata(const Frame& frame, Metadata& metadata) {
  if (!answer_.is_end(frame)) return calls_->read_metadata(head_, metadata);
  const AnswerEnd& end = answer_.end();
  if (end.unreadable.ok()) metadata = end.metadata;
  return end.unreadable;
}

}  // namespace tern::wire::over_http
