// What the head of a request in gRPC-Web asks for.
#pragma once

#include "http/head.h"
#include "tern/metadata.h"
#include "tern/status.h"
#include "wire/method_finder.h"
#include "wire/over_http/request.h"

namespace tern::wire::grpc_web {

// Whether it is gRPC-Web, in whatever subtype.
bool is_grpc_web(const http::Head& head) noexcept;

// Of a POST that is: sets `request`, whose content is there, to a call, or to the answer that
// refuses it. `methods` may be null: then nothing streams.
void read_request(const http::Head& head, const MethodFinder* methods, over_http::Request& request);

// The caller's metadata: what is neither HTTP's nor gRPC's own. Fails on base64 that is none.
Status read_metadata(const http::Head& head, Metadata& metadata);
// How long those headers are.
std::size_t metadata_size(const http::Head& head);

}  // namespace tern::wire::grpc_web
