// What the answers of gRPC-Web say to a client.
#pragma once

#include <optional>

#include "http/head.h"
#include "wire/grpc/text.h"
#include "wire/over_http/client_envelopes.h"

namespace tern::wire::grpc_web {

// Every answer is in envelopes, and its trailers are the last, unless they are all there is: then
// they are in the head.
extern const over_http::ClientEnvelopes kClientEnvelopes;

// What trailers say, as fields with their names in lower case. Nothing if they have no grpc-status.
std::optional<over_http::AnswerEnd> end_of(const grpc::Fields& trailers);

}  // namespace tern::wire::grpc_web
