// Codes in HTTP, as the Connect protocol has them.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "tern/status.h"

namespace tern {

// "OK", "Bad Request", …; "Status" for one that is not known here.
std::string_view http_reason(int status) noexcept;

// The status of a response that carries the error.
int http_status_of(Code code) noexcept;
// What a response means whose body is no error of Connect's.
Code code_of_http_status(int status) noexcept;

// "canceled", "invalid_argument", …
std::string connect_code_name(Code code);
std::optional<Code> connect_code(std::string_view name);

}  // namespace tern
