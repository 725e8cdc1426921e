#include "http/response.h"

#include <fmt/format.h>

#include <iterator>

#include "http/status.h"

namespace tern::http {

namespace {

void put_type(const Response& response, fmt::memory_buffer& head) {
  auto at = std::back_inserter(head);
  fmt::format_to(at, "HTTP/1.1 {} {}\r\n", response.status, reason_phrase(response.status));
  if (response.content_type.empty()) return;
  fmt::format_to(at, "Content-Type: {}\r\nX-Content-Type-Options: nosniff\r\n",
                 response.content_type);
}

void put_rest(const Response& response, const Manner& manner, fmt::memory_buffer& head) {
  auto at = std::back_inserter(head);
  if (!manner.keep_alive) {
    fmt::format_to(at, "Connection: close\r\n");
  } else if (manner.minor_version == 0) {
    fmt::format_to(at, "Connection: keep-alive\r\n");
  }
  for (const auto& [name, value] : response.headers) {
    fmt::format_to(at, "{}: {}\r\n", name, value);
  }
  fmt::format_to(at, "\r\n");
}

}  // namespace

void write_response(const Response& response, const Manner& manner, ByteView body, Buffer& out) {
  fmt::memory_buffer head;
  put_type(response, head);
  if (response.status != 204) {
    fmt::format_to(std::back_inserter(head), "Content-Length: {}\r\n", body.size());
  }
  put_rest(response, manner, head);
  bool with_body = !manner.head_only && response.status != 204;
  out.reserve(head.size() + (with_body ? body.size() : 0));
  out.append({head.data(), head.size()});
  if (with_body) out.append(body);
}

void write_response_head(const Response& response, const Manner& manner, Buffer& out) {
  fmt::memory_buffer head;
  put_type(response, head);
  if (manner.minor_version > 0) {
    fmt::format_to(std::back_inserter(head), "Transfer-Encoding: chunked\r\n");
  }
  put_rest(response, manner, head);
  out.append({head.data(), head.size()});
}

void begin_chunk(std::size_t size, Buffer& out) {
  char text[2 * sizeof size + 2];
  char* end = fmt::format_to(text, "{:x}\r\n", size);
  out.append({text, static_cast<std::size_t>(end - text)});
}

}  // namespace tern::http
