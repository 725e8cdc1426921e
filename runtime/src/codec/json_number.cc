#include "codec/json_number.h"

#include <algorithm>
#include <array>
#include <cfloat>
#include <charconv>
#include <limits>
#include <system_error>

#include "codec/json_text.h"

namespace tern::codec {
namespace {

// A number's text, and its value as long as that is short: digits * 10^exponent.
struct Decimal {
  std::size_t size = 0;  // 0: no number
  bool negative = false;
  std::uint64_t digits = 0;
  int significant = 0;  // digits from the first that is not 0; over kMaxDigits: `digits` is cut
  std::int64_t exponent = 0;
};

constexpr int kMaxDigits = 19;  // fit in 64 bits
constexpr std::int64_t kMaxExponent = 1'000'000'000;

Decimal scan(std::string_view text) noexcept {
  Decimal number;
  std::size_t at = 0;
  const auto more = [&] { return at < text.size() && base::is_digit(text[at]); };
  const auto take_digit = [&] {
    const int digit = text[at++] - '0';
    if (number.significant == 0 && digit == 0) return;
    if (++number.significant <= kMaxDigits) {
      number.digits = number.digits * 10 + static_cast<unsigned>(digit);
    }
  };
  if (at < text.size() && text[at] == '-') {
    number.negative = true;
    ++at;
  }
  if (!more()) return number;
  if (text[at] == '0') {
    ++at;
  } else {
    while (more()) take_digit();
  }
  if (at < text.size() && text[at] == '.') {
    ++at;
    const std::size_t first = at;
    while (more()) take_digit();
    if (at == first) return number;
    number.exponent = -static_cast<std::int64_t>(at - first);
  }
  if (at < text.size() && (text[at] == 'e' || text[at] == 'E')) {
    ++at;
    const bool down = at < text.size() && text[at] == '-';
    if (at < text.size() && (text[at] == '-' || text[at] == '+')) ++at;
    if (!more()) return number;
    std::int64_t exponent = 0;
    while (more()) exponent = std::min(exponent * 10 + (text[at++] - '0'), kMaxExponent);
    number.exponent += down ? -exponent : exponent;
  }
  number.size = at;
  return number;
}

// Powers of ten that a T holds exactly, and the largest integer below which it holds all.
template <typename T>
struct Exact;
template <>
struct Exact<double> {
  static constexpr std::array<double, 23> kPowers = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                                     1e8,  1e9,  1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
                                                     1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};
  static constexpr std::uint64_t kMaxInteger = std::uint64_t{1} << 53;
};
template <>
struct Exact<float> {
  static constexpr std::array<float, 11> kPowers = {1e0f, 1e1f, 1e2f, 1e3f, 1e4f, 1e5f,
                                                    1e6f, 1e7f, 1e8f, 1e9f, 1e10f};
  static constexpr std::uint64_t kMaxInteger = std::uint64_t{1} << 24;
};

template <typename T>
Parsed parse_float(std::string_view text, T& out, std::size_t& size) noexcept {
  const Decimal number = scan(text);
  if (number.size == 0) return Parsed::kNotANumber;
  size = number.size;
  // Of two exact values the product and the quotient are rounded once, so they are right.
  constexpr auto kMaxPower = static_cast<std::int64_t>(Exact<T>::kPowers.size()) - 1;
  if (FLT_EVAL_METHOD == 0 && number.significant <= kMaxDigits &&
      number.digits <= Exact<T>::kMaxInteger && number.exponent >= -kMaxPower &&
      number.exponent <= kMaxPower) {
    T value = static_cast<T>(number.digits);
    if (number.exponent < 0) {
      value /= Exact<T>::kPowers[static_cast<std::size_t>(-number.exponent)];
    } else {
      value *= Exact<T>::kPowers[static_cast<std::size_t>(number.exponent)];
    }
    out = number.negative ? -value : value;
    return Parsed::kOk;
  }
  const std::from_chars_result result = std::from_chars(text.data(), text.data() + size, out);
  if (result.ec == std::errc::result_out_of_range) {
    // from_chars does not say whether the number is too large or too small.
    if (number.significant + number.exponent > 0) return Parsed::kOutOfRange;
    out = number.negative ? -T{0} : T{0};
  }
  return out > std::numeric_limits<T>::max() || out < std::numeric_limits<T>::lowest()
             ? Parsed::kOutOfRange
             : Parsed::kOk;
}

template <typename T>
Parsed parse_integer(std::string_view text, T& out) noexcept {
  if (!is_json_integer(text)) return Parsed::kNotANumber;
  if (std::is_unsigned_v<T> && text[0] == '-') {
    if (text != "-0") return Parsed::kOutOfRange;
    text = "0";
  }
  const std::from_chars_result result =
      std::from_chars(text.data(), text.data() + text.size(), out);
  return result.ec == std::errc() ? Parsed::kOk : Parsed::kOutOfRange;
}

}  // namespace

std::size_t json_number_size(std::string_view text) noexcept {
  return scan(text).size;
}

bool is_json_integer(std::string_view text) noexcept {
  if (text.starts_with('-')) text.remove_prefix(1);
  if (text.empty() || (text[0] == '0' && text.size() > 1)) return false;
  return std::all_of(text.begin(), text.end(), base::is_digit);
}

Parsed parse_json_integer(std::string_view text, std::int64_t& out) noexcept {
  return parse_integer(text, out);
}

Parsed parse_json_integer(std::string_view text, std::uint64_t& out) noexcept {
  return parse_integer(text, out);
}

Parsed parse_json_float(std::string_view text, double& out, std::size_t& size) noexcept {
  return parse_float(text, out, size);
}

Parsed parse_json_float(std::string_view text, float& out, std::size_t& size) noexcept {
  return parse_float(text, out, size);
}

}  // namespace tern::codec
