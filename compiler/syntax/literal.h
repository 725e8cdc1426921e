// The values of tokens. What has no value gives nothing, or says why.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace rpcgen {

// Decimal or 0x hexadecimal; nothing if it needs more than 64 bits.
std::optional<std::uint64_t> parse_integer(std::string_view text);

// Nothing if no finite double is near, or only zero is near what is not zero.
std::optional<double> parse_float(std::string_view text);

// "500ms"; nothing if, with the sign, it needs more than 64 bits of nanoseconds.
std::optional<std::chrono::nanoseconds> parse_duration(std::string_view text,
                                                       bool negative = false);

struct ParsedString {
  std::string text;
  struct Problem {
    std::size_t begin;
    std::size_t end;
    std::string text;
  };
  std::optional<Problem> problem;  // the first one
};
// `token` has its quotes, but may lack the second one. Escapes: \n \r \t \" \\ \u{1F600}.
ParsedString parse_string(std::string_view token);

}  // namespace rpcgen
