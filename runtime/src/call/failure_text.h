// The words for what goes wrong with a call.
#pragma once

#include <string>
#include <string_view>

#include "tern/codegen/method.h"

namespace tern::call {

// "arith.Arith/Multiply on tcp@127.0.0.1:7: " and `what`.
std::string failure_text(const Method& method, std::string_view address, std::string_view what);

}  // namespace tern::call
