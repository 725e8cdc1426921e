// A server's answers in HTTP/1.1.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "tern/buffer.h"

namespace tern::http {

inline constexpr std::string_view kJson = "application/json";
inline constexpr std::string_view kText = "text/plain; charset=utf-8";

// Names and values.
using Headers = std::vector<std::pair<std::string, std::string>>;

// All but the body. Names and values are the server's own, or have been checked.
struct Response {
  Response() = default;
  int status = 200;
  std::string_view content_type;  // "": there is no body
  Headers headers;
};

// How the connection of the request wants its answers.
struct Manner {
  bool keep_alive = true;
  int minor_version = 1;  // of the request
  bool head_only = false;
};

// A body whose length is not known: in chunks, or, for a client of HTTP/1.0, up to the end of the
// connection.
void write_response_head(const Response& response, const Manner& manner, Buffer& out);
// A chunk of `size` bytes, which are appended between the two.
void begin_chunk(std::size_t size, Buffer& out);
inline void end_chunk(Buffer& out) {
  out.append("\r\n");
}
// Ends the body.
inline void write_last_chunk(Buffer& out) {
  out.append("0\r\n\r\n");
}

void write_response(const Response& response, const Manner& manner, ByteView body, Buffer& out);

}  // namespace tern::http
