// TLS over a byte stream.
#pragma once

#include <memory>

#include "tern/byte_stream.h"
#include "tern/credentials.h"
#include "tls/stream_setup.h"

namespace tern::tls {

// Both secure `stream` on `loop`, its own, as ServerCredentials says.
std::unique_ptr<ByteStream> accept_tls(Loop& loop, std::unique_ptr<ByteStream> stream,
                                       StreamSetup setup);
std::unique_ptr<ByteStream> connect_tls(Loop& loop, std::unique_ptr<ByteStream> stream,
                                        StreamSetup setup);

}  // namespace tern::tls
