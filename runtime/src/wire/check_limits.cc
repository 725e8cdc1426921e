#include "wire/check_limits.h"

#include <fmt/format.h>

namespace tern {

Status too_large(std::string_view part, std::uint64_t size, std::size_t limit, HandlerRan ran) {
  return Status(Code::kResourceExhausted,
                fmt::format("{} is {} bytes long; the limit is {}", part, size, limit), ran);
}

}  // namespace tern
