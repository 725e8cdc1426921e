// Whether a request opens a stream as its method does.
#pragma once

#include <string_view>

#include "tern/codegen/method.h"
#include "tern/status.h"
#include "wire/frame.h"

namespace tern::serve {

// OK for a request that opens a stream of a method that has one; else why its handler is not
// called. `protocol`: its name; `carries_streams`: on this connection.
Status admit_stream(const Method& method, const wire::Frame& request, std::string_view protocol,
                    bool carries_streams);

}  // namespace tern::serve
