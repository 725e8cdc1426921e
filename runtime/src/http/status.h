// What HTTP calls its status codes.
#pragma once

#include <string_view>

namespace tern {

// "OK", "Bad Request", …; "Status" for one that is not known here.
std::string_view http_reason(int status) noexcept;

}  // namespace tern
