// Reads a value from JSON text, in one pass and without memory of its own. docs/codecs.md says what
// each type takes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "tern/buffer.h"
#include "tern/walk.h"

namespace tern::codec {

class JsonReader final : public ValueReader {
 public:
  // `in` must outlive this. A failure may already be there: text that is not UTF-8.
  JsonReader(ByteView in, const DecodeLimits& limits);

  // To be called after the value: nothing but white space may follow it.
  bool end();
  // Passes over one value of any kind, checked like one that is wanted, and gives its text.
  bool raw_value(std::string_view& text);

  bool boolean(bool& out) override;
  bool integer(std::int64_t& out, int bits) override;
  bool unsigned_integer(std::uint64_t& out, int bits) override;
  bool float32(float& out) override;
  bool float64(double& out) override;
  bool string(std::string& out) override;
  bool bytes(std::vector<std::byte>& out) override;
  bool timestamp(Timestamp& out) override;
  bool duration(Duration& out) override;
  bool enumerator(std::int32_t& value, std::string_view& name) override;

  bool begin_list(std::size_t& count) override;
  bool next_element() override;
  bool list(std::vector<std::int32_t>& out) override;
  bool list(std::vector<std::int64_t>& out) override;
  bool list(std::vector<std::uint32_t>& out) override;
  bool list(std::vector<std::uint64_t>& out) override;
  bool list(std::vector<float>& out) override;
  bool list(std::vector<double>& out) override;

  bool begin_map(std::size_t& count) override;
  bool next_entry() override;
  bool key_boolean(bool& out) override;
  bool key_integer(std::int64_t& out, int bits) override;
  bool key_unsigned(std::uint64_t& out, int bits) override;
  bool key_string(std::string& out) override;

  bool begin_struct(const TypeShape& shape) override;
  bool next_field(const TypeShape& shape, std::size_t& index) override;

 private:
  // What next_element and its like find before them.
  enum class Place : std::uint8_t { kFirst, kLater, kNull };

  // Tokens.
  void skip_space();
  // The character at hand, 0 at the end of the text: no token begins with it.
  char peek() const { return at_ < end_ ? *at_ : '\0'; }
  bool take(char c);
  bool take_word(std::string_view word);
  bool take_null();
  std::string_view rest() const { return {at_, static_cast<std::size_t>(end_ - at_)}; }

  // Strings. A view is into the text, or into scratch_ if there were escapes.
  bool take_string(std::string_view& out);
  bool take_escaped_string(std::string& out);
  bool take_escape(std::string& out);
  bool take_four_digits(char32_t& out);

  // Numbers.
  template <typename T>
  bool take_integer(T& out, int bits);
  template <typename T>
  [[gnu::cold]] bool take_integer_slowly(T& out, int bits);
  template <typename T>
  bool take_float(T& out);
  template <typename T>
  bool take_float_slowly(T& out);
  template <typename T>
  bool take_list(std::vector<T>& out);
  template <typename T>
  bool take_list_apart(std::vector<T>& out, std::size_t size, bool more);
  template <typename T>
  bool take_element(T& out);
  template <typename T>
  bool take_plain_integers(std::span<T> out, std::size_t& count);
  template <typename T>
  bool integer_of(std::string_view text, T& out, int bits);

  // Structure.
  bool open(char bracket, std::string_view wanted);
  bool next(char bracket);
  bool take_key(std::string_view& key);
  bool take_colon();
  bool next_field_apart(const TypeShape& shape, std::size_t& index);
  bool find_next_field(const TypeShape& shape, std::size_t& index);
  bool skip_value();
  bool skip_one(std::string& open_brackets);
  bool close_skipped(std::string& open_brackets);

  // Failures.
  [[gnu::cold]] bool wanted(std::string_view what);
  [[gnu::cold]] bool wanted_here(std::string_view what);
  std::string token() const;

  const char* start_;
  const char* at_;
  const char* end_;
  Place place_ = Place::kLater;
  std::string scratch_;
};

inline void JsonReader::skip_space() {
  if (at_<end_&& * at_> ' ') [[likely]]
    return;
  while (at_ < end_ && (*at_ == ' ' || *at_ == '\n' || *at_ == '\t' || *at_ == '\r')) ++at_;
}

inline bool JsonReader::take(char c) {
  if (at_ == end_ || *at_ != c) return false;
  ++at_;
  return true;
}

inline bool JsonReader::take_word(std::string_view word) {
  if (!rest().starts_with(word)) return false;
  at_ += word.size();
  return true;
}

inline bool JsonReader::take_null() {
  return take_word("null");
}

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

inline bool JsonReader::take_colon() {
  skip_space();
  return take(':') || wanted_here("a colon");
}

}  // namespace tern::codec
