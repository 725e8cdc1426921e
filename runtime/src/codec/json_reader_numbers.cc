// Numbers in JSON text, alone, as keys and in lists.
#include <algorithm>
#include <array>
#include <bit>
#include <cfloat>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>

#include "codec/json_digits.h"
#include "codec/json_number.h"
#include "codec/json_plain_integers.h"
#include "codec/json_reader.h"
#include "codec/json_text.h"
#include "codec/utf8.h"
#include "tern/codegen/copy_bytes.h"
#include "tern/codegen/walk_read.h"

namespace tern::codec {
namespace {

template <typename T>
std::string integer_name(int bits) {
  return (std::is_unsigned_v<T> ? "uint" : "int") + std::to_string(bits);
}

// The text from `at` on in a place of its own if there is less of it than numbers are read from.
struct NumberText {
  static constexpr std::size_t kSize = 17;

  NumberText(const char* at, const char* end) : first(at) {
    const auto left = static_cast<std::size_t>(end - at);
    if (left >= kSize) [[likely]]
      return;
    last.fill('\0');
    copy_bytes(last.data(), at, left);
    first = last.data();
  }
  NumberText(const NumberText&) = delete;
  NumberText& operator=(const NumberText&) = delete;

  const char* first;
  std::array<char, kSize> last;
};

// Puts `values` at `at`, which is not behind the end, over what is there.
template <typename T>
void put_at(std::size_t at, std::span<const T> values, std::vector<T>& out) {
  if (out.size() - at == values.size()) [[likely]] {
    copy_bytes(out.data() + at, values.data(), values.size_bytes());
    return;
  }
  const std::size_t over = std::min(out.size() - at, values.size());
  copy_bytes(out.data() + at, values.data(), over * sizeof(T));
  out.insert(out.end(), values.begin() + static_cast<std::ptrdiff_t>(over), values.end());
}

}  // namespace

// ---- integers

// Numbers of up to 16 digits need no look at the range.
template <typename T>
inline bool JsonReader::take_integer(T& out, int bits) {
  skip_space();
  const bool negative = at_ < end_ && *at_ == '-';
  const char* const start = at_ + (negative ? 1 : 0);
  const NumberText text(start, end_);
  const char* const first = text.first;
  const auto count = static_cast<unsigned>(std::countr_zero(not_digits<false>(first) | 0x10000));
  const char after = first[count];
  if (count == 0 || (*first == '0' && count > 1) || base::is_digit(after) || after == '.' ||
      base::to_lower(after) == 'e' || (negative && std::is_unsigned_v<T>)) [[unlikely]] {
    return take_integer_slowly(out, bits);
  }
  const T magnitude = static_cast<T>(many_digits_at(first, count));
  out = negative ? T{0} - magnitude : magnitude;
  at_ = start + count;
  return true;
}

template <typename T>
bool JsonReader::take_integer_slowly(T& out, int bits) {
  out = 0;
  if (take_null()) return true;
  if (peek() == '"' && bits == 64) {
    std::string_view text;
    return take_string(text) && integer_of(text, out, bits);
  }
  const std::size_t size = json_number_size(rest());
  if (size == 0 || !is_json_integer(rest().substr(0, size))) return wanted("an integer");
  if (!integer_of(rest().substr(0, size), out, bits)) return false;
  at_ += size;
  return true;
}

template <typename T>
bool JsonReader::integer_of(std::string_view text, T& out, int bits) {
  switch (parse_json_integer(text, out)) {
    case Parsed::kOk:
      return true;
    case Parsed::kOutOfRange:
      return fail(std::string(text.substr(0, 40)) + (text.size() > 40 ? "..." : "") +
                  " does not fit in " + integer_name<T>(bits));
    case Parsed::kNotANumber:
      break;
  }
  return fail("expected an integer, got string " + quoted(text));
}

bool JsonReader::integer(std::int64_t& out, int bits) {
  return take_integer(out, bits);
}

bool JsonReader::unsigned_integer(std::uint64_t& out, int bits) {
  return take_integer(out, bits);
}

bool JsonReader::duration(Duration& out) {
  std::int64_t count = 0;
  if (!take_integer(count, 64)) return false;
  out = Duration(count);
  return true;
}

bool JsonReader::enumerator(std::int32_t& value, std::string_view& name) {
  skip_space();
  if (peek() == '"') {
    if (!take_string(name)) return false;
    return !name.empty() || fail("expected an enumerator, got \"\"");
  }
  std::int64_t wide = 0;
  if (!take_integer(wide, 32)) return false;
  value = static_cast<std::int32_t>(wide);
  return value == wide || fail(std::to_string(wide) + " does not fit in int32");
}

bool JsonReader::key_integer(std::int64_t& out, int bits) {
  std::string_view key;
  return take_key(key) && integer_of(key, out, bits);
}

bool JsonReader::key_unsigned(std::uint64_t& out, int bits) {
  std::string_view key;
  return take_key(key) && integer_of(key, out, bits);
}

// ---- floating point

// At most 15 digits with a point among them and no exponent: two exact values and one division.
template <typename T>
inline bool JsonReader::take_float(T& out) {
  skip_space();
  const bool negative = at_ < end_ && *at_ == '-';
  const char* const start = at_ + (negative ? 1 : 0);
  const NumberText text(start, end_);
  const char* const first = text.first;
  const std::uint64_t stops = not_digits<false>(first) | 0x30000;
  const auto whole = static_cast<unsigned>(std::countr_zero(stops));
  const auto stop = static_cast<unsigned>(std::countr_zero(stops & (stops - 1)));
  const unsigned fraction = stop - whole - 1;
  if (FLT_EVAL_METHOD != 0 || std::is_same_v<T, float> || whole - 1 >= 8 || fraction - 1 >= 8 ||
      whole + fraction > 15 || first[whole] != '.' || (*first == '0' && whole > 1) ||
      base::is_digit(first[stop]) || base::to_lower(first[stop]) == 'e') {
    return take_float_slowly(out);
  }
  const std::uint64_t digits =
      digits_at(first, whole) * kPowersOfTen[fraction] + digits_at(first + whole + 1, fraction);
  const T value = static_cast<T>(static_cast<std::int64_t>(digits)) /
                  static_cast<T>(static_cast<std::int64_t>(kPowersOfTen[fraction]));
  out = negative ? -value : value;
  at_ = start + stop;
  return true;
}

template <typename T>
bool JsonReader::take_float_slowly(T& out) {
  std::size_t size = 0;
  switch (parse_json_float(rest(), out, size)) {
    case Parsed::kOk:
      at_ += size;
      return true;
    case Parsed::kOutOfRange:
      return wanted(sizeof(T) == 4 ? "a number within the range of float"
                                   : "a number within the range of double");
    case Parsed::kNotANumber:
      break;
  }
  out = 0;
  return take_null() || wanted("a number");
}

bool JsonReader::float32(float& out) {
  return take_float(out);
}

bool JsonReader::float64(double& out) {
  return take_float(out);
}

// ---- lists

// Integers one after another, as long as there is nothing but a comma and spaces between them:
// `count` of them, at most as many as `out` has room for. True if the list ends behind them.
template <typename T>
bool JsonReader::take_plain_integers(std::span<T> out, std::size_t& count) {
  PlainIntegers<T> run{at_, out.data(), out.data() + out.size(), start_, end_};
  auto stop = run.template take<false>();
  if (stop == PlainIntegers<T>::Stop::kMinus) stop = run.template take<true>();
  at_ = run.at;
  count = static_cast<std::size_t>(run.to - out.data());
  return stop == PlainIntegers<T>::Stop::kEndOfList;
}

// As the walk does it number by number.
template <typename T>
bool JsonReader::take_element(T& out) {
  if constexpr (std::is_floating_point_v<T>) {
    return take_float(out);
  } else {
    std::conditional_t<std::is_signed_v<T>, std::int64_t, std::uint64_t> wide = 0;
    return take_integer(wide, sizeof(T) * 8) && narrow(wide, out, *this);
  }
}

template <typename T>
bool JsonReader::take_list(std::vector<T>& out) {
  if (!open('[', "a list")) return false;
  const bool more = next(']');
  std::size_t size = 0;
  if constexpr (std::is_integral_v<T>) {
    // Over what is there, which is often as long.
    if (more && take_plain_integers(std::span(out), size)) [[likely]] {
      if (size != out.size()) out.resize(size);
      return true;
    }
  }
  return take_list_apart(out, size, more);
}

// The list from a place between two numbers on; `size` of them are in `out` by now.
template <typename T>
[[gnu::noinline]] bool JsonReader::take_list_apart(std::vector<T>& out, std::size_t size,
                                                   bool more) {
  std::array<T, 64> batch;
  std::size_t held = 0;
  while (more) {
    if constexpr (std::is_integral_v<T>) {
      std::size_t count = 0;
      const bool closed = take_plain_integers(std::span(batch).subspan(held), count);
      held += count;
      if (closed) break;
    }
    if (held == batch.size()) {
      put_at<T>(size, batch, out);
      size += held;
      held = 0;
    }
    if (!take_element(batch[held])) return failed_at(failure(), size + held);
    ++held;
    more = next(']');
  }
  if (!ok()) return failed_at(failure(), size + held);
  put_at<T>(size, std::span(batch).first(held), out);
  out.resize(size + held);
  return true;
}

bool JsonReader::list(std::vector<std::int32_t>& out) {
  return take_list(out);
}
bool JsonReader::list(std::vector<std::int64_t>& out) {
  return take_list(out);
}
bool JsonReader::list(std::vector<std::uint32_t>& out) {
  return take_list(out);
}
bool JsonReader::list(std::vector<std::uint64_t>& out) {
  return take_list(out);
}
bool JsonReader::list(std::vector<float>& out) {
  return take_list(out);
}
bool JsonReader::list(std::vector<double>& out) {
  return take_list(out);
}

}  // namespace tern::codec
