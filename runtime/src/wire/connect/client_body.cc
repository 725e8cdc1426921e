#include "wire/connect/client_body.h"

#include <chrono>
#include <string>

namespace tern::wire::connect {

namespace {

constexpr std::int64_t kLongestTimeout = 9'999'999'999;  // milliseconds: ten digits

// Rounded up: the caller's own clock holds the limit to the nanosecond.
std::int64_t milliseconds(std::chrono::nanoseconds timeout) {
  return std::chrono::ceil<std::chrono::milliseconds>(timeout).count();
}

}  // namespace

void ClientBody::add_headers(const RequestHead& head, Headers& headers) const {
  headers.emplace_back("Connect-Protocol-Version", "1");
  const std::int64_t timeout = milliseconds(head.timeout);
  if (timeout > 0 && timeout <= kLongestTimeout) {
    headers.emplace_back("Connect-Timeout-Ms", std::to_string(timeout));
  }
}

Status ClientBody::put_body(const RequestHead&, const TypeOps& type, const void* argument,
                            Buffer& body) {
  return this->type().codec().encode(type, argument, body);
}

void ClientBody::read_answer(const http::Head& head, bool stream, ByteView body, Frame& frame) {
  if (!stream && head.status == 200 && over_http::has_media_type(head, type())) {
    frame.kind = FrameKind::kReply;
    frame.body = body;
  } else {
    failed_.read(head, body, frame);
  }
}

}  // namespace tern::wire::connect
