// Text of a peer's on its way into messages and logs.
#pragma once

#include <string>
#include <string_view>

namespace tern::base {

// `text` with everything but printable ASCII written as \xNN, cut after 64 characters.
std::string peer_text(std::string_view text);

}  // namespace tern::base
