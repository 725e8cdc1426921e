#include "wire/connect/client_body.h"

#include <fmt/format.h>

#include <chrono>
#include <iterator>

namespace tern::wire::connect {

namespace {

constexpr std::int64_t kLongestTimeout = 9'999'999'999;  // milliseconds: ten digits

// Rounded up: the caller's own clock holds the limit to the nanosecond.
std::int64_t milliseconds(std::chrono::nanoseconds timeout) {
  return std::chrono::ceil<std::chrono::milliseconds>(timeout).count();
}

}  // namespace

void ClientBody::put_head(const RequestHead& head, Buffer& out) const {
  fmt::memory_buffer text;
  auto at = std::back_inserter(text);
  fmt::format_to(at, "POST /{}/{} HTTP/1.1\r\nConnect-Protocol-Version: 1\r\n",
                 head.method->service, head.method->name);
  std::int64_t timeout = milliseconds(head.timeout);
  if (timeout > 0 && timeout <= kLongestTimeout) {
    fmt::format_to(at, "Connect-Timeout-Ms: {}\r\n", timeout);
  }
  out.append({text.data(), text.size()});
}

Status ClientBody::put_body(const RequestHead&, const TypeOps& type, const void* argument,
                            Buffer& body) {
  return this->type().codec().encode(type, argument, body);
}

void ClientBody::read_answer(const http::Head& head, ByteView body, Frame& frame) {
  if (head.status == 200 && over_http::has_media_type(head, type())) {
    frame.kind = FrameKind::kReply;
    frame.body = body;
  } else {
    failed_.read(head, body, frame);
  }
}

}  // namespace tern::wire::connect
