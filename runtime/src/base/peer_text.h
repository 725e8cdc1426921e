// Text of a peer's on its way into messages and logs.
#pragma once

#include <chrono>
#include <string>
#include <string_view>

namespace tern {

// `text` with everything but printable ASCII written as \xNN, cut after 64 characters.
std::string peer_text(std::string_view text);

// As Go prints a duration: "1s", "1m30s", "1.5ms", "250ns".
std::string go_duration(std::chrono::nanoseconds duration);

}  // namespace tern
