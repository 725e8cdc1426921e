// A head of HTTP/2 as those have it who read HTTP, whatever its version is.
#pragma once

#include "http/head.h"
#include "http2/session.h"

namespace tern::wire::over_http2 {

// Fills `head`, of a request or a response: the fields but those that begin with a colon are its
// headers, and the authority is Host, as RFC 9113, 8.3.1, has it.
void read_http_head(const http2::Fields& fields, http::Head& head);

}  // namespace tern::wire::over_http2
