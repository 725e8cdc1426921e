// What a server answers to a stream over HTTP.
#pragma once

#include <cstddef>
#include <string_view>

#include "http/head.h"

namespace fuzz {

// How many bytes of `bytes` the body takes that follows `head`, which has chunks; 0: more must
// come. Ends the program unless they are chunks, and the messages in it whole and in order.
std::size_t stream_body_size(const tern::http::Head& head, std::string_view bytes);

}  // namespace fuzz
