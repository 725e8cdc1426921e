// Requests in gRPC-Web by hand, and a server's side of HTTP.
#pragma once

#include <fmt/format.h>

#include <string>
#include <string_view>

#include "codec/base64.h"
#include "wire/over_http/http_streams_fixture.h"

namespace tern::test {

inline std::string base64(std::string_view bytes) {
  std::string text(codec::base64_size(bytes.size()), '\0');
  codec::write_base64(as_bytes(bytes), text.data());
  return text;
}

class GrpcWebTest : public HttpStreamsTest {
 protected:
  static constexpr std::string_view kBinary = "application/grpc-web+proto";
  static constexpr std::string_view kText = "application/grpc-web-text";

  static std::string web_post(std::string_view method, std::string_view body,
                              std::string_view headers = "", std::string_view type = kBinary) {
    return post(method, type, fmt::format("{}Content-Length: {}\r\n", headers, body.size())) +
           std::string(body);
  }
  // `pieces` are chunks.
  static std::string chunked_web_post(std::string_view method, std::string_view pieces,
                                      std::string_view type = kBinary) {
    return post(method, type, "Transfer-Encoding: chunked\r\n") + std::string(pieces) +
           std::string(kLastChunk);
  }
  static std::string head_of(std::string_view type, std::string_view rest) {
    return fmt::format(
        "HTTP/1.1 200 OK\r\nContent-Type: {}\r\nX-Content-Type-Options: nosniff\r\n{}\r\n", type,
        rest);
  }
  static std::string stream_head(std::string_view type, std::string_view rest = "") {
    return head_of(type, fmt::format("Transfer-Encoding: chunked\r\n{}", rest));
  }
  static std::string answer(std::string_view type, std::string_view body) {
    return head_of(type, fmt::format("Content-Length: {}\r\n", body.size())) + std::string(body);
  }
  // Trailers alone.
  static std::string refusal(std::string_view type, std::string_view headers) {
    return head_of(type, fmt::format("Content-Length: 0\r\n{}", headers));
  }
  void reply(std::int64_t value) {
    ASSERT_TRUE(
        frames_.write_reply(head(kGet, false), type_ops<std::int64_t>(), &value, out_).ok());
  }
};

}  // namespace tern::test
