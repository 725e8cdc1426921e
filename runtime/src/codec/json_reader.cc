#include "codec/json_reader.h"

#include <array>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>

#include "codec/base64.h"
#include "codec/json_number.h"
#include "codec/json_text.h"
#include "codec/rfc3339.h"
#include "codec/utf8.h"
#include "tern/codec/copy_bytes.h"

namespace tern::codec {
namespace {

bool same_but_for_case(std::string_view a, std::string_view b) {
  if (a.size() != b.size()) return false;
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (lower(a[i]) != lower(b[i])) return false;
  }
  return true;
}

// To the letter if a field is called that, otherwise without regard to ASCII case; the number of
// fields if none is.
std::size_t find_field(std::span<const FieldShape> fields, std::string_view key) {
  for (std::size_t i = 0; i < fields.size(); ++i) {
    if (fields[i].field.name == key) return i;
  }
  for (std::size_t i = 0; i < fields.size(); ++i) {
    if (same_but_for_case(fields[i].field.name, key)) return i;
  }
  return fields.size();
}

template <typename T>
std::string integer_name(int bits) {
  return (std::is_unsigned_v<T> ? "uint" : "int") + std::to_string(bits);
}

}  // namespace

// ---- brackets

inline bool JsonReader::open(char bracket, std::string_view wanted_kind) {
  skip_space();
  if (take(bracket)) {
    place_ = Place::kFirst;
    return true;
  }
  place_ = Place::kNull;
  return take_null() || wanted(wanted_kind);
}

[[gnu::always_inline]] inline bool JsonReader::next(char bracket) {
  const Place place = place_;
  place_ = Place::kLater;
  if (place == Place::kNull) [[unlikely]]
    return false;
  skip_space();
  if (take(bracket)) return false;
  if (place == Place::kFirst || take(',')) return true;
  return wanted_here(bracket == ']' ? "a comma or ]" : "a comma or }");
}

JsonReader::JsonReader(ByteView in, const DecodeLimits& limits)
    : ValueReader(limits),
      start_(reinterpret_cast<const char*>(in.data())),
      at_(start_),
      end_(start_ + in.size()) {
  const std::size_t good = utf8_prefix(as_text(in));
  if (good != in.size()) {
    at_ = end_;
    fail("byte " + std::to_string(good) + " of the text is not UTF-8");
  } else if (as_text(in).starts_with("\xef\xbb\xbf")) {
    at_ = end_;
    fail("the text begins with a byte order mark; JSON has none");
  }
}

bool JsonReader::end() {
  if (!ok()) return false;
  skip_space();
  return at_ == end_ || wanted_here("the end of the text");
}

// ---- scalars

bool JsonReader::boolean(bool& out) {
  skip_space();
  if (take_word("true")) {
    out = true;
    return true;
  }
  out = false;
  return take_word("false") || take_null() || wanted("true or false");
}

bool JsonReader::integer(std::int64_t& out, int bits) {
  return take_integer(out, bits);
}

bool JsonReader::unsigned_integer(std::uint64_t& out, int bits) {
  return take_integer(out, bits);
}

bool JsonReader::float32(float& out) {
  return take_float(out);
}

bool JsonReader::float64(double& out) {
  return take_float(out);
}

bool JsonReader::string(std::string& out) {
  skip_space();
  if (peek() != '"') {
    out.clear();
    return take_null() || wanted("a string");
  }
  const std::size_t run = string_run(rest().substr(1));
  const char* close = at_ + 1 + run;
  if (close < end_ && *close == '"') {
    out.assign(at_ + 1, run);
    at_ = close + 1;
    return true;
  }
  return take_escaped_string(out);
}

bool JsonReader::bytes(std::vector<std::byte>& out) {
  skip_space();
  if (peek() != '"') {
    out.clear();
    return take_null() || wanted("a string of base64");
  }
  std::string_view text;
  if (!take_string(text)) return false;
  return read_base64(text, out) || fail("expected base64, got " + quoted(text));
}

