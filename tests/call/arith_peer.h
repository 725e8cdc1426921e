// A server's end of a connection that answers arith calls: what tests with threads call.
#pragma once

#include <cstdint>
#include <memory>

#include "net/connection.h"
#include "tern/stream.h"

namespace tern::test {

// Serves `stream` on `loop` until it ends. On the loop's thread. Multiply and Divide are answered
// at once; every request whose argument A is negative is never answered.
void serve_arith(Loop& loop, std::unique_ptr<Stream> stream);

}  // namespace tern::test
