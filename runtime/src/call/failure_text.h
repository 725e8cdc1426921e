// The words for what goes wrong with a call.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

#include "call/started_call.h"
#include "tern/codegen/method.h"
#include "tern/status.h"

namespace tern::call {

// "arith.Arith/Multiply on tcp@127.0.0.1:7: " and `what`.
std::string failure_text(const Method& method, std::string_view address, std::string_view what);

// "not connected: connection refused; next attempt in 1 s".
std::string not_connected_text(const Status& why, std::chrono::nanoseconds next_attempt_in);

// The outcome of a call whose connection has ended with `why`. `sent`: its server can have read
// enough of the request to act. `refused`: the server has refused the handshake.
Status lost_call(const Method& method, std::string_view address, const Status& why, bool sent,
                 bool refused);

// What a call that is given up waited for.
enum class Missing : std::uint8_t { kConnection, kReply };
// The outcome of a call whose time is up, kDeadlineExceeded, or whose caller has cancelled it,
// kCancelled. `last_attempt`: of the attempts to connect the last one that has failed, or OK.
Status given_up(const StartedCall& call, std::string_view address, Code code, Missing missing,
                const Status& last_attempt = Status()) noexcept;

// Before anything was sent.
Status out_of_memory() noexcept;

}  // namespace tern::call
