// What stands behind the "?" of a target.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace tern::http {

std::string_view path_of(std::string_view target) noexcept;
std::string_view query_of(std::string_view target) noexcept;

// "a%20b+c" as "a b c"; nothing if an escape is not two hexadecimal digits.
std::optional<std::string> percent_decode(std::string_view text);

// The value of `key` as it came, still escaped; nothing if it is not there. The first one counts.
std::optional<std::string_view> query_value(std::string_view query, std::string_view key) noexcept;

}  // namespace tern::http
