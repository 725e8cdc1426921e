// The bytes of streams over HTTP/1.1, for tests that write them by hand.
#pragma once

#include <fmt/format.h>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tern::test {

// Connect's: flags, length, and what it holds.
inline std::string envelope(std::string_view message, int flags = 0) {
  std::string text(1, static_cast<char>(flags));
  for (int shift : {24, 16, 8, 0}) text += static_cast<char>(message.size() >> shift & 0xff);
  return text.append(message);
}

// What ends an answer of gRPC-Web.
inline std::string trailers(std::string_view text) {
  return envelope(text, 0x80);
}

inline std::string chunk(std::string_view bytes) {
  return fmt::format("{:x}\r\n{}\r\n", bytes.size(), bytes);
}

inline constexpr std::string_view kLastChunk = "0\r\n\r\n";

// What `read` says of the bytes when they come one at a time.
template <typename F>
std::vector<std::string> bytewise(std::string_view bytes, F&& read) {
  std::vector<std::string> seen;
  for (const char& c : bytes) {
    for (std::string& one : read(std::string_view(&c, 1))) seen.push_back(std::move(one));
  }
  return seen;
}

}  // namespace tern::test
