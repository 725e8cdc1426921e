#include "http/response.h"

#include <fmt/format.h>

#include <iterator>

#include "http/status.h"

namespace tern::http {

void write_response(const Response& response, const Manner& manner, ByteView body, Buffer& out) {
  fmt::memory_buffer head;
  auto at = std::back_inserter(head);
  fmt::format_to(at, "HTTP/1.1 {} {}\r\n", response.status, reason_phrase(response.status));
  if (!response.content_type.empty()) {
    fmt::format_to(at, "Content-Type: {}\r\nX-Content-Type-Options: nosniff\r\n",
                   response.content_type);
  }
  if (response.status != 204) fmt::format_to(at, "Content-Length: {}\r\n", body.size());
  if (!manner.keep_alive) {
    fmt::format_to(at, "Connection: close\r\n");
  } else if (manner.minor_version == 0) {
    fmt::format_to(at, "Connection: keep-alive\r\n");
  }
  for (const auto& [name, value] : response.headers) {
    fmt::format_to(at, "{}: {}\r\n", name, value);
  }
  fmt::format_to(at, "\r\n");
  bool with_body = !manner.head_only && response.status != 204;
  out.reserve(head.size() + (with_body ? body.size() : 0));
  out.append({head.data(), head.size()});
  if (with_body) out.append(body);
}

}  // namespace tern::http
