// What the JSON reader rarely does: escapes, values that nobody wants, failures.
#include <string>
#include <string_view>

#include "codec/json_number.h"
#include "codec/json_reader.h"
#include "codec/json_text.h"
#include "codec/utf8.h"

namespace tern::codec {

bool JsonReader::take_escaped_string(std::string& out) {
  out.clear();
  ++at_;
  for (;;) {
    const std::size_t run = string_run(rest());
    out.append(at_, run);
    at_ += run;
    if (take('"')) return true;
    if (at_ == end_) return wanted_here("the quote that ends a string");
    if (*at_ != '\\') return wanted_here("an escape for a control character in a string");
    if (!take_escape(out)) return false;
  }
}

bool JsonReader::take_escape(std::string& out) {
  constexpr std::string_view kNames = "\"\\/bfnrt";
  constexpr std::string_view kMeanings = "\"\\/\b\f\n\r\t";
  ++at_;
  if (!take('u')) {
    const std::size_t which = at_ == end_ ? std::string_view::npos : kNames.find(*at_);
    if (which == std::string_view::npos) return wanted_here("one of \"\\/bfnrtu after a backslash");
    out.push_back(kMeanings[which]);
    ++at_;
    return true;
  }
  char32_t code = 0;
  if (!take_four_digits(code)) return false;
  if (code >= 0xd800 && code < 0xe000) {
    char32_t low = 0;
    if (code >= 0xdc00 || !take_word("\\u")) return wanted_here("both halves of a surrogate pair");
    if (!take_four_digits(low)) return false;
    if (low < 0xdc00 || low >= 0xe000) return wanted_here("both halves of a surrogate pair");
    code = 0x10000 + ((code - 0xd800) << 10) + (low - 0xdc00);
  }
  append_utf8(out, code);
  return true;
}

bool JsonReader::take_four_digits(char32_t& out) {
  out = 0;
  for (int i = 0; i < 4; ++i) {
    const int digit = base::hex_value(peek());
    if (digit < 0) return wanted_here("four hexadecimal digits");
    out = out * 16 + static_cast<char32_t>(digit);
    ++at_;
  }
  return true;
}

bool JsonReader::raw_value(std::string_view& text) {
  skip_space();
  const char* const begin = at_;
  if (!skip_value()) return false;
  text = {begin, static_cast<std::size_t>(at_ - begin)};
  return true;
}

// As strict as for a value that is wanted, and without recursion: a peer chooses what it sends.
bool JsonReader::skip_value() {
  std::string open_brackets;
  do {
    if (!skip_one(open_brackets) || !close_skipped(open_brackets)) return false;
  } while (!open_brackets.empty());
  return true;
}

// A scalar, or brackets up to the next scalar or a list or object without anything in it.
bool JsonReader::skip_one(std::string& open_brackets) {
  for (;;) {
    skip_space();
    const char c = peek();
    std::string_view ignored;
    if (c == '"') return take_string(ignored);
    if (c == '-' || base::is_digit(c)) {
      const std::size_t size = json_number_size(rest());
      at_ += size;
      return size != 0 || wanted("a number");
    }
    if (c != '[' && c != '{') {
      return take_word("true") || take_word("false") || take_null() || wanted("a value");
    }
    if (!enter()) return false;
    open_brackets.push_back(c);
    ++at_;
    skip_space();
    if (peek() == (c == '[' ? ']' : '}')) return true;
    if (c == '{' && !take_key(ignored)) return false;
  }
}

// After a value: the brackets that close, then the comma before the next value and its key.
bool JsonReader::close_skipped(std::string& open_brackets) {
  while (!open_brackets.empty()) {
    const bool list = open_brackets.back() == '[';
    skip_space();
    if (take(list ? ']' : '}')) {
      open_brackets.pop_back();
      leave();
      continue;
    }
    if (!take(',')) return wanted_here(list ? "a comma or ]" : "a comma or }");
    std::string_view ignored;
    return list || take_key(ignored);
  }
  return true;
}

bool JsonReader::wanted(std::string_view what) {
  return fail("expected " + std::string(what) + ", got " + token());
}

bool JsonReader::wanted_here(std::string_view what) {
  return fail("expected " + std::string(what) + ", got " + token() + " at byte " +
              std::to_string(at_ - start_));
}

// What stands at the place, for people.
std::string JsonReader::token() const {
  const std::string_view text = rest();
  if (text.empty()) return "the end of the text";
  if (text[0] == '"') return "string " + quoted(text.substr(1, string_run(text.substr(1))));
  if (text[0] == '[') return "a list";
  if (text[0] == '{') return "an object";
  if (text[0] == '-' || base::is_digit(text[0])) {
    constexpr std::size_t kShown = 40;
    const std::size_t size = text.find_first_not_of("-+.eE0123456789");
    const std::string_view number = text.substr(0, size);
    return std::string(number.substr(0, kShown)) + (number.size() > kShown ? "..." : "");
  }
  for (const std::string_view word : {"true", "false", "null"}) {
    if (text.starts_with(word)) return std::string(word);
  }
  return quoted(text.substr(0, 1));
}

}  // namespace tern::codec
