// What a Content-Type says of the messages in a body over HTTP, a row each.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "http/head.h"
#include "tern/codec.h"
#include "wire/connect/end_of_stream.h"
#include "wire/grpc_web/trailers.h"
#include "wire/over_http/envelopes.h"
#include "wire/over_http/stream_codec.h"

namespace tern::wire::over_http {

struct MediaType {
  std::string_view name;  // of answers, too
  const Codec& (*codec)();
  // What the argument is where there is nothing in its place.
  std::string_view nothing = {};
  const Envelopes* envelopes = nullptr;  // null: the body is one message
  bool text = false;                     // the body is in base64
};

// Of Connect's unary calls, and of its streams.
inline constexpr MediaType kJsonMessage{"application/json", quoted_json_codec, "{}"};
inline constexpr MediaType kProtoMessage{"application/proto", proto_codec};
inline constexpr MediaType kConnectJson{"application/connect+json", quoted_json_codec, "{}",
                                        &connect::kStreamEnvelopes};
inline constexpr MediaType kConnectProto{"application/connect+proto", proto_codec, "",
                                         &connect::kStreamEnvelopes};
// Of gRPC-Web.
inline constexpr MediaType kGrpcWeb{"application/grpc-web", proto_codec, "", &grpc_web::kEnvelopes};
inline constexpr MediaType kGrpcWebProto{"application/grpc-web+proto", proto_codec, "",
                                         &grpc_web::kEnvelopes};
inline constexpr MediaType kGrpcWebJson{"application/grpc-web+json", quoted_json_codec, "{}",
                                        &grpc_web::kEnvelopes};
inline constexpr MediaType kGrpcWebText{"application/grpc-web-text", proto_codec, "",
                                        &grpc_web::kEnvelopes, true};
inline constexpr MediaType kGrpcWebTextProto{"application/grpc-web-text+proto", proto_codec, "",
                                             &grpc_web::kEnvelopes, true};

using MediaTypes = std::span<const MediaType* const>;

// The one that a value of Content-Type names, whose parameters say nothing; null if there is none.
const MediaType* find_media_type(std::string_view value, MediaTypes types) noexcept;
// Likewise, of a head that has exactly one.
const MediaType* find_media_type(const http::Head& head, MediaTypes types) noexcept;

// Their names, with commas between them.
std::string names_of(MediaTypes types);
// Whether a head has exactly this one.
bool has_media_type(const http::Head& head, const MediaType& type) noexcept;

// Without parameters and the space around it.
std::string_view without_parameters(std::string_view value) noexcept;
// Whether the parameters of JSON or protobuf are none, or "charset=utf-8".
bool has_known_parameters(std::string_view value);

}  // namespace tern::wire::over_http
