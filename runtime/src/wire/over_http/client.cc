#include "wire/over_http/client.h"

#include <fmt/format.h>

#include <chrono>
#include <iterator>
#include <utility>
#include <vector>

#include "base/peer_text.h"
#include "http/response.h"
#include "tern/codec.h"
#include "wire/connect/codes.h"
#include "wire/over_http/metadata.h"

namespace tern {

namespace {

constexpr std::int64_t kLongestTimeout = 9'999'999'999;  // milliseconds: ten digits
constexpr std::size_t kKeptBytes = 2048;

Status broken(std::string text) {
  return Status(Code::kUnavailable, "http: " + std::move(text), HandlerRan::kUnknown);
}

void clear(Buffer& buffer) {
  buffer.clear();
  if (buffer.capacity() > kKeptBytes) buffer.release();
}

bool is_json(std::string_view type) {
  return http_name_is(type.substr(0, type.find(';')), kHttpJson);
}

// Rounded up: the caller's own clock holds the limit to the nanosecond.
std::int64_t milliseconds(std::chrono::nanoseconds timeout) {
  return std::chrono::ceil<std::chrono::milliseconds>(timeout).count();
}

}  // namespace

std::string http_host(const Endpoint& endpoint) {
  bool ipv6 = endpoint.host.find(':') != std::string::npos;
  return fmt::format("{}{}{}:{}", ipv6 ? "[" : "", endpoint.host, ipv6 ? "]" : "", endpoint.port);
}

HttpClientProtocol::HttpClientProtocol(const Limits& limits, std::string host)
    : limits_(limits), host_(std::move(host)) {}

HttpClientProtocol::HttpClientProtocol(const Limits& limits, std::string host, std::string path)
    : limits_(limits),
      host_(std::move(host)),
      path_(std::move(path)),
      rpc_(std::make_unique<JsonRpcClientProtocol>(JsonRpcVersion::k2, limits)) {}

Status HttpClientProtocol::write_request(const RequestHead& head, const TypeOps& type,
                                         const void* argument, Buffer& out) {
  std::vector<std::pair<std::string, std::string>> metadata;
  if (head.metadata) {
    Status failure = add_metadata(*head.metadata, metadata);
    if (!failure.ok()) return failure;
  }
  clear(argument_);
  Status failure = rpc_ ? rpc_->write_request(head, type, argument, argument_)
                        : json_codec().encode(type, argument, argument_);
  if (!failure.ok()) return failure;
  // A server that reads the body as it comes acts at the end of the object.
  if (rpc_) argument_.truncate(argument_.size() - rpc_->request_tail());
  fmt::memory_buffer text;
  auto at = std::back_inserter(text);
  if (rpc_) {
    fmt::format_to(at, "POST {} HTTP/1.1\r\n", path_);
  } else {
    fmt::format_to(at, "POST /{}/{} HTTP/1.1\r\nConnect-Protocol-Version: 1\r\n",
                   head.method->service, head.method->name);
  }
  fmt::format_to(at, "Host: {}\r\nContent-Type: application/json\r\nContent-Length: {}\r\n", host_,
                 argument_.size());
  std::int64_t timeout = milliseconds(head.timeout);
  if (!rpc_ && timeout > 0 && timeout <= kLongestTimeout) {
    fmt::format_to(at, "Connect-Timeout-Ms: {}\r\n", timeout);
  }
  for (const auto& [name, value] : metadata) fmt::format_to(at, "{}: {}\r\n", name, value);
  fmt::format_to(at, "\r\n");
  out.reserve(text.size() + argument_.size());
  {
    std::lock_guard lock(mutex_);
    ids_.push_back(head.id);
  }
  out.append({text.data(), text.size()});
  out.append(argument_.view());
  clear(argument_);
  return {};
}

ClientProtocol::Progress HttpClientProtocol::next(ByteView in, Frame& frame, Status& why) {
  if (stage_ == Stage::kHead) return read_head(in, frame, why);
  std::size_t used = stage_ == Stage::kLastOfHead ? 1 : 0;
  if (in.size() < used) return {Step::kMore, 0, used};
  stage_ = Stage::kBody;
  Progress progress = read_response(in.subspan(used), frame, why);
  progress.consumed += used;
  if (progress.step == Step::kMore && used > 0) progress.step = Step::kSkip;
  return progress;
}

ClientProtocol::Progress HttpClientProtocol::read_head(ByteView in, Frame& frame, Status& why) {
  HttpFault fault;
  std::size_t size = 0;
  switch (head_reader_.read(in, head_, size, fault)) {
    case HttpHeadReader::Step::kMore:
      return {Step::kMore, 0, 0};
    case HttpHeadReader::Step::kBroken:
      why = broken("the response cannot be read: " + fault.text);
      return {Step::kBroken, 0, 0};
    case HttpHeadReader::Step::kWhole:
      break;
  }
  if (head_.status < 200) {
    if (head_.status != 101) return {Step::kSkip, size, 0};
    why = broken("the server switches protocols, which nobody asked for");
    return {Step::kBroken, 0, 0};
  }
  bool empty = head_.status == 204 || head_.status == 304;
  if (!empty && !head_.chunked && !head_.content_length) {
    why = broken(fmt::format("the response, status {}, has no length", head_.status));
    return {Step::kBroken, 0, 0};
  }
  if (empty) head_.content_length = 0;
  if (head_.content_length.value_or(0) > limits_.message_bytes) {
    why = broken(fmt::format("the response is {} bytes long; the limit is {}",
                             *head_.content_length, limits_.message_bytes));
    return {Step::kBroken, 0, 0};
  }
  chunks_.begin();
  clear(body_);
  stage_ = Stage::kLastOfHead;
  if (head_.keep_alive) return {Step::kSkip, size - 1, 0};
  last_ = true;
  frame = Frame();
  frame.kind = FrameKind::kGoingAway;
  frame.message = "http: the server closes the connection";
  return {Step::kFrame, size - 1, 0};
}

ClientProtocol::Progress HttpClientProtocol::read_response(ByteView in, Frame& frame, Status& why) {
  std::size_t used = 0;
  ByteView body;
  if (head_.chunked) {
    HttpFault fault;
    switch (chunks_.read(in, limits_.message_bytes, body_, used, fault)) {
      case HttpChunks::Step::kMore:
        return {used > 0 ? Step::kSkip : Step::kMore, used, 0};
      case HttpChunks::Step::kBroken:
        why = broken("the response cannot be read: " + fault.text);
        return {Step::kBroken, 0, 0};
      case HttpChunks::Step::kWhole:
        body = body_.view();
    }
  } else {
    used = static_cast<std::size_t>(head_.content_length.value_or(0));
    if (in.size() < used) return {Step::kMore, 0, used};
    body = in.first(used);
  }
  std::optional<std::uint64_t> id = take_id();
  if (!id) {
    why = broken("a response came that nobody asked for");
    return {Step::kBroken, 0, 0};
  }
  stage_ = Stage::kHead;
  frame = Frame();
  frame.id = *id;
  fill(body, frame);
  return {Step::kFrame, used, 0};
}

std::optional<std::uint64_t> HttpClientProtocol::take_id() {
  std::lock_guard lock(mutex_);
  if (ids_.empty()) return std::nullopt;
  std::uint64_t id = ids_.front();
  ids_.pop_front();
  return id;
}

void HttpClientProtocol::fill(ByteView body, Frame& frame) {
  if (!head_.headers.empty()) frame.metadata = as_bytes(head_.text);
  const bool json = is_json(head_.get("content-type"));
  if (rpc_ && json && fill_json_rpc(body, frame)) return;
  if (head_.status == 200 && json && !rpc_) {
    frame.kind = FrameKind::kReply;
    frame.body = body;
    return;
  }
  frame.kind = FrameKind::kError;
  if (head_.status == 200 && json) {
    frame.code = Code::kInternal;
    message_ = fmt::format("http: the response is no answer of JSON-RPC to request {}: \"{}\"",
                           frame.id, peer_text(as_text(body)));
    frame.message = message_;
  } else {
    fill_error(body, frame);
  }
}

// One answer, to the request that was sent. An error without an id answers it, too: the server
// could not read the request, or has not looked at it.
bool HttpClientProtocol::fill_json_rpc(ByteView body, Frame& frame) {
  if (rpc_->read_error_without_id(as_text(body), frame)) return true;
  Frame answer;
  Status why;
  rpc_->begin_message();
  Progress progress = rpc_->next(body, answer, why);
  while (progress.step == Step::kSkip && progress.consumed > 0) {
    body = body.subspan(progress.consumed);
    progress = rpc_->next(body, answer, why);
  }
  if (progress.step != Step::kFrame || answer.id != frame.id) return false;
  answer.metadata = frame.metadata;
  frame = std::move(answer);
  return true;
}

void HttpClientProtocol::fill_error(ByteView body, Frame& frame) {
  error_ = is_json(head_.get("content-type")) ? read_connect_error(body) : std::nullopt;
  if (!error_) {
    // Somebody else's words: a proxy's, or those of a server that is no RPC server.
    frame.code = code_of_http_status(head_.status);
    frame.ran = HandlerRan::kUnknown;
    message_ = fmt::format("http: status {} with Content-Type \"{}\": \"{}\"", head_.status,
                           peer_text(head_.get("content-type")), peer_text(as_text(body)));
    frame.message = message_;
    return;
  }
  frame.code = error_->code;
  // 404 is no proof: Connect servers of before 2023 answer it for a handler's `unimplemented`.
  bool refused = head_.status == 405 || head_.status == 415;
  frame.ran =
      refused && frame.code == Code::kUnimplemented ? HandlerRan::kNo : HandlerRan::kUnknown;
  frame.message = error_->message;
  frame.detail_type = error_->detail_type;
  frame.body = error_->detail;
}

Status HttpClientProtocol::read_body(const Frame& frame, const TypeOps& type, void* value) {
  if (rpc_ && frame.kind == FrameKind::kReply) return rpc_->read_body(frame, type, value);
  return json_codec().decode(type, frame.body, value, limits_.decode());
}

Status HttpClientProtocol::read_detail(const Frame& frame, const TypeOps& type, void* value) {
  return read_body(frame, type, value);
}

Status HttpClientProtocol::read_metadata(const Frame&, Metadata& metadata) {
  for (const HttpHeader& header : head_.headers) {
    std::string name = http_lower_case(header.name);
    if (!is_http_own(name)) metadata.add(std::move(name), std::string(header.value));
  }
  return {};
}

}  // namespace tern
