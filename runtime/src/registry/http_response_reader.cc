#include "registry/http_response_reader.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/ascii.h"

namespace tern::registry {

HttpResponseReader::HttpResponseReader(const HttpExchangeLimits& limits, Body body,
                                       HttpExchange::OnPart on_part)
    : limits_(limits),
      body_(body),
      on_part_(std::move(on_part)),
      head_reader_(http::HeadReader::Side::kResponse, limits.head_bytes) {}

HttpResponseReader::State HttpResponseReader::state() const noexcept {
  switch (stage_) {
    case Stage::kWhole:
      return State::kWhole;
    case Stage::kBroken:
      return State::kBroken;
    case Stage::kStopped:
      return State::kStopped;
    case Stage::kHead:
    case Stage::kLength:
    case Stage::kChunks:
    case Stage::kToEnd:
      break;
  }
  return State::kReading;
}

std::size_t HttpResponseReader::read(ByteView bytes) {
  std::size_t used = 0;
  while (stage_ == Stage::kHead && used < bytes.size()) {
    const std::size_t size = read_head(bytes.subspan(used));
    if (size == 0) return used;
    used += size;
  }
  if (state() == State::kReading) read_body(bytes.subspan(used));
  return bytes.size();
}

void HttpResponseReader::end() {
  if (stage_ == Stage::kToEnd) {
    stage_ = Stage::kWhole;
  } else if (state() == State::kReading) {
    fail(Code::kUnavailable, fmt::format("the response ends {}", where()));
  }
}

void HttpResponseReader::fail(Code code, std::string text) {
  stage_ = Stage::kBroken;
  failure_ = {code, std::move(text)};
}

void HttpResponseReader::fail_as_too_long() {
  fail(Code::kResourceExhausted,
       fmt::format("the response is over {} bytes long, which is the limit", limits_.body_bytes));
}

std::size_t HttpResponseReader::read_head(ByteView in) {
  http::Fault fault;
  http::Head head;
  std::size_t size = 0;
  http::HeadReader::Step step = head_reader_.read(in, head, size, fault);
  if (step == http::HeadReader::Step::kBroken) {
    bool too_long = fault.status == 414 || fault.status == 431;
    fail(too_long ? Code::kResourceExhausted : Code::kUnavailable,
         "the response cannot be read: " + fault.text);
    return 0;
  }
  if (step != http::HeadReader::Step::kWhole) return 0;
  if (head.status == 101) {
    fail(Code::kUnavailable, "the server switches protocols without a request for it");
    return 0;
  }
  if (head.status >= 200) begin_body(head);
  return size;
}

void HttpResponseReader::begin_body(const http::Head& head) {
  response_.status = head.status;
  for (const http::Header& header : head.headers) {
    response_.headers.emplace_back(base::to_lower(header.name), std::string(header.value));
  }
  if (head.status != 200) on_part_.reset();
  if (body_ == Body::kNone || head.status == 204 || head.status == 304) {
    stage_ = Stage::kWhole;
  } else if (head.chunked) {
    stage_ = Stage::kChunks;
  } else if (!head.content_length) {
    stage_ = Stage::kToEnd;
  } else {
    stage_ = Stage::kLength;
    length_ = left_ = *head.content_length;
    if (!on_part_ && left_ > limits_.body_bytes) {
      fail_as_too_long();
    } else if (left_ == 0) {
      stage_ = Stage::kWhole;
    }
  }
}

void HttpResponseReader::read_body(ByteView in) {
  switch (stage_) {
    case Stage::kLength: {
      ByteView part = in.first(std::min<std::uint64_t>(left_, in.size()));
      left_ -= part.size();
      add(as_text(part));
      if (stage_ == Stage::kLength && left_ == 0) stage_ = Stage::kWhole;
      break;
    }
    case Stage::kChunks:
      read_chunks(in);
      break;
    case Stage::kToEnd:
      add(as_text(in));
      break;
    case Stage::kHead:
    case Stage::kWhole:
    case Stage::kBroken:
    case Stage::kStopped:
      break;
  }
}

void HttpResponseReader::read_chunks(ByteView in) {
  http::Fault fault;
  Buffer part;
  std::size_t used = 0;
  std::size_t room =
      on_part_ ? static_cast<std::size_t>(-1) : limits_.body_bytes - response_.body.size();
  http::Chunks::Step step = chunks_.read(in, room, part, used, fault);
  if (step == http::Chunks::Step::kBroken && fault.status == 413) {
    fail_as_too_long();
    return;
  }
  add(as_text(part.view()));
  if (stage_ != Stage::kChunks) return;
  if (step == http::Chunks::Step::kBroken) {
    fail(Code::kUnavailable, "the response cannot be read: " + fault.text);
  } else if (step == http::Chunks::Step::kWhole) {
    stage_ = Stage::kWhole;
  }
}

void HttpResponseReader::add(std::string_view part) {
  if (part.empty()) return;
  if (on_part_) {
    on_part_(response_, part);
  } else if (part.size() > limits_.body_bytes - response_.body.size()) {
    fail_as_too_long();
  } else {
    response_.body += part;
  }
}

std::string HttpResponseReader::where() const {
  switch (stage_) {
    case Stage::kLength:
      return fmt::format("after {} of {} bytes of its body", length_ - left_, length_);
    case Stage::kChunks:
      return "in the middle of its chunks";
    case Stage::kToEnd:
      return "within its body, which says no length";
    case Stage::kHead:
    case Stage::kWhole:
    case Stage::kBroken:
    case Stage::kStopped:
      break;
  }
  return "before there was a response";
}

}  // namespace tern::registry
