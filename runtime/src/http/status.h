// What HTTP calls its status codes.
#pragma once

#include <string_view>

namespace tern::http {

// "OK", "Bad Request", …; "Status" for one that is not known here.
std::string_view reason_phrase(int status) noexcept;

}  // namespace tern::http
