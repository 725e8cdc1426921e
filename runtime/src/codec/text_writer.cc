#include "codec/text_writer.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <ostream>

#include "base/ascii.h"
#include "base/duration_text.h"
#include "codec/rfc3339.h"
#include "codec/utf8.h"
#include "tern/codegen/type_ops_of.h"
#include "tern/print.h"

namespace tern::codec {
namespace {

constexpr std::string_view kDigits = "0123456789abcdef";

// A name that was given by [name = "…"] can be anything.
bool is_word(std::string_view name) {
  return std::all_of(name.begin(), name.end(),
                     [](char c) { return base::is_alphanumeric(c) || c == '_'; });
}

}  // namespace

std::string& TextWriter::start() {
  if (comma_due_) out_ += ", ";
  return out_;
}

bool TextWriter::open(char bracket) {
  start() += bracket;
  comma_due_ = false;
  return true;
}

bool TextWriter::close(char bracket) {
  out_ += bracket;
  return finish();
}

bool TextWriter::colon() {
  out_ += ": ";
  comma_due_ = false;
  return true;
}

template <typename T>
bool TextWriter::number(T value) {
  std::array<char, 32> text;
  char* const end = std::to_chars(text.data(), text.data() + text.size(), value).ptr;
  start().append(text.data(), end);
  return finish();
}

bool TextWriter::boolean(bool value) {
  start() += value ? "true" : "false";
  return finish();
}
bool TextWriter::integer(std::int64_t value) {
  return number(value);
}
bool TextWriter::unsigned_integer(std::uint64_t value) {
  return number(value);
}
bool TextWriter::float32(float value) {
  return number(value);
}
bool TextWriter::float64(double value) {
  return number(value);
}

bool TextWriter::string(std::string_view value) {
  append_quoted(start(), value);
  return finish();
}

bool TextWriter::bytes(ByteView value) {
  constexpr std::size_t kShown = 32;
  start().append(std::to_string(value.size())).append(value.size() == 1 ? " byte" : " bytes");
  const ByteView shown = value.first(std::min(value.size(), kShown));
  for (std::size_t i = 0; i < shown.size(); ++i) {
    const auto byte = std::to_integer<unsigned>(shown[i]);
    out_ += {i == 0 ? ' ' : '-', kDigits[byte >> 4], kDigits[byte & 15]};
  }
  if (shown.size() < value.size()) out_ += "...";
  return finish();
}

bool TextWriter::timestamp(Timestamp value) {
  std::array<char, kRfc3339Size> text;
  const char* const end = write_rfc3339(value, text.data());
  start().append(text.data(), static_cast<std::size_t>(end - text.data()));
  return finish();
}

bool TextWriter::duration(Duration value) {
  start() += base::duration_text(value);
  return finish();
}

bool TextWriter::enumerator(std::int32_t value, std::string_view name) {
  if (name.empty()) return number(value);
  start() += name;
  return finish();
}

bool TextWriter::field(const Field& field) {
  if (is_word(field.name)) {
    start() += field.name;
  } else {
    append_quoted(start(), field.name);
  }
  return colon();
}

void print_value(const TypeOps& type, const void* value, std::string& out) {
  TextWriter writer(out);
  (void)type.write(value, writer);
}

}  // namespace tern::codec

namespace tern {

std::string print(const TypeOps& type, const void* value) {
  std::string text;
  type.print(type, value, text);
  return text;
}

std::ostream& print(std::ostream& out, const TypeOps& type, const void* value) {
  return out << print(type, value);
}

}  // namespace tern
