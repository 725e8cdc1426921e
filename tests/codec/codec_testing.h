// Verbs for the tests of the codecs.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstddef>
#include <ostream>
#include <string>
#include <string_view>
#include <vector>

#include "tern/codec.h"

namespace sample {

// "01 ee ff" of bytes, and back; white space is skipped.
inline std::string hex(tern::ByteView bytes) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string text;
  for (const std::byte byte : bytes) {
    if (!text.empty()) text.push_back(' ');
    text.push_back(kDigits[std::to_integer<std::size_t>(byte >> 4)]);
    text.push_back(kDigits[std::to_integer<std::size_t>(byte & std::byte{15})]);
  }
  return text;
}

inline std::string unhex(std::string_view text) {
  std::string bytes;
  int high = -1;
  for (const char c : text) {
    if (c == ' ' || c == '\n') continue;
    const int digit = c <= '9' ? c - '0' : c - 'a' + 10;
    if (high >= 0) bytes.push_back(static_cast<char>(high * 16 + digit));
    high = high >= 0 ? -1 : digit;
  }
  return bytes;
}

template <typename T>
std::string encode(const tern::Codec& codec, const T& value) {
  tern::Buffer out;
  const tern::Status status = codec.encode(tern::type_ops<T>(), &value, out);
  EXPECT_TRUE(status.ok()) << status.to_string();
  return std::string(tern::as_text(out.view()));
}

template <typename T>
std::string encode_failure(const tern::Codec& codec, const T& value) {
  tern::Buffer out;
  return std::string(codec.encode(tern::type_ops<T>(), &value, out).message());
}

template <typename T>
tern::Status decode_into(const tern::Codec& codec, std::string_view bytes, T& value,
                         const tern::DecodeLimits& limits = {}) {
  // A block of its own, so that a read past its end is seen.
  const std::vector<char> exact(bytes.begin(), bytes.end());
  const std::string_view view(exact.data(), exact.size());
  return codec.decode(tern::type_ops<T>(), tern::as_bytes(view), &value, limits);
}

template <typename T>
T decode(const tern::Codec& codec, std::string_view bytes) {
  T value{};
  const tern::Status status = decode_into(codec, bytes, value);
  EXPECT_TRUE(status.ok()) << status.to_string();
  return value;
}

template <typename T>
std::string decode_failure(const tern::Codec& codec, std::string_view bytes) {
  T value{};
  const tern::Status status = decode_into(codec, bytes, value);
  EXPECT_EQ(status.code(),
            status.message().empty() ? tern::Code::kOk : tern::Code::kInvalidArgument);
  return std::string(status.message());
}

inline const tern::Codec& native() {
  return tern::native_codec();
}
inline const tern::Codec& json() {
  return tern::json_codec();
}

}  // namespace sample
