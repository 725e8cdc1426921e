// A server's answers in HTTP/1.1.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "tern/buffer.h"

namespace tern {

inline constexpr std::string_view kHttpJson = "application/json";
inline constexpr std::string_view kHttpText = "text/plain; charset=utf-8";

// All but the body. Names and values are the server's own, or have been checked.
struct HttpResponse {
  HttpResponse() = default;
  int status = 200;
  std::string_view content_type;  // "": there is no body
  std::vector<std::pair<std::string, std::string>> headers;
};

// How the connection of the request wants its answers.
struct HttpManner {
  bool keep_alive = true;
  int minor_version = 1;  // of the request
  bool head_only = false;
};

void write_http_response(const HttpResponse& response, const HttpManner& manner, ByteView body,
                         Buffer& out);

}  // namespace tern
