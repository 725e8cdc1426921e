// The words for what a peer sends too much of.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "tern/status.h"

namespace tern {

// "the message is 5000 bytes long; the limit is 4096": no handler has run.
Status over_limit(std::string_view what, std::uint64_t came, std::size_t limit);

}  // namespace tern
