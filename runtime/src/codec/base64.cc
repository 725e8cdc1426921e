#include "codec/base64.h"

#include <array>
#include <cstdint>

namespace tern::codec {
namespace {

constexpr std::string_view kAlphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::uint8_t kNoDigit = 64;

constexpr std::array<std::uint8_t, 256> kDigits = [] {
  std::array<std::uint8_t, 256> digits{};
  digits.fill(kNoDigit);
  for (std::size_t i = 0; i < kAlphabet.size(); ++i) {
    digits[static_cast<unsigned char>(kAlphabet[i])] = static_cast<std::uint8_t>(i);
  }
  return digits;
}();

}  // namespace

void write_base64(ByteView bytes, char* out) {
  const auto byte = [&](std::size_t i) { return std::to_integer<std::uint32_t>(bytes[i]); };
  std::size_t i = 0;
  for (; i + 3 <= bytes.size(); i += 3) {
    const std::uint32_t bits = byte(i) << 16 | byte(i + 1) << 8 | byte(i + 2);
    *out++ = kAlphabet[bits >> 18];
    *out++ = kAlphabet[bits >> 12 & 63];
    *out++ = kAlphabet[bits >> 6 & 63];
    *out++ = kAlphabet[bits & 63];
  }
  const std::size_t left = bytes.size() - i;
  if (left == 0) return;
  const std::uint32_t bits = byte(i) << 16 | (left == 2 ? byte(i + 1) << 8 : 0);
  *out++ = kAlphabet[bits >> 18];
  *out++ = kAlphabet[bits >> 12 & 63];
  *out++ = left == 2 ? kAlphabet[bits >> 6 & 63] : '=';
  *out = '=';
}

void append_base64(ByteView bytes, Buffer& out) {
  write_base64(bytes, reinterpret_cast<char*>(out.grow(base64_size(bytes.size()))));
}

bool read_base64(std::string_view text, std::vector<std::byte>& out) {
  if (text.ends_with('=')) {
    if (text.size() % 4 != 0) return false;
    text.remove_suffix(text.ends_with("==") ? 2 : 1);
  }
  const std::size_t tail = text.size() % 4;
  if (tail == 1) return false;
  out.resize(text.size() / 4 * 3 + (tail == 0 ? 0 : tail - 1));
  std::size_t at = 0;
  std::uint32_t bits = 0;
  int count = 0;
  for (const char c : text) {
    const std::uint8_t digit = kDigits[static_cast<unsigned char>(c)];
    if (digit == kNoDigit) return false;
    bits = bits << 6 | digit;
    count += 6;
    if (count >= 8) {
      count -= 8;
      out[at++] = static_cast<std::byte>(bits >> count & 0xff);
    }
  }
  return (bits & ((1u << count) - 1)) == 0;
}

bool Base64Reader::add(std::string_view text, Buffer& out) {
  for (const char c : text) {
    const std::uint8_t digit = kDigits[static_cast<unsigned char>(c)];
    if (c == '=' && count_ >= 2) {
      ++pads_;
    } else if (digit == kNoDigit || pads_ > 0) {
      return false;
    }
    bits_ = bits_ << 6 | (c == '=' ? 0u : digit);
    if (++count_ < 4) continue;
    // Bits that belong to no byte are 0.
    if ((bits_ & ((1u << 8 * pads_) - 1)) != 0) return false;
    for (int byte = 0; byte < 3 - pads_; ++byte) {
      out.push_back(static_cast<std::byte>(bits_ >> (16 - 8 * byte) & 0xff));
    }
    *this = Base64Reader();
  }
  return true;
}

}  // namespace tern::codec
