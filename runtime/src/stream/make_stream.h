// Streams for calls that are about to start.
#pragma once

#include <memory>

#include "net/loop.h"
#include "stream/stream.h"
#include "tern/codegen/method.h"
#include "tern/limits.h"

namespace tern::stream {

enum class Role : std::uint8_t { kCaller, kHandler };

// How a peer is kept from sending more than is read.
enum class Flow : std::uint8_t {
  kCredit,  // it is granted what it may send
  kReading  // its connection is not read from: see Streams::over_window()
};

// Of a call of `method`, whose connection is or will be on `loop`.
std::shared_ptr<Stream> make_stream(Loop& loop, const Method& method, const Limits& limits,
                                    Role role, Flow flow = Flow::kCredit);

}  // namespace tern::stream
