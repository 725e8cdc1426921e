// The codes of errors as the Connect protocol has them: as HTTP's status, and as names.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "tern/status.h"

namespace tern::wire::connect {

// The status of a response that carries the error.
int http_status_of(Code code) noexcept;
// What a response means whose body is no error of Connect's.
Code code_of_http_status(int status) noexcept;

// "canceled", "invalid_argument", …
std::string connect_code_name(Code code);
std::optional<Code> connect_code(std::string_view name);

}  // namespace tern::wire::connect
