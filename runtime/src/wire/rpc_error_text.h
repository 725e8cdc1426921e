// The words in which Go's net/rpc and GeeRPC say what went wrong: text is all that they send.
#pragma once

#include <string_view>

#include "tern/status.h"

namespace tern::wire {

// The code of an error with this text: kUnknown, if the protocols do not know it. GeeRPC's texts
// begin with "rpc server: ", those of net/rpc with "rpc: ".
// No text says whether the handler has run. One of the server's own may be what a handler passes on
// of a server that it has called; and one that looks like a handler's may be what the server's
// authenticator or an interceptor says before there is a handler.
Code code_of_rpc_error(std::string_view text) noexcept;

}  // namespace tern::wire
