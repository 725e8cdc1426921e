#include "wire/over_http/client.h"

#include <fmt/format.h>

#include <iterator>
#include <utility>
#include <vector>

#include "base/ascii.h"
#include "tern/codec.h"
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
  std::vector<std::pair<std::string, std::string>> metadata;
  if (head.metadata) {
    Status failure = add_metadata(*head.metadata, metadata);
    if (!failure.ok()) return failure;
  }
  clear_kept(argument_);
  Status failure = calls_->put_body(head, type, argument, argument_);
  if (!failure.ok()) return failure;
  fmt::memory_buffer text;
  auto at = std::back_inserter(text);
  fmt::format_to(at, "Host: {}\r\nContent-Type: application/json\r\nContent-Length: {}\r\n", host_,
                 argument_.size());
  for (const auto& [name, value] : metadata) fmt::format_to(at, "{}: {}\r\n", name, value);
  fmt::format_to(at, "\r\n");
  calls_->put_head(head, out);
  out.reserve(text.size() + argument_.size());
  out.append({text.data(), text.size()});
  out.append(argument_.view());
  clear_kept(argument_);
  std::lock_guard lock(mutex_);
  ids_.push_back(head.id);
  return {};
}

wire::ClientProtocol::Progress ClientProtocol::next(ByteView in, Frame& frame, Status& why) {
  if (stage_ == Stage::kHead) return read_head(in, frame, why);
  std::size_t used = stage_ == Stage::kLastOfHead ? 1 : 0;
  if (in.size() < used) return {Step::kMore, 0, used};
  stage_ = Stage::kBody;
  Progress progress = read_response(in.subspan(used), frame, why);
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
  if (head_.content_length.value_or(0) > limits_.message_bytes) {
    why = broken(fmt::format("the response is {} bytes long; the limit is {}",
                             *head_.content_length, limits_.message_bytes));
    return {Step::kBroken, 0, 0};
  }
  chunks_.begin();
  clear_kept(body_);
  stage_ = Stage::kLastOfHead;
  if (head_.keep_alive) return {Step::kSkip, size - 1, 0};
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
  std::optional<std::uint64_t> id = take_id();
  if (!id) {
    why = broken("a response came without a request");
    return {Step::kBroken, 0, 0};
  }
  stage_ = Stage::kHead;
  frame = Frame();
  frame.id = *id;
  if (!head_.headers.empty()) frame.metadata = as_bytes(head_.text);
  calls_->read_answer(head_, body, frame);
  return {Step::kFrame, used, 0};
}

std::optional<std::uint64_t> ClientProtocol::take_id() {
  std::lock_guard lock(mutex_);
  if (ids_.empty()) return std::nullopt;
  std::uint64_t id = ids_.front();
  ids_.pop_front();
  return id;
}

Status ClientProtocol::read_body(const Frame& frame, const TypeOps& type, void* result) {
  return json_codec().decode(type, frame.body, result, limits_.decode());
}

Status ClientProtocol::read_detail(const Frame& frame, const TypeOps& type, void* value) {
  return read_body(frame, type, value);
}

Status ClientProtocol::read_metadata(const Frame&, Metadata& metadata) {
  for (const http::Header& header : head_.headers) {
    std::string name = base::to_lower(header.name);
    if (!is_http_own(name)) metadata.add(std::move(name), std::string(header.value));
  }
  return {};
}

}  // namespace tern::wire::over_http
