// What a Content-Type says of the messages in a body over HTTP, a row each.
#pragma once

#include <string_view>

#include "http/head.h"
#include "tern/codec.h"
#include "wire/over_http/stream_codec.h"

namespace tern::wire::over_http {

struct MediaType {
  std::string_view name;  // of answers, too
  const Codec& (*codec)();
  // What the argument is where there is nothing in its place.
  std::string_view nothing;
  bool envelopes = false;  // a stream of messages; else the body is one
};

// Of Connect's unary calls, and of its streams.
inline constexpr MediaType kJsonMessage{"application/json", quoted_json_codec, "{}"};
inline constexpr MediaType kProtoMessage{"application/proto", proto_codec, ""};
inline constexpr MediaType kConnectJson{"application/connect+json", quoted_json_codec, "{}", true};
inline constexpr MediaType kConnectProto{"application/connect+proto", proto_codec, "", true};

// The row that a value of Content-Type names, whose parameters say nothing; null if there is none.
const MediaType* find_media_type(std::string_view value) noexcept;
// Likewise, of a head that has exactly one.
const MediaType* find_media_type(const http::Head& head) noexcept;

// Without parameters and the space around it.
std::string_view without_parameters(std::string_view value) noexcept;
// Whether the parameters of JSON or protobuf are none, or "charset=utf-8".
bool has_known_parameters(std::string_view value);

}  // namespace tern::wire::over_http
