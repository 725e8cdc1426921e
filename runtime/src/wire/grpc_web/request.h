// What the head of a request in gRPC-Web asks for.
#pragma once

#include <cstddef>
#include <string_view>

#include "http/head.h"
#include "tern/metadata.h"
#include "tern/status.h"
#include "wire/grpc/text.h"
#include "wire/method_finder.h"
#include "wire/over_http/request.h"

namespace tern::wire::grpc_web {

// Whether it is gRPC-Web, in whatever subtype.
bool is_grpc_web(const http::Head& head) noexcept;

// Of a POST that is: sets `request`, whose content is there, to a call, or to the answer that
// refuses it. `methods` may be null: then nothing streams.
void read_request(const http::Head& head, const MethodFinder* methods, over_http::Request& request);

// Whether a header is HTTP's or gRPC-Web's own, and neither gRPC's nor metadata. `name` in lower
// case.
bool is_not_metadata(std::string_view name) noexcept;
// The headers that are gRPC's, or metadata, their names in lower case.
grpc::Fields fields_of(const http::Head& head);
// The caller's metadata: what is neither HTTP's nor gRPC's own. Fails on base64 that is none.
Status read_metadata(const http::Head& head, Metadata& metadata);
// How long those headers are.
std::size_t metadata_size(const http::Head& head);

}  // namespace tern::wire::grpc_web
