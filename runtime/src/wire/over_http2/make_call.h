// Which kind of call a request over HTTP/2 is.
#pragma once

#include <memory>

#include "http2/session.h"
#include "wire/over_http2/server_call.h"

namespace tern::wire::over_http2 {

// gRPC's, or another of HTTP. Throws std::bad_alloc.
std::unique_ptr<ServerCall> make_call(const CallSetup& setup, StreamId stream,
                                      const http2::Fields& fields);

}  // namespace tern::wire::over_http2
