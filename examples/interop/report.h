// What one call came to, as a line for people.
#pragma once

#include <cstdint>
#include <iostream>
#include <string>
#include <string_view>

#include "interop.rpc.h"
#include "tern/result.h"

inline std::string text_of(std::int64_t value) {
  return std::to_string(value);
}
inline std::string text_of(const std::string& value) {
  return '"' + value + '"';
}
inline std::string text_of(const interop::Quotient& value) {
  return text_of(value.Quo) + " remainder " + text_of(value.Rem);
}

template <typename T>
std::string text_of(const tern::Result<T>& result) {
  return result.ok() ? " = " + text_of(*result) : ": " + std::string(result.status().message());
}
inline std::string text_of(const tern::Result<void>& result) {
  return result.ok() ? "" : ": " + std::string(result.status().message());
}

// "Arith.Multiply(7, 8) = 56", and whether that is as it should be.
inline bool report(const std::string& line, bool expected) {
  std::cout << line << (expected ? "" : "    <- not what was expected") << std::endl;
  return expected;
}

// Whether a call failed with this text. What travels in every protocol is the text, and nothing
// more.
template <typename T>
bool failed_with(const tern::Result<T>& result, std::string_view text) {
  return !result.ok() && result.status().message() == text;
}