bool JsonReader::timestamp(Timestamp& out) {
  skip_space();
  if (peek() != '"') {
    out = {};
    return take_null() || wanted("a time in RFC 3339");
  }
  std::string_view text;
  if (!take_string(text)) return false;
  return read_rfc3339(text, out) ||
         fail("expected a time in RFC 3339 between 1677-09-21 and 2262-04-11, got " + quoted(text));
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

// ---- lists, maps, structs

bool JsonReader::begin_list(std::size_t& count) {
  count = 0;
  return open('[', "a list");
}

bool JsonReader::next_element() {
  return next(']');
}

bool JsonReader::begin_map(std::size_t& count) {
  count = 0;
  return open('{', "an object");
}

bool JsonReader::next_entry() {
  return next('}');
}

bool JsonReader::key_boolean(bool& out) {
  std::string_view key;
  if (!take_key(key)) return false;
  out = key == "true";
  return out || key == "false" || fail("expected a key true or false, got " + quoted(key));
}

bool JsonReader::key_integer(std::int64_t& out, int bits) {
  std::string_view key;
  return take_key(key) && integer_of(key, out, bits);
}

bool JsonReader::key_unsigned(std::uint64_t& out, int bits) {
  std::string_view key;
  return take_key(key) && integer_of(key, out, bits);
}

bool JsonReader::key_string(std::string& out) {
  std::string_view key;
  if (!take_key(key)) return false;
  out = key;
  return true;
}

bool JsonReader::begin_struct(const TypeShape&) {
  return open('{', "an object");
}

bool JsonReader::next_field(const TypeShape& shape, std::size_t& index) {
  const std::span<const FieldShape> fields = shape.fields;
  while (next('}')) {
    // Most senders keep our order. A given name may hold what is escaped in the text.
    const std::size_t guess = index + 1;
    bool found = guess < fields.size() && !fields[guess].field.renamed;
    if (found) {
      skip_space();
      const std::string_view name = fields[guess].field.name;
      const std::string_view text = rest();
      found = text.size() >= name.size() + 2 && text[0] == '"' && text[name.size() + 1] == '"' &&
              same_bytes(text.data() + 1, name.data(), name.size());
      if (found) {
        at_ += name.size() + 2;
        index = guess;
        if (!take_colon()) return false;
      }
    }
    std::string_view key;
    if (!found) {
      if (!take_key(key)) return false;
      const std::size_t field = find_field(fields, key);
      found = field < fields.size();
      if (found) index = field;
    }
    if (found) {
      skip_space();
      if (peek() != 'n') return true;
      // A field that is null is as good as not there.
      if (take_null()) continue;
      wanted("a value");
      failure().at_field(fields[index].field.name);
      return false;
    }
    const std::string name(key);
    if (!skip_value()) {
      failure().at_field(name);
      return false;
    }
  }
  return false;
}

// ---- strings

bool JsonReader::take_string(std::string_view& out) {
  const std::size_t run = string_run(rest().substr(1));
  const char* close = at_ + 1 + run;
  if (close < end_ && *close == '"') {
    out = {at_ + 1, run};
    at_ = close + 1;
    return true;
  }
  if (!take_escaped_string(scratch_)) return false;
  out = scratch_;
  return true;
}

// ---- numbers

// Numbers of up to 16 digits need no look at the range.
template <typename T>
inline bool JsonReader::take_integer(T& out, int bits) {
  skip_space();
  const bool negative = at_ < end_ && *at_ == '-';
  const char* const start = at_ + (negative ? 1 : 0);
  const char* first = start;
  std::array<char, 17> last;
  const auto left = static_cast<std::size_t>(end_ - start);
  if (left < last.size()) [[unlikely]] {
    last.fill('\0');
    copy_bytes(last.data(), start, left);
    first = last.data();
  }
  DigitRun run = leading_digits(first);
  if (run.count == 8) {
    const DigitRun more = leading_digits(first + 8);
    run.value = run.value * kPowersOfTen[more.count] + more.value;
    run.count += more.count;
  }
  const char after = first[run.count];
  if (run.count == 0 || (*first == '0' && run.count > 1) || is_digit(after) || after == '.' ||
      lower(after) == 'e' || (negative && std::is_unsigned_v<T>)) [[unlikely]] {
    return take_integer_slowly(out, bits);
  }
  const T magnitude = static_cast<T>(run.value);
  out = negative ? T{0} - magnitude : magnitude;
  at_ = start + run.count;
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

template <typename T>
bool JsonReader::take_float(T& out) {
  skip_space();
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

// ---- structure

bool JsonReader::take_key(std::string_view& key) {
  skip_space();
  if (peek() != '"') return wanted_here("a key");
  return take_string(key) && take_colon();
}

}  // namespace tern::codec
