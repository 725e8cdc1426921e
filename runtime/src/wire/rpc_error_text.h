// The words in which Go's net/rpc and GeeRPC say what went wrong: text is all that they send.
#pragma once

#include <string_view>

#include "tern/status.h"

namespace tern::wire {

// What a client makes of an error's text. A text that the protocols do not know is the handler's:
// code kUnknown, and the handler has run. A text that they know gives the code, and leaves open
// whether the handler ran: a handler may pass on the words of a server that it has called. GeeRPC's
// texts begin with "rpc server: ", those of net/rpc with "rpc: ".
struct RpcErrorMeaning {
  Code code = Code::kUnknown;
  HandlerRan ran = HandlerRan::kYes;
};
RpcErrorMeaning meaning_of_rpc_error(std::string_view text) noexcept;

}  // namespace tern::wire
