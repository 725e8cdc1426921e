// A server on streams in memory, and nghttp2's client of all that is not gRPC's.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "serve/grpc_fixture.h"
#include "support/http_stream_text.h"

namespace tern::test {

class Http2Fixture : public GrpcFixture {
 protected:
  static Fields head(std::string_view verb, std::string_view path, const Fields& more = {}) {
    Fields head = {{":method", std::string(verb)},
                   {":scheme", "http"},
                   {":path", std::string(path)},
                   {":authority", "here"}};
    head.insert(head.end(), more.begin(), more.end());
    return head;
  }
  std::int32_t get(std::string_view path, const Fields& more = {}) {
    return client().begin(head("GET", path, more), true);
  }
  // `type` is that of the body, with or without its end.
  std::int32_t begin_post(std::string_view path, std::string_view type, const Fields& more = {}) {
    Fields fields = head("POST", path, {{"content-type", std::string(type)}});
    fields.insert(fields.end(), more.begin(), more.end());
    return client().begin(fields);
  }
  std::int32_t post(std::string_view path, std::string_view body, const Fields& more = {},
                    std::string_view type = "application/json") {
    const std::int32_t stream = begin_post(path, type, more);
    client().send(stream, body, true);
    return stream;
  }
  std::int32_t post_echo(std::string_view text, const Fields& more = {}) {
    return post("/sample.Sample/Echo", "\"" + std::string(text) + "\"", more);
  }
  std::int32_t watch(std::string_view argument, const Fields& more = {}) {
    return post("/feed.Feed/Watch", envelope("\"" + std::string(argument) + "\""), more,
                "application/connect+json");
  }
  std::string_view http_status(std::int32_t stream) { return field(stream, ":status"); }
  const std::string& body(std::int32_t stream) { return client().answer(stream).body; }
};

}  // namespace tern::test
