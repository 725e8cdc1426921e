// Streams for calls that are about to start.
#pragma once

#include <memory>

#include "net/loop.h"
#include "stream/stream.h"
#include "tern/codegen/method.h"
#include "tern/limits.h"

namespace tern::stream {

enum class Role : std::uint8_t { kCaller, kHandler };

// What a stream of the method is to be.
StreamSetup setup_of(const Method& method, const Limits& limits, Role role);
// Of a call of `method`, whose connection is or will be on `loop`.
std::shared_ptr<Stream> make_stream(Loop& loop, const Method& method, const Limits& limits,
                                    Role role);

}  // namespace tern::stream
