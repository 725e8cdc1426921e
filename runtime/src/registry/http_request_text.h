// An HTTP/1.1 request as bytes.
#pragma once

#include <string>

#include "registry/http_exchange.h"
#include "tern/buffer.h"

namespace tern::registry {

// What of the request cannot be sent; "" if all can.
std::string unsendable(const HttpExchangeRequest& request);
void write_request(const HttpExchangeRequest& request, Buffer& out);

}  // namespace tern::registry
