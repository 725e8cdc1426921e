#include "codec/json_writer.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstring>
#include <limits>
#include <type_traits>

#include "codec/base64.h"
#include "codec/json_text.h"
#include "codec/rfc3339.h"
#include "codec/utf8.h"
#include "tern/codegen/copy_bytes.h"

namespace tern::codec {
namespace {

constexpr std::size_t kLongestNumber = 32;

// Writes \n, \u001f and so on for a character that cannot stand for itself.
char* write_escape(unsigned char c, char* out) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  constexpr std::string_view kLetters = "btnvfr";  // for 8 to 13; JSON has no \v
  *out++ = '\\';
  if (c == '"' || c == '\\') {
    *out++ = static_cast<char>(c);
  } else if (c >= 8 && c <= 13 && c != 11) {
    *out++ = kLetters[c - 8u];
  } else {
    for (const char digit : {'u', '0', '0', kDigits[c >> 4], kDigits[c & 15u]}) *out++ = digit;
  }
  return out;
}

}  // namespace

bool JsonWriter::boolean(bool value) {
  const std::string_view text = value ? "true" : "false";
  char* at = start(text.size());
  std::memcpy(at, text.data(), text.size());
  finish(at + text.size());
  return true;
}

bool JsonWriter::integer(std::int64_t value) {
  return wide_number(value);
}
bool JsonWriter::unsigned_integer(std::uint64_t value) {
  return wide_number(value);
}
bool JsonWriter::float32(float value) {
  return floating(value);
}
bool JsonWriter::float64(double value) {
  return floating(value);
}
bool JsonWriter::string(std::string_view value) {
  return quoted(value);
}

bool JsonWriter::bytes(ByteView value) {
  const std::size_t size = base64_size(value.size());
  char* at = start(size + 2);
  *at++ = '"';
  write_base64(value, at);
  at += size;
  *at++ = '"';
  finish(at);
  return true;
}

bool JsonWriter::timestamp(Timestamp value) {
  char* at = start(kRfc3339Size + 2);
  *at++ = '"';
  at = write_rfc3339(value, at);
  *at++ = '"';
  finish(at);
  return true;
}

bool JsonWriter::duration(Duration value) {
  return wide_number(std::int64_t{value.count()});
}
bool JsonWriter::enumerator(std::int32_t value, std::string_view) {
  return number(value);
}

bool JsonWriter::begin_list(std::size_t) {
  return open('[');
}
bool JsonWriter::end_list() {
  return close(']');
}

bool JsonWriter::list(std::span<const std::int32_t> values) {
  return numbers(values);
}
bool JsonWriter::list(std::span<const std::int64_t> values) {
  return quotes_large_ ? ValueWriter::list(values) : numbers(values);
}
bool JsonWriter::list(std::span<const std::uint32_t> values) {
  return numbers(values);
}
bool JsonWriter::list(std::span<const std::uint64_t> values) {
  return quotes_large_ ? ValueWriter::list(values) : numbers(values);
}
bool JsonWriter::list(std::span<const float> values) {
  return numbers(values);
}
bool JsonWriter::list(std::span<const double> values) {
  return numbers(values);
}

bool JsonWriter::begin_map(std::size_t) {
  return open('{');
}

bool JsonWriter::key_boolean(bool key) {
  return key_string(key ? "true" : "false");
}
bool JsonWriter::key_integer(std::int64_t key) {
  return number_key(key);
}
bool JsonWriter::key_unsigned(std::uint64_t key) {
  return number_key(key);
}

bool JsonWriter::key_string(std::string_view key) {
  if (!quoted(key)) return false;
  *out_.grow(1) = std::byte{':'};
  comma_due_ = false;
  return true;
}

bool JsonWriter::end_map() {
  return close('}');
}

bool JsonWriter::begin_struct(const TypeShape&, std::size_t) {
  return open('{');
}

bool JsonWriter::field(const Field& field) {
  if (field.renamed) return key_string(field.name);
  const std::string_view name = field.name;  // an identifier: nothing in it to escape
  char* at = start(name.size() + 3);
  *at++ = '"';
  at = reinterpret_cast<char*>(copy_bytes(at, name.data(), name.size()));
  *at++ = '"';
  *at++ = ':';
  finish(at);
  comma_due_ = false;
  return true;
}

