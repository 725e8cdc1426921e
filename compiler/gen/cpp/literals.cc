#include "compiler/gen/cpp/literals.h"

#include <array>
#include <charconv>
#include <cstdint>
#include <limits>

#include "compiler/base/utf8.h"

namespace rpcgen::cpp {
namespace {

using model::TypeKind;

std::string integer(std::int64_t value) {
  // -2^63 is not a literal: it would be the negation of one that is too large.
  if (value == std::numeric_limits<std::int64_t>::min()) return "INT64_MIN";
  return std::to_string(value);
}

std::string unsigned_integer(std::uint64_t value) {
  constexpr std::uint64_t kSigned = std::numeric_limits<std::int32_t>::max();
  return std::to_string(value) + (value > kSigned ? "u" : "");
}

// The shortest text that reads back as the same number.
template <typename Float>
std::string floating(Float value) {
  std::array<char, 64> buffer{};
  auto [end, error] = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value);
  std::string text(buffer.data(), end);
  if (text.find_first_of(".e") == std::string::npos) text += ".0";
  return text;
}

// Three digits a byte: a digit that follows is not taken for a part of the escape.
void append_octal(std::string& out, std::string_view bytes) {
  for (char c : bytes) {
    auto byte = static_cast<unsigned char>(c);
    out += '\\';
    out += static_cast<char>('0' + (byte >> 6));
    out += static_cast<char>('0' + (byte >> 3 & 7));
    out += static_cast<char>('0' + (byte & 7));
  }
}

struct Unit {
  std::int64_t nanoseconds;
  std::string_view type;
  std::string_view symbol;
};

// The largest unit of which `value` is a whole number.
const Unit& unit_of(std::chrono::nanoseconds value) {
  static constexpr std::array<Unit, 6> kUnits{{
      {3'600'000'000'000, "hours", "h"},
      {60'000'000'000, "minutes", "min"},
      {1'000'000'000, "seconds", "s"},
      {1'000'000, "milliseconds", "ms"},
      {1'000, "microseconds", "us"},
      {1, "nanoseconds", "ns"},
  }};
  for (const Unit& unit : kUnits) {
    if (value.count() != 0 && value.count() % unit.nanoseconds == 0) return unit;
  }
  return kUnits.back();
}

struct LiteralWriter {
  const model::Type& type;
  const Names& names;
  const NameSet& hidden;

  std::string operator()(bool value) const { return value ? "true" : "false"; }
  std::string operator()(std::int64_t value) const { return integer(value); }
  std::string operator()(std::uint64_t value) const { return unsigned_integer(value); }
  std::string operator()(double value) const {
    if (type.kind == TypeKind::kFloat) return floating(static_cast<float>(value)) + "f";
    return floating(value);
  }
  std::string operator()(const std::string& value) const { return quoted(value); }
  std::string operator()(std::chrono::nanoseconds value) const { return duration(value); }
  std::string operator()(const model::EnumValue* value) const {
    return names.declared(*type.enumeration, hidden) + "::" + value->cpp_name;
  }
};

}  // namespace

std::string literal(const model::Value& value, const model::Type& type, const Names& names,
                    const NameSet& hidden) {
  return std::visit(LiteralWriter{type, names, hidden}, value);
}

std::string quoted(std::string_view text) {
  std::string out = "\"";
  for (std::size_t at = 0; at < text.size();) {
    const CodePoint point = decode_utf8(text.substr(at));
    const std::string_view bytes = text.substr(at, point.size);
    at += point.size;
    if (point.value == '"' || point.value == '\\') {
      out += '\\';
      out += bytes;
    } else if (point.value == '?' && out.ends_with('?')) {
      out += "\\?";  // two in a row may begin a trigraph
    } else if (point.value == '\n') {
      out += "\\n";
    } else if (point.value == '\t') {
      out += "\\t";
    } else if (point.value < 0x20 || point.value == 0x7f || is_bidi_control(point.value)) {
      append_octal(out, bytes);
    } else {
      out += bytes;
    }
  }
  out += '"';
  return out;
}

std::string duration(std::chrono::nanoseconds value) {
  const Unit& unit = unit_of(value);
  return "std::chrono::" + std::string(unit.type) + "(" +
         integer(value.count() / unit.nanoseconds) + ")";
}

std::string duration_words(std::chrono::nanoseconds value) {
  const Unit& unit = unit_of(value);
  return std::to_string(value.count() / unit.nanoseconds) + " " + std::string(unit.symbol);
}

}  // namespace rpcgen::cpp
