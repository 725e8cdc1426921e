#include "registry/http_request_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <string_view>

#include "base/ascii.h"
#include "base/peer_text.h"
#include "http/head.h"

namespace tern::registry {

namespace {

bool is_target(std::string_view target) {
  return target.starts_with('/') && std::all_of(target.begin(), target.end(), [](char c) {
           return base::is_visible(c) && c != '#';
         });
}

bool is_host(std::string_view host) {
  return !host.empty() && std::all_of(host.begin(), host.end(),
                                      [](char c) { return base::is_visible(c) && c != '/'; });
}

bool is_own_header(std::string_view name) {
  return base::equal_ignoring_case(name, "host") || base::equal_ignoring_case(name, "connection") ||
         base::equal_ignoring_case(name, "content-length") ||
         base::equal_ignoring_case(name, "transfer-encoding");
}

}  // namespace

std::string unsendable(const HttpExchangeRequest& request) {
  if (!http::is_token(request.method)) {
    return fmt::format("the method is \"{}\"; expected one word", base::peer_text(request.method));
  }
  if (!is_target(request.target)) {
    return fmt::format("the target is \"{}\"; expected a path, its special characters as %xx",
                       base::peer_text(request.target));
  }
  if (!is_host(request.host)) {
    return fmt::format("the host is \"{}\"; expected host:port", base::peer_text(request.host));
  }
  for (const auto& [name, value] : request.headers) {
    if (!http::is_token(name) || is_own_header(name)) {
      return fmt::format("a header is named \"{}\"; expected a word that is not taken",
                         base::peer_text(name));
    }
    if (!http::is_field_value(value)) {
      return fmt::format("header \"{}\" has a control character in its value", name);
    }
  }
  return {};
}

void write_request(const HttpExchangeRequest& request, Buffer& out) {
  fmt::memory_buffer text;
  auto at = std::back_inserter(text);
  fmt::format_to(at, "{} {} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n", request.method,
                 request.target, request.host);
  for (const auto& [name, value] : request.headers) {
    fmt::format_to(at, "{}: {}\r\n", name, value);
  }
  if (!request.body.empty() || request.method == "POST" || request.method == "PUT") {
    fmt::format_to(at, "Content-Length: {}\r\n", request.body.size());
  }
  fmt::format_to(at, "\r\n");
  out.append({text.data(), text.size()});
  out.append(request.body);
}

}  // namespace tern::registry
