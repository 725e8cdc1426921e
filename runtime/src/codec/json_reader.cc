#include "codec/json_reader.h"

#include <array>
#include <bit>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>

#include "base/ascii.h"
#include "codec/base64.h"
#include "codec/json_number.h"
#include "codec/json_text.h"
#include "codec/rfc3339.h"
#include "codec/utf8.h"
#include "tern/codegen/copy_bytes.h"

namespace tern::codec {
namespace {

// To the letter if a field is called that, otherwise without regard to ASCII case; the number of
// fields if none is.
std::size_t find_field(std::span<const FieldShape> fields, std::string_view key) {
  for (std::size_t i = 0; i < fields.size(); ++i) {
    if (fields[i].field.name == key) return i;
  }
  for (std::size_t i = 0; i < fields.size(); ++i) {
    if (base::equal_ignoring_case(fields[i].field.name, key)) return i;
  }
  return fields.size();
}

// A quote and a colon, as load() gives them.
constexpr std::uint16_t kKeyEnd = std::endian::native == std::endian::little ? 0x3a22 : 0x223a;

}  // namespace

JsonReader::JsonReader(ByteView in, const DecodeLimits& limits)
    : ValueReader(limits),
      start_(reinterpret_cast<const char*>(in.data())),
      at_(start_),
      end_(start_ + in.size()) {
  bound_memory(in.size());
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

bool JsonReader::string(std::string& out) {
  skip_space();
  if (peek() != '"') {
    out.clear();
    return take_null() || wanted("a string");
  }
  const std::size_t run = string_run(rest().substr(1));
  const char* close = at_ + 1 + run;
  if (close < end_ && *close == '"') {
    if (out.size() == run) {
      copy_bytes(out.data(), at_ + 1, run);
    } else {
      out.assign(at_ + 1, run);
    }
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

bool JsonReader::key_string(std::string& out) {
  std::string_view key;
  if (!take_key(key)) return false;
  out = key;
  return true;
}

bool JsonReader::begin_struct(const TypeShape&) {
  return open('{', "an object");
}

// Most senders keep our order and write no spaces. A given name may hold what is escaped in the
// text. What is rare is left to a function apart, so that this one has nothing to keep over a call.
bool JsonReader::next_field(const TypeShape& shape, std::size_t& index) {
  const std::size_t guess = index + 1;
  const Place place = place_;
  if (guess < shape.fields.size()) [[likely]] {
    const Field& field = shape.fields[guess].field;
    const std::size_t size = field.name.size();
    const char* const key = at_ + (place == Place::kLater ? 1 : 0);
    if (size <= kShortText && !field.renamed && static_cast<std::size_t>(end_ - at_) > size + 4 &&
        (place == Place::kLater ? *at_ == ',' : place == Place::kFirst) && *key == '"' &&
        same_short_text(key + 1, field.name.data(), size) &&
        load<std::uint16_t>(key + 1 + size) == kKeyEnd) [[likely]] {
      const char value = key[size + 3];
      if (value > ' ' && value != 'n') [[likely]] {
        at_ = key + size + 3;
        place_ = Place::kLater;
        index = guess;
        return true;
      }
    }
  } else if (place == Place::kLater && peek() == '}') {
    ++at_;
    return false;
  }
  return next_field_apart(shape, index);
}

[[gnu::noinline]] bool JsonReader::next_field_apart(const TypeShape& shape, std::size_t& index) {
  return next('}') && find_next_field(shape, index);
}

// The text is at a key, whichever it is.
bool JsonReader::find_next_field(const TypeShape& shape, std::size_t& index) {
  do {
    std::string_view key;
    if (!take_key(key)) return false;
    const std::size_t field = find_field(shape.fields, key);
    if (field < shape.fields.size()) {
      index = field;
      skip_space();
      if (peek() != 'n') return true;
      // A field that is null is as good as not there.
      if (take_null()) continue;
      wanted("a value");
      failure().at_field(shape.fields[field].field.name);
      return false;
    }
    const std::string name(key);
    if (!skip_value()) {
      failure().at_field(name);
      return false;
    }
  } while (next('}'));
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

// ---- structure

bool JsonReader::take_key(std::string_view& key) {
  skip_space();
  if (peek() != '"') return wanted_here("a key");
  return take_string(key) && take_colon();
}

}  // namespace tern::codec
