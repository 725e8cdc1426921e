// Numbers in JSON text.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace tern::codec {

enum class Parsed { kOk, kNotANumber, kOutOfRange };

// How many characters `text` begins with that form a number by JSON's grammar; 0 if it does not.
std::size_t json_number_size(std::string_view text) noexcept;

// Whether all of `text` is an integer: no leading zeros, no fraction, no exponent.
bool is_json_integer(std::string_view text) noexcept;

// Both want an integer as above.
Parsed parse_json_integer(std::string_view text, std::int64_t& out) noexcept;
Parsed parse_json_integer(std::string_view text, std::uint64_t& out) noexcept;

// The number at the front of `text`, rounded to the nearest value; `size` is how long it is. Too
// small a number is a zero, too large a one is out of range.
Parsed parse_json_float(std::string_view text, double& out, std::size_t& size) noexcept;
Parsed parse_json_float(std::string_view text, float& out, std::size_t& size) noexcept;

}  // namespace tern::codec