bool JsonWriter::end_struct() {
  return close('}');
}

char* JsonWriter::start(std::size_t size) {
  auto* at = reinterpret_cast<char*>(out_.grow(size + 1));
  *at = ',';
  return at + (comma_due_ ? 1 : 0);
}

void JsonWriter::finish(char* end) {
  out_.truncate(static_cast<std::size_t>(end - reinterpret_cast<char*>(out_.data())));
  comma_due_ = true;
}

bool JsonWriter::open(char bracket) {
  char* at = start(1);
  *at++ = bracket;
  finish(at);
  comma_due_ = false;
  return true;
}

bool JsonWriter::close(char bracket) {
  *out_.grow(1) = static_cast<std::byte>(bracket);
  comma_due_ = true;
  return true;
}

// Room is made for many numbers at once, and for no more than a few that are longer than most.
template <typename T>
bool JsonWriter::numbers(std::span<const T> values) {
  constexpr std::size_t kAtOnce = 32;
  open('[');
  for (std::size_t i = 0; i < values.size();) {
    const std::size_t stop = std::min(values.size(), i + kAtOnce);
    auto* at = reinterpret_cast<char*>(out_.grow((stop - i) * (kLongestNumber + 1)));
    for (; i < stop; ++i) {
      if constexpr (std::is_floating_point_v<T>) {
        if (!std::isfinite(values[i])) {
          floating(values[i]);
          failure().at_index(i);
          return false;
        }
      }
      *at = ',';
      at += i == 0 ? 0 : 1;
      at = std::to_chars(at, at + kLongestNumber, values[i]).ptr;
    }
    finish(at);
  }
  return close(']');
}

template <typename T>
bool JsonWriter::wide_number(T value) {
  constexpr T kLargestExact = (T{1} << std::numeric_limits<double>::digits) - 1;
  bool exact = value <= kLargestExact;
  if constexpr (std::is_signed_v<T>) exact = exact && value >= -kLargestExact;
  if (!quotes_large_ || exact) return number(value);
  std::array<char, kLongestNumber> text;
  char* const end = std::to_chars(text.data(), text.data() + text.size(), value).ptr;
  return quoted({text.data(), static_cast<std::size_t>(end - text.data())});
}

template <typename T>
bool JsonWriter::number(T value) {
  char* at = start(kLongestNumber);
  finish(std::to_chars(at, at + kLongestNumber, value).ptr);
  return true;
}

// The shortest text that reads back as the same value.
template <typename T>
bool JsonWriter::floating(T value) {
  if (!std::isfinite(value)) {
    const std::string_view name = std::isnan(value) ? "NaN" : value < 0 ? "-Inf" : "+Inf";
    return fail(std::string(name) + " has no form in JSON");
  }
  return number(value);
}

template <typename T>
bool JsonWriter::number_key(T value) {
  char* at = start(kLongestNumber + 3);
  *at++ = '"';
  at = std::to_chars(at, at + kLongestNumber, value).ptr;
  *at++ = '"';
  *at++ = ':';
  finish(at);
  comma_due_ = false;
  return true;
}

bool JsonWriter::quoted(std::string_view text) {
  char* at = start(text.size() + 2);
  *at++ = '"';
  const std::size_t plain = plain_prefix(text);
  if (plain == text.size()) [[likely]] {
    at = reinterpret_cast<char*>(copy_bytes(at, text.data(), text.size()));
    *at++ = '"';
    finish(at);
    return true;
  }
  finish(at);
  if (!is_utf8(text)) {
    return fail("string " + codec::quoted(text) + " is not UTF-8; use bytes for what is not text");
  }
  escaped(text);
  out_.push_back(std::byte{'"'});
  return true;
}

void JsonWriter::escaped(std::string_view text) {
  constexpr std::size_t kLongestEscape = 6;
  for (;;) {
    const std::size_t run = string_run(text);
    out_.append(text.substr(0, run));
    if (run == text.size()) return;
    auto* at = reinterpret_cast<char*>(out_.grow(kLongestEscape));
    const char* end = write_escape(static_cast<unsigned char>(text[run]), at);
    out_.truncate(static_cast<std::size_t>(end - reinterpret_cast<char*>(out_.data())));
    text.remove_prefix(run + 1);
  }
}

}  // namespace tern::codec
