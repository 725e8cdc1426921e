#include "line_reader.h"

#include <algorithm>
#include <charconv>
#include <cstddef>

namespace {

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return -1;
}

// The bracket that ends what `value` begins; 0 if it begins nothing.
char closing(std::string_view value) {
  if (value == "{") return '}';
  if (value == "[") return ']';
  if (value == "(") return ')';
  return 0;
}

// The bracket that `line` opens, alone or behind a field's name. A string ends with its quote.
char opened_by(std::string_view line) {
  return closing(line.substr(line.find_last_of(' ') + 1));
}

}  // namespace

bool LineReader::at_end() {
  if (rest_.empty()) return true;
  return fail("text behind the end of the value");
}

bool LineReader::boolean(bool& out) {
  std::string_view value;
  if (!take(value)) return false;
  if (value != "true" && value != "false") return unexpected("true or false", value);
  out = value == "true";
  return true;
}

bool LineReader::integer(std::int64_t& out, int /*bits*/) {
  return number(out, "an integer");
}

bool LineReader::unsigned_integer(std::uint64_t& out, int /*bits*/) {
  return number(out, "an integer without a sign");
}

bool LineReader::float32(float& out) {
  return number(out, "a number");
}
bool LineReader::float64(double& out) {
  return number(out, "a number");
}

bool LineReader::timestamp(tern::Timestamp& out) {
  std::int64_t nanoseconds = 0;
  if (!number(nanoseconds, "nanoseconds since 1970")) return false;
  out = tern::Timestamp(tern::Duration(nanoseconds));
  return true;
}

bool LineReader::duration(tern::Duration& out) {
  std::int64_t nanoseconds = 0;
  if (!number(nanoseconds, "nanoseconds")) return false;
  out = tern::Duration(nanoseconds);
  return true;
}

bool LineReader::string(std::string& out) {
  std::string_view value;
  if (!take(value)) return false;
  if (value.size() < 2 || value.front() != '"' || value.back() != '"') {
    return unexpected("a string in quotes", value);
  }
  out.clear();
  bool escaped = false;
  for (char c : value.substr(1, value.size() - 2)) {
    if (!escaped && c == '\\') {
      escaped = true;
      continue;
    }
    if (!escaped && c == '"') return unexpected("\\\" inside a string", value);
    out += escaped && c == 'n' ? '\n' : c;
    escaped = false;
  }
  return escaped ? unexpected("a string in quotes", value) : true;
}

bool LineReader::bytes(std::vector<std::byte>& out) {
  std::string_view value;
  if (!take(value)) return false;
  if (!value.starts_with("0x") || value.size() % 2 != 0) {
    return unexpected("0x and pairs of hexadecimal digits", value);
  }
  out.clear();
  for (std::size_t i = 2; i < value.size(); i += 2) {
    int high = hex_digit(value[i]);
    int low = hex_digit(value[i + 1]);
    if (high < 0 || low < 0) return unexpected("0x and pairs of hexadecimal digits", value);
    out.push_back(static_cast<std::byte>(high * 16 + low));
  }
  return true;
}

bool LineReader::enumerator(std::int32_t& value, std::string_view& name) {
  std::string_view text;
  if (!take(text)) return false;
  bool number_comes = !text.empty() && (text[0] == '-' || (text[0] >= '0' && text[0] <= '9'));
  if (!number_comes) {
    name = text;
    return true;
  }
  behind_name_ = text;
  return number(value, "an enumerator's name or number");
}

bool LineReader::begin_list(std::size_t& count) {
  count = 0;  // the format does not say
  return expect("[");
}

bool LineReader::begin_map(std::size_t& count) {
  count = 0;
  return expect("(");
}

bool LineReader::begin_struct(const tern::TypeShape& /*shape*/) {
  return expect("{");
}

bool LineReader::next_field(const tern::TypeShape& shape, std::size_t& index) {
  std::string_view line;
  while (take_line(line)) {
    if (line == "}") return false;
    std::size_t space = line.find(' ');
    if (space == std::string_view::npos) return unexpected("a field's name and value, or }", line);
    std::string_view name = line.substr(0, space);
    std::string_view value = line.substr(space + 1);

    // Fields mostly come in their order: look behind the last one first (kNoField + 1 is 0).
    for (std::size_t step = 1; step <= shape.fields.size(); ++step) {
      std::size_t candidate = (index + step) % shape.fields.size();
      if (shape.fields[candidate].field.name != name) continue;
      index = candidate;
      behind_name_ = value;
      return true;
    }
    if (!skip(value)) return false;
  }
  return false;
}

template <typename Number>
bool LineReader::number(Number& out, std::string_view what) {
  std::string_view value;
  if (!take(value)) return false;
  const char* end = value.data() + value.size();
  std::from_chars_result read = std::from_chars(value.data(), end, out);
  if (read.ec != std::errc() || read.ptr != end) return unexpected(what, value);
  return true;
}

bool LineReader::expect(std::string_view bracket) {
  std::string_view value;
  if (!take(value)) return false;
  return value == bracket ? true : unexpected(bracket, value);
}

bool LineReader::take(std::string_view& value) {
  if (!behind_name_) return take_line(value);
  value = *behind_name_;
  behind_name_.reset();
  return true;
}

bool LineReader::take_line(std::string_view& line) {
  std::size_t end = rest_.find('\n');
  if (end == std::string_view::npos) return fail("the text ends in the middle of the value");
  line = rest_.substr(0, end);
  rest_.remove_prefix(end + 1);
  line.remove_prefix(std::min(line.find_first_not_of(' '), line.size()));
  return true;
}

bool LineReader::at_bracket(std::string_view bracket) {
  std::string_view line;
  if (!take_line(line) || line == bracket) return true;
  behind_name_ = line;
  return false;
}

bool LineReader::skip(std::string_view value) {
  std::string open;  // the brackets that are still to come, the innermost last
  if (char bracket = closing(value)) open += bracket;
  if (!open.empty() && !enter()) return false;
  std::string_view line;
  while (!open.empty()) {
    if (!take_line(line)) return false;
    if (line == std::string_view(&open.back(), 1)) {
      open.pop_back();
      leave();
    } else if (char bracket = opened_by(line)) {
      if (!enter()) return false;
      open += bracket;
    }
  }
  return true;
}

bool LineReader::unexpected(std::string_view what, std::string_view got) {
  constexpr std::size_t kShown = 40;
  std::string text =
      "expected " + std::string(what) + ", got " + std::string(got.substr(0, kShown));
  return fail(got.size() > kShown ? text + "..." : text);
}
