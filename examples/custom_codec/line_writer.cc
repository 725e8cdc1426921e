#include "line_writer.h"

#include <array>
#include <charconv>
#include <string>

// Enough for every number; the longest is a double: "-2.2250738585072014e-308".
template <typename Number>
bool LineWriter::number(Number value) {
  std::array<char, 32> text;
  std::to_chars_result end = std::to_chars(text.data(), text.data() + text.size(), value);
  return line({text.data(), end.ptr});
}

bool LineWriter::boolean(bool value) {
  return line(value ? "true" : "false");
}
bool LineWriter::integer(std::int64_t value) {
  return number(value);
}
bool LineWriter::unsigned_integer(std::uint64_t value) {
  return number(value);
}
bool LineWriter::float32(float value) {
  return number(value);
}
bool LineWriter::float64(double value) {
  return number(value);
}
bool LineWriter::timestamp(tern::Timestamp value) {
  return number(value.time_since_epoch().count());
}
bool LineWriter::duration(tern::Duration value) {
  return number(value.count());
}

bool LineWriter::string(std::string_view value) {
  std::string text = "\"";
  for (char c : value) {
    if (c == '\n') {
      text += "\\n";
      continue;
    }
    if (c == '"' || c == '\\') text += '\\';
    text += c;
  }
  return line(text + '"');
}

bool LineWriter::bytes(tern::ByteView value) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string text = "0x";
  for (std::byte byte : value) {
    text += kDigits[std::to_integer<std::size_t>(byte >> 4)];
    text += kDigits[std::to_integer<std::size_t>(byte & std::byte{15})];
  }
  return line(text);
}

bool LineWriter::enumerator(std::int32_t value, std::string_view name) {
  return name.empty() ? number(value) : line(name);
}

bool LineWriter::field(const tern::Field& field) {
  if (field.name.find_first_of(" \n") != std::string_view::npos) {
    return fail("a field's name with a space or a line break does not fit into a line");
  }
  indent();
  out_.append(field.name);
  out_.append(" ");
  behind_name_ = true;
  return true;
}

bool LineWriter::line(std::string_view value) {
  if (!behind_name_) indent();
  behind_name_ = false;
  out_.append(value);
  out_.append("\n");
  return true;
}

bool LineWriter::open(char bracket) {
  line({&bracket, 1});
  ++depth_;
  return true;
}

bool LineWriter::close(char bracket) {
  --depth_;
  return line({&bracket, 1});
}

void LineWriter::indent() {
  for (std::size_t level = 0; level < depth_; ++level) out_.append("  ");
}
