#include "wire/over_limit.h"

#include <fmt/format.h>

namespace tern {

Status over_limit(std::string_view what, std::uint64_t came, std::size_t limit) {
  return Status(Code::kResourceExhausted,
                fmt::format("{} is {} bytes long; the limit is {}", what, came, limit),
                HandlerRan::kNo);
}

}  // namespace tern
