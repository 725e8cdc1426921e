#include "call/failure_text.h"

#include <fmt/format.h>

namespace tern::call {

std::string failure_text(const Method& method, std::string_view address, std::string_view what) {
  return fmt::format("{}/{} on {}: {}", method.service, method.name, address, what);
}

}  // namespace tern::call
