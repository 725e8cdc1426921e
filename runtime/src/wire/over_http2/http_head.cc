#include "wire/over_http2/http_head.h"

#include <charconv>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <system_error>

namespace tern::wire::over_http2 {

namespace {

constexpr std::string_view kHost = "host";

// A field is a header of this name.
std::string_view header_name(std::string_view name) noexcept {
  if (name == ":authority") return kHost;
  return name.starts_with(':') ? std::string_view() : name;
}

// nghttp2 refuses what is no number, and a body of another length.
std::optional<std::uint64_t> read_length(std::string_view text) noexcept {
  std::uint64_t length = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), length);
  return read.ec == std::errc() ? std::optional(length) : std::nullopt;
}

}  // namespace

// As lines, so that all of them are one text that the views are into.
void read_http_head(const http2::Fields& fields, http::Head& head) {
  std::size_t size = 0;
  for (const auto& [name, value] : fields) size += kHost.size() + name.size() + value.size() + 4;
  head.text.clear();
  head.text.reserve(size);  // the views are not moved
  head.headers.clear();
  head.method = {};
  head.target = {};
  head.content_length.reset();
  head.status = 0;
  head.major_version = 2;
  const auto add = [&head](std::string_view text, std::string_view behind) {
    const std::size_t start = head.text.size();
    head.text.append(text).append(behind);
    return std::string_view(head.text).substr(start, text.size());
  };
  bool has_host = false;
  for (const auto& [name, value] : fields) {
    if (name == ":method") head.method = add(value, "\r\n");
    if (name == ":path") head.target = add(value, "\r\n");
    if (name == ":status") {
      std::from_chars(value.data(), value.data() + value.size(), head.status);
    }
    const std::string_view header = header_name(name);
    if (header.empty() || (header == kHost && has_host)) continue;
    has_host = has_host || header == kHost;
    http::Header one;
    one.name = add(header, ": ");
    one.value = add(value, "\r\n");
    head.headers.push_back(one);
    if (one.name == "content-length") head.content_length = read_length(one.value);
  }
}

}  // namespace tern::wire::over_http2
